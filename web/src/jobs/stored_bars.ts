// Which bars the server has of a symbol: asked for the newest one of each timeframe.

import { listBars, type Timeframe } from "../api/market.ts";

export const TIMEFRAMES: readonly Timeframe[] = ["1d", "1h", "15m", "5m", "1m", "1s"];

export interface StoredBars {
  readonly symbol: string;
  /** Of each timeframe that there is, the time of the newest bar. */
  readonly newest: ReadonlyMap<Timeframe, string>;
}

/** Of a symbol that the server does not know. */
export const noBars = (symbol: string): StoredBars => ({ symbol, newest: new Map() });

/** Of a symbol that the server knows. */
export async function storedBars(symbol: string, signal: AbortSignal): Promise<StoredBars> {
  const newest = new Map<Timeframe, string>();
  await Promise.all(
    TIMEFRAMES.map(async (timeframe) => {
      const { bars } = await listBars(symbol, { timeframe, limit: 1 }, signal);
      const time = bars[0]?.time;
      if (time !== undefined) newest.set(timeframe, time);
    }),
  );
  return { symbol, newest };
}

/** What to know of a symbol's bars before a job is started on them; `lacking`: they are not there. */
export function barsWords(
  { symbol, newest }: StoredBars,
  timeframe: Timeframe,
): { words: string; lacking: boolean } {
  const last = newest.get(timeframe);
  if (last !== undefined) {
    return { words: `${symbol}: ${timeframe} bars up to ${last.slice(0, 10)}`, lacking: false };
  }
  const others = TIMEFRAMES.filter((each) => newest.has(each));
  const words =
    others.length === 0
      ? `${symbol}: no bars yet. Import a CSV file of it.`
      : `${symbol}: no ${timeframe} bars, only ${others.join(", ")}.`;
  return { words, lacking: true };
}
