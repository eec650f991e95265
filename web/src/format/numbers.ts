// Numbers as the page shows them: fixed decimals, a real minus sign, and for gains and losses always
// sign and arrow, so that colour is never alone. Formatters are made once. Pure.

/** What is not known. */
export const NONE = "–";
const DECIMALS_MAX = 9;

const formats = new Map<string, Intl.NumberFormat>();

function formatOf(key: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat("en-US", options);
    formats.set(key, format);
  }
  return format;
}

function fixed(value: number, least: number, most = least): string {
  const options = { minimumFractionDigits: least, maximumFractionDigits: most };
  return formatOf(`${least}-${most}`, options).format(value).replace("-", "−");
}

/** What rounds to zero has no sign: "0.00", never "−0.00". */
function unsignedZero(text: string): string {
  return /[1-9]/.test(text) ? text : text.replace("−", "");
}

/** Decimals that a price needs: those of its shortest text, 2 to 9. */
export function decimalsOf(price: number): number {
  const [digits = "", exponent = "0"] = String(price).split("e");
  const fraction = digits.split(".")[1]?.length ?? 0;
  return Math.min(DECIMALS_MAX, Math.max(2, fraction - Number(exponent)));
}

/** Decimals of a tick such as 0.01 or "0.0001". */
export function decimalsOfTick(tick: number | string): number {
  const size = Number(tick);
  return size > 0 && Number.isFinite(size) ? decimalsOf(size) : 2;
}

/** Decimals to show a price with: the usual ones, but below 1 four significant digits at least. */
export function leastDecimals(price: number, usual = 2): number {
  const size = Math.abs(price);
  if (!(size > 0 && size < 1)) return usual;
  return Math.min(DECIMALS_MAX, Math.max(usual, 3 - Math.floor(Math.log10(size))));
}

/** 61837.5 with 2 decimals is "61,837.50". */
export function formatPrice(price: number | null, decimals = 2): string {
  return price === null || !Number.isFinite(price) ? NONE : fixed(price, decimals);
}

/** As many decimals as it has, at most 9: "1,250", "0.5". */
export function formatQuantity(quantity: number | null): string {
  return quantity === null || !Number.isFinite(quantity) ? NONE : fixed(quantity, 0, DECIMALS_MAX);
}

/** "$1,234.50", "−$5.00". */
export function formatMoney(amount: number | null, decimals = 2): string {
  if (amount === null || !Number.isFinite(amount)) return NONE;
  const text = unsignedZero(fixed(amount, decimals));
  return text.startsWith("−") ? `−$${text.slice(1)}` : `$${text}`;
}

/** "12K", "3.4M": for volumes. */
export function formatCompact(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return NONE;
  const small = Math.abs(value) < 1000;
  if (small) return fixed(value, 0, Math.abs(value) < 10 ? 4 : 1);
  return formatOf("compact", { notation: "compact", maximumFractionDigits: 2 }).format(value);
}

/** A fraction without sign: 0.0312 is "3.12 %". */
export function formatShare(fraction: number | null, decimals = 2): string {
  if (fraction === null || !Number.isFinite(fraction)) return NONE;
  return `${unsignedZero(fixed(fraction * 100, decimals))} %`;
}

/** A ratio such as Sharpe's. */
export function formatRatio(ratio: number | null, decimals = 2): string {
  return ratio === null || !Number.isFinite(ratio) ? NONE : unsignedZero(fixed(ratio, decimals));
}

export type Direction = "up" | "down" | "flat";

/** A gain or a loss: text with its sign, the arrow beside it, and what a screen reader says. */
export interface Change {
  readonly direction: Direction;
  readonly arrow: "▲" | "▼" | "";
  readonly text: string;
  readonly spoken: string;
}

const UNKNOWN: Change = { direction: "flat", arrow: "", text: NONE, spoken: "not known" };

function change(value: number, unsigned: string): Change {
  if (!/[1-9]/.test(unsigned)) {
    return { direction: "flat", arrow: "", text: unsigned, spoken: "unchanged" };
  }
  return value > 0
    ? { direction: "up", arrow: "▲", text: `+${unsigned}`, spoken: `up ${unsigned}` }
    : { direction: "down", arrow: "▼", text: `−${unsigned}`, spoken: `down ${unsigned}` };
}

/** 1.27 (percent, as quotes have it) is "+1.27 %". What rounds to zero is flat. */
export function formatPercentChange(percent: number | null, decimals = 2): Change {
  if (percent === null || !Number.isFinite(percent)) return UNKNOWN;
  return change(percent, `${fixed(Math.abs(percent), decimals)} %`);
}

/** 0.0127 (a fraction, as results have it) is "+1.27 %". */
export function formatFractionChange(fraction: number | null, decimals = 2): Change {
  return formatPercentChange(fraction === null ? null : fraction * 100, decimals);
}

/** 412.55 is "+$412.55". */
export function formatMoneyChange(amount: number | null, decimals = 2): Change {
  if (amount === null || !Number.isFinite(amount)) return UNKNOWN;
  return change(amount, `$${fixed(Math.abs(amount), decimals)}`);
}

/** Of a text that the server sent as a number in a string; NaN where it is none. For showing only. */
export function shown(text: string | number | null | undefined): number {
  if (typeof text === "number") return text;
  return text === null || text === undefined || text.trim() === "" ? Number.NaN : Number(text);
}
