// Money without rounding: decimals as whole numbers of 10^-18, and JSON whose numbers stay text.

const PLACES = 18;
export const ONE = 10n ** BigInt(PLACES);

/** '-12.5', 1e-05 or 3 as units of 10^-18. Throws on what has more decimals than that. */
export function units(decimal) {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(String(decimal));
  if (!match) throw new Error(`not a decimal: ${JSON.stringify(decimal)}`);
  const [, sign, whole, fraction = '', exponent = '0'] = match;
  const shift = PLACES - fraction.length + Number(exponent);
  let magnitude = BigInt(whole + fraction);
  if (shift >= 0) magnitude *= 10n ** BigInt(shift);
  else {
    const cut = 10n ** BigInt(-shift);
    if (magnitude % cut !== 0n) throw new Error(`more than ${PLACES} decimals: ${decimal}`);
    magnitude /= cut;
  }
  return sign ? -magnitude : magnitude;
}

/** The shortest text of it. */
export function decimal(value) {
  const magnitude = value < 0n ? -value : value;
  const fraction = String(magnitude % ONE)
    .padStart(PLACES, '0')
    .replace(/0+$/, '');
  return `${value < 0n ? '-' : ''}${magnitude / ONE}${fraction && `.${fraction}`}`;
}

/** a x b of two decimals that have at most 9 places each: exact. */
export function product(a, b) {
  const whole = a * b;
  if (whole % ONE !== 0n) throw new Error(`${decimal(a)} x ${decimal(b)} is not exact`);
  return whole / ONE;
}

/** a / b to the nearest, halves to even; b > 0. */
export function halfEven(a, b) {
  const floor = a >= 0n ? a / b : -((-a + b - 1n) / b);
  const twice = 2n * (a - floor * b);
  if (twice === b) return floor % 2n === 0n ? floor : floor + 1n;
  return twice > b ? floor + 1n : floor;
}

/** JSON whose numbers are given as their text, so that none is rounded. */
export const parseExact = (text) =>
  JSON.parse(
    text.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) =>
      token.startsWith('"') ? token : `"${token}"`,
    ),
  );
