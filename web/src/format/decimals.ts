// Decimal numbers as a person types them, checked and compared as text: what is typed goes to the
// server digit by digit, never through a float. Pure.

/** What is typed, in the form that the server takes: "1250.5". */
export interface TypedDecimal {
  /** Null: it is no number, `fault` says why. */
  readonly text: string | null;
  readonly fault: string | null;
}

export interface DecimalRules {
  /** How the field is called at the beginning of a sentence: "Quantity". */
  readonly name: string;
  /** The most digits after the point; the server's prices and quantities have 9. */
  readonly decimals?: number;
  readonly positive?: boolean;
  /** An empty field is all right; its text is "". */
  readonly optional?: boolean;
}

const WHOLE_DIGITS_MAX = 12;
const SHAPE = /^([+-]?)(\d*)(?:\.(\d*))?$/;

export function typedDecimal(typed: string, rules: DecimalRules): TypedDecimal {
  const fault = (words: string) => ({ text: null, fault: `${rules.name} ${words}` });
  const { decimals = 9 } = rules;
  // Thousands as the page itself writes them, and a minus sign out of a table.
  const text = typed.trim().replace("−", "-");
  if (text === "") return rules.optional ? { text: "", fault: null } : fault("is missing.");
  const plain = /^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$/.test(text) ? text.replaceAll(",", "") : text;
  const parts = SHAPE.exec(plain);
  const [, sign = "", whole = "", part = ""] = parts ?? [];
  if (parts === null || (whole === "" && part === "")) {
    return fault("must be a number such as 12.5, with a point before the decimals.");
  }
  const digits = whole.replace(/^0+(?=\d)/, "") || "0";
  if (digits.length > WHOLE_DIGITS_MAX) return fault("is too large.");
  const fraction = part.replace(/0+$/, "");
  if (fraction.length > decimals) {
    return fault(decimals === 0 ? "must be whole." : `has at most ${decimals} decimals.`);
  }
  const zero = digits === "0" && fraction === "";
  const negative = sign === "-" && !zero;
  if (rules.positive && (negative || zero)) return fault("must be more than 0.");
  const value = `${negative ? "-" : ""}${digits}${fraction === "" ? "" : `.${fraction}`}`;
  return { text: value, fault: null };
}

export function isDecimal(text: string): boolean {
  return /^-?\d+(\.\d+)?$/.test(text);
}

/** Below 0, 0 or above 0, as `a` is less than, equal to or more than `b`. Both are decimals. */
export function compareDecimals(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  if (left.negative !== right.negative) return left.negative ? -1 : 1;
  const magnitude = compareMagnitudes(left, right);
  return left.negative ? 0 - magnitude : magnitude;
}

interface Parts {
  readonly negative: boolean;
  readonly whole: string;
  readonly fraction: string;
}

function partsOf(text: string): Parts {
  if (!isDecimal(text)) throw new RangeError(`${text} is not a decimal number`);
  const [whole = "", fraction = ""] = text.replace("-", "").split(".");
  const parts = { whole: whole.replace(/^0+/, ""), fraction: fraction.replace(/0+$/, "") };
  const zero = parts.whole === "" && parts.fraction === "";
  return { ...parts, negative: text.startsWith("-") && !zero };
}

function compareMagnitudes(a: Parts, b: Parts): number {
  if (a.whole.length !== b.whole.length) return a.whole.length < b.whole.length ? -1 : 1;
  const [left, right] = [`${a.whole}.${a.fraction}`, `${b.whole}.${b.fraction}`];
  return left === right ? 0 : left < right ? -1 : 1;
}
