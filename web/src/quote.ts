// Quote: one price as `/stream` sends it, and the check of what came over the wire. Pure.

export interface Quote {
  readonly asset: string;
  readonly price: number;
  /** Percent since the last price before the day's roll; null when there is none. */
  readonly change: number | null;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** Null for anything that is not a quote: the page then shows what it had. */
export function parseQuote(data: string): Quote | null {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null) return null;
  const { asset, price, change, timestamp } = value as Record<string, unknown>;
  if (typeof asset !== "string" || asset === "") return null;
  if (typeof price !== "number" || typeof timestamp !== "string") return null;
  const time = Date.parse(timestamp);
  if (Number.isNaN(time)) return null;
  return { asset, price, change: typeof change === "number" ? change : null, time };
}
