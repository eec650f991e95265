// The equity curve: what the server has kept, and its live end. Pure.

import type { EquityPoint } from "../api/history.ts";
import { millisOf } from "../format/times.ts";

export type RangeName = "15m" | "1d" | "1w" | "1M" | "all";

export interface Bucket {
  readonly interval: "1s" | "5m" | "1h" | "1d";
  readonly bucketMs: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How far each goes back. */
export const RANGES: Record<RangeName, number> = {
  "15m": 15 * MINUTE,
  "1d": DAY,
  "1w": 7 * DAY,
  "1M": 30 * DAY,
  all: Number.POSITIVE_INFINITY,
};

/** The most points that the server gives at once. */
export const READ_MAX = 1000;
/** A longer bucket may hide a peak: it is missed for no longer than this. */
const LACK_MAX_MS = MINUTE;
const BUCKETS: readonly Bucket[] = [
  { interval: "1s", bucketMs: 1000 },
  { interval: "5m", bucketMs: 5 * MINUTE },
  { interval: "1h", bucketMs: HOUR },
];
const DAYS: Bucket = { interval: "1d", bucketMs: DAY };

/** The finest in which all of it can be read: a young account has no use for days. */
export const bucketOf = (spanMs: number): Bucket =>
  BUCKETS.find(({ bucketMs }) => spanMs / bucketMs < READ_MAX) ?? DAYS;

/** With the account's beginning, where the range reaches it: buckets begin after it. */
export function fromStart(
  points: readonly EquityPoint[],
  start: { created_at: string; cash: number } | undefined,
  fromMs: number,
): readonly EquityPoint[] {
  const at = millisOf(start?.created_at);
  const first = points[0];
  if (!start || !first || at < fromMs || at >= millisOf(first.timestamp)) return points;
  const { cash: equity, created_at: timestamp } = start;
  return [{ timestamp, equity, balance: equity, drawdown: 0 }, ...points];
}

/** The most points of a curve: with more it becomes coarser. */
const POINTS_MAX = 2000;

export class EquityCurve {
  readonly times: number[] = [];
  readonly equity: number[] = [];
  readonly drawdown: number[] = [];
  readonly #spanMs: number;
  #bucketMs: number;
  #peak = 0;

  /** What is older than `spanMs` leaves as live points come. */
  constructor(
    { bucketMs }: Bucket,
    points: readonly EquityPoint[],
    spanMs = Number.POSITIVE_INFINITY,
  ) {
    this.#bucketMs = bucketMs;
    this.#spanMs = spanMs;
    for (const { timestamp, equity, drawdown } of points) {
      this.#push(millisOf(timestamp), equity, drawdown);
      // The highest before it, which may lie before the curve.
      if (drawdown > -1) this.#peak = Math.max(this.#peak, equity / (1 + drawdown));
    }
  }

  /** Whether history may know more, when nothing was put for so long: points, or a peak. */
  lacks(silentMs: number): boolean {
    return silentMs > Math.min(this.#bucketMs, LACK_MAX_MS);
  }

  /** The newest equity: it moves the last point of its bucket, or begins one. False: it is older. */
  put(at: number, equity: number): boolean {
    const last = this.times.length - 1;
    const lastAt = last < 0 ? Number.NEGATIVE_INFINITY : (this.times[last] ?? 0) * 1000;
    if (!Number.isFinite(at) || at < lastAt) return false;
    this.#peak = Math.max(this.#peak, equity);
    const drawdown = this.#peak > 0 ? equity / this.#peak - 1 : 0;
    // The first point stays: it is where the curve begins.
    const same = Math.floor(at / this.#bucketMs) === Math.floor(lastAt / this.#bucketMs);
    if (same && last > 0) this.#drop(last);
    this.#push(at, equity, drawdown);
    // The newest one from before the span stays: the curve begins at its edge.
    while ((this.times[1] ?? at) * 1000 <= at - this.#spanMs) this.#drop(0);
    if (this.times.length > POINTS_MAX) this.#coarsen();
    return true;
  }

  /** Every second point goes, but for the newest. */
  #coarsen(): void {
    this.#bucketMs *= 2;
    for (const list of [this.times, this.equity, this.drawdown]) {
      const newest = list.splice(-1);
      list.splice(0, list.length, ...list.filter((_, i) => i % 2 === 0), ...newest);
    }
  }

  #push(at: number, equity: number, drawdown: number): void {
    this.times.push(at / 1000);
    this.equity.push(equity);
    this.drawdown.push(drawdown);
  }

  #drop(place: number): void {
    for (const list of [this.times, this.equity, this.drawdown]) list.splice(place, 1);
  }
}
