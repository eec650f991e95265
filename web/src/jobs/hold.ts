// What the same cash would have become by buying and holding. Pure.

import { aligned, type Curve } from "./curve.ts";

export interface HeldBars {
  /** Seconds since 1970, ascending. */
  readonly at: readonly number[];
  readonly closes: readonly number[];
}

const CLOSE_ENOUGH = 1e-9;

/**
 * An equal part of `cash` in each symbol, bought at the close of the first bar at which the strategy
 * could decide. Which bar that is, the figure `result` (its buy_and_hold_return) tells: it is the
 * mean of last close / that close − 1. Null: no bar fits, as when the bars have changed since.
 */
export function holdCurve(
  symbols: readonly HeldBars[],
  cash: number,
  result: number | null,
): Curve | null {
  const start = startOf(symbols, result);
  if (start === null) return null;
  const parts = symbols.map(({ at, closes }) => {
    const bought = closes[start] ?? Number.NaN;
    const part = cash / symbols.length;
    return { at, values: [closes.map((close, i) => (i < start ? part : (part * close) / bought))] };
  });
  const { at, values } = aligned(parts);
  const sum = (i: number): number => {
    let total = 0;
    for (const [place, list] of values.entries()) {
      // A symbol that has not begun is cash still; one that has ended keeps its last value.
      const ended = i > 0 && (at[i] ?? 0) > (parts[place]?.at.at(-1) ?? 0);
      total += ended ? (parts[place]?.values[0]?.at(-1) ?? 0) : (list[i] ?? cash / symbols.length);
    }
    return total;
  };
  return { at, values: [at.map((_, i) => sum(i))] };
}

function startOf(symbols: readonly HeldBars[], result: number | null): number | null {
  if (result === null || symbols.length === 0) return null;
  const shortest = Math.min(...symbols.map(({ closes }) => closes.length));
  for (let start = 0; start < shortest; start++) {
    let mean = 0;
    for (const { closes } of symbols) {
      mean += ((closes.at(-1) ?? 0) / (closes[start] ?? Number.NaN) - 1) / symbols.length;
    }
    if (Math.abs(mean - result) < CLOSE_ENOUGH) return start;
  }
  return null;
}
