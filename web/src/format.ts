// Numbers and times as the page shows them: fixed decimals, a real minus sign. Pure.

const DECIMALS_MAX = 8;

/** Decimals that a price needs: those of its shortest text, 2 to 8. */
export function decimalsOf(price: number): number {
  const [digits = "", exponent = "0"] = price.toString().split("e");
  const fraction = digits.split(".")[1]?.length ?? 0;
  return Math.min(DECIMALS_MAX, Math.max(2, fraction - Number(exponent)));
}

const formats = new Map<number, Intl.NumberFormat>();

/** 61837.5 with 2 decimals is "61,837.50". */
export function formatPrice(price: number, decimals: number): string {
  let format = formats.get(decimals);
  if (format === undefined) {
    format = new Intl.NumberFormat("en-US", {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    });
    formats.set(decimals, format);
  }
  return format.format(price).replace("-", "−");
}

export type Direction = "up" | "down" | "flat";

export interface Change {
  readonly direction: Direction;
  /** Said by form as well as by colour. */
  readonly arrow: string;
  readonly text: string;
}

/** What rounds to zero is flat. */
export function formatChange(change: number | null): Change {
  if (change === null) return { direction: "flat", arrow: "", text: "–" };
  const digits = Math.abs(change).toFixed(2);
  if (Number(digits) === 0) return { direction: "flat", arrow: "", text: "0.00 %" };
  return change > 0
    ? { direction: "up", arrow: "▲", text: `+${digits} %` }
    : { direction: "down", arrow: "▼", text: `−${digits} %` };
}

/** Time of day in the reader's own zone, 24 hours: "15:04:05". */
export function formatTime(time: number): string {
  const date = new Date(time);
  const two = (part: number) => part.toString().padStart(2, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
