// The closes of a run's symbols, for the curve of buying and holding.

import { listBars, type Timeframe } from "../api/market.ts";
import type { HeldBars } from "./hold.ts";

const PAGE = 10_000;
/** Beyond these the curve is not drawn: it is an ornament beside the figure. */
const BARS_MAX = 60_000;

interface Range {
  readonly from: string;
  readonly to: string;
}

/** Null: there are too many. */
export async function heldBars(
  symbols: readonly string[],
  timeframe: Timeframe,
  range: Range,
  signal: AbortSignal,
): Promise<HeldBars[] | null> {
  const all: HeldBars[] = [];
  let count = 0;
  for (const symbol of symbols) {
    const bars = new Map<number, number>();
    let { to } = range;
    for (;;) {
      // The newest come first, page by page towards the start.
      const filter = { timeframe, from: range.from, to, limit: PAGE };
      const page = (await listBars(symbol, filter, signal)).bars;
      const known = bars.size;
      for (const { time, close } of page) {
        const at = Date.parse(time) / 1000;
        if (time >= range.from && time <= range.to) bars.set(at, close);
      }
      count += page.length;
      if (page.length < PAGE || bars.size === known) break;
      if (count > BARS_MAX) return null;
      to = page[0]?.time ?? to;
    }
    const at = [...bars.keys()].sort((a, b) => a - b);
    all.push({ at, closes: at.map((time) => bars.get(time) ?? Number.NaN) });
  }
  return all;
}
