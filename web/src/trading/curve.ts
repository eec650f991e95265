// The equity curve: what the server has kept, and its live end. Pure.

import type { EquityPoint } from "../api/history.ts";
import { millisOf } from "../format/times.ts";

export type RangeName = "15m" | "1d" | "1w" | "1M" | "all";

interface Range {
  /** Null: from the beginning. */
  readonly ms: number | null;
  readonly interval: "1s" | "5m" | "1h" | "1d";
  readonly bucketMs: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const RANGES: Record<RangeName, Range> = {
  "15m": { ms: 15 * MINUTE, interval: "1s", bucketMs: 1000 },
  "1d": { ms: DAY, interval: "5m", bucketMs: 5 * MINUTE },
  "1w": { ms: 7 * DAY, interval: "1h", bucketMs: HOUR },
  "1M": { ms: 30 * DAY, interval: "1h", bucketMs: HOUR },
  all: { ms: null, interval: "1d", bucketMs: DAY },
};

/** The most points of a curve; older ones leave as live ones come. */
const POINTS_MAX = 2000;

export class EquityCurve {
  readonly times: number[] = [];
  readonly equity: number[] = [];
  readonly drawdown: number[] = [];
  readonly #bucketMs: number;
  #peak = 0;

  constructor(range: RangeName, points: readonly EquityPoint[]) {
    this.#bucketMs = RANGES[range].bucketMs;
    for (const { timestamp, equity, drawdown } of points) {
      this.#push(millisOf(timestamp), equity, drawdown);
      // The highest before it, which may lie before the curve.
      if (drawdown > -1) this.#peak = Math.max(this.#peak, equity / (1 + drawdown));
    }
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
    if (this.times.length > POINTS_MAX) this.#drop(0);
    return true;
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
