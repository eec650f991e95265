// Known markets: a recorded file that the server replays, made by the test.

import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { temporaryFolder } from "../harness/folder.mjs";

export interface Tick {
  /** Seconds after the replay's begin. */
  readonly at: number;
  readonly symbol: string;
  readonly price: number;
  readonly bid: number;
  readonly ask: number;
}

export interface Market {
  readonly ticks: readonly Tick[];
  /** What follows the file of a replay: "speed=1", "speed=0,wait". */
  readonly replay: string;
}

export interface Known {
  /** The first price; the day's change counts from it. */
  readonly open: number;
  readonly price: number;
  readonly bid: number;
  readonly ask: number;
}

/** What `steady` shows unless a test says otherwise; AAPL has gained 1.26 %, TSLA lost 1.02 %. */
export const KNOWN: Readonly<Record<string, Known>> = {
  AAPL: { open: 185, price: 187.34, bid: 187.33, ask: 187.35 },
  TSLA: { open: 245, price: 242.5, bid: 242.45, ask: 242.55 },
  GOOGL: { open: 171.25, price: 171.25, bid: 171.2, ask: 171.3 },
  BTC: { open: 61000, price: 61837.5, bid: 61837, ask: 61838 },
  ETH: { open: 2500, price: 2531.75, bid: 2531.5, ask: 2532 },
};

const STEADY_S = 600;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Prices that stay as they are, told every second for ten minutes: a market that is alive. */
export function steady(known: Readonly<Record<string, Known>> = KNOWN): Tick[] {
  const symbols = Object.entries(known);
  const opens = symbols.map(([symbol, { open, bid, ask }]) => {
    const half = (ask - bid) / 2;
    return { at: 0, symbol, price: open, bid: open - half, ask: open + half };
  });
  const later = Array.from({ length: STEADY_S * 2 }, (_, i) =>
    symbols.map(([symbol, { price, bid, ask }]) => ({
      at: 0.1 + i / 2,
      symbol,
      price,
      bid,
      ask,
    })),
  );
  return [...opens, ...later.flat()];
}

/** The begin of a replay: now, or the next day's begin where the day would roll while a test runs. */
function beginOf(now: number): number {
  const tomorrow = (Math.floor(now / DAY_MS) + 1) * DAY_MS;
  return tomorrow - now < 15 * MINUTE_MS ? tomorrow : now;
}

/** A tick file (docs/replay-formats.md); gives its path. */
export function tickFile(ticks: readonly Tick[], name = "known.csv"): string {
  const begin = beginOf(Date.now());
  const rows = ticks.map(({ at, symbol, price, bid, ask }) => {
    const time = new Date(begin + at * 1000).toISOString();
    return [time, symbol, price, 10, bid.toFixed(4), ask.toFixed(4)].join(",");
  });
  const path = join(temporaryFolder(), name);
  writeFileSync(path, `${["time,symbol,price,size,bid,ask", ...rows].join("\n")}\n`);
  return path;
}
