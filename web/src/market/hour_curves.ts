// The last hour of each symbol in sight, a price a minute, for the curves of the watchlist: read from
// the server a few at a time when a row comes into sight, and again each minute while it stays.

import { ApiError } from "../api/problem";

const READS_AT_ONCE = 4;
const REFRESH_MS = 60_000;

export type ReadCurve = (symbol: string, signal: AbortSignal) => Promise<readonly number[]>;

interface Curve {
  prices: readonly number[];
  readAt: number;
  readonly followers: Set<() => void>;
}

export class HourCurves {
  readonly #read: ReadCurve;
  readonly #now: () => number;
  readonly #curves = new Map<string, Curve>();
  readonly #waiting = new Set<string>();
  readonly #leaving = new AbortController();
  #reading = 0;

  constructor(read: ReadCurve, now: () => number) {
    this.#read = read;
    this.#now = now;
  }

  /** Prices, oldest first; empty before they have been read. */
  of(symbol: string): readonly number[] {
    return this.#curves.get(symbol)?.prices ?? [];
  }

  /** Calls `changed` whenever the curve was read. Returns how to stop. */
  follow(symbol: string, changed: () => void): () => void {
    let curve = this.#curves.get(symbol);
    if (curve === undefined) {
      curve = { prices: [], readAt: Number.NEGATIVE_INFINITY, followers: new Set() };
      this.#curves.set(symbol, curve);
    }
    const { followers } = curve;
    followers.add(changed);
    if (this.#now() - curve.readAt >= REFRESH_MS) this.#want(symbol);
    return () => {
      followers.delete(changed);
      if (followers.size === 0) this.#waiting.delete(symbol);
    };
  }

  /** Reads those again that are followed and old; call it now and then. */
  refresh(): void {
    for (const [symbol, curve] of this.#curves) {
      if (curve.followers.size > 0 && this.#now() - curve.readAt >= REFRESH_MS) this.#want(symbol);
    }
  }

  stop(): void {
    this.#leaving.abort();
    this.#waiting.clear();
  }

  #want(symbol: string): void {
    this.#waiting.add(symbol);
    while (this.#reading < READS_AT_ONCE) {
      const [next] = this.#waiting;
      if (next === undefined) return;
      this.#waiting.delete(next);
      void this.#load(next);
    }
  }

  async #load(symbol: string): Promise<void> {
    const curve = this.#curves.get(symbol);
    if (curve === undefined) return;
    ++this.#reading;
    curve.readAt = this.#now();
    try {
      curve.prices = await this.#read(symbol, this.#leaving.signal);
    } catch (error) {
      // The curve is an ornament: its row says the price, and the chart what is wrong.
      if (!(error instanceof ApiError)) throw error;
    } finally {
      --this.#reading;
    }
    for (const changed of curve.followers) changed();
    const [next] = this.#waiting;
    if (next !== undefined) this.#want(next);
  }
}
