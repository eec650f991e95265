// MarketBoard: a tab's newest quote of each symbol, in typed arrays. Frames from the worker mark
// rows as changed; `flush` tells those who listen, once, however many frames came between. Rows are
// found by number: a symbol keeps its number as long as the page lives, whatever the worker does.
// Holds no DOM and no timer.

import { STALE_MS } from "./freshness.ts";
import { QUOTE_FIELDS, QUOTE_WIDTH, type QuoteField, type QuoteFrame } from "./protocol.ts";

/** Listeners are called at most this often. */
export const FLUSH_MS = 50;

type RowListener = (row: number) => void;
type BoardListener = (changed: ReadonlySet<number>) => void;

const PLACE = Object.fromEntries(QUOTE_FIELDS.map((field, place) => [field, place])) as Record<
  QuoteField,
  number
>;

export class MarketBoard {
  readonly #rows = new Map<string, number>();
  readonly #symbols: string[] = [];
  readonly #changed = new Set<number>();
  readonly #rowListeners = new Map<number, Set<RowListener>>();
  readonly #listeners = new Set<BoardListener>();
  #values = new Float64Array(256 * QUOTE_WIDTH);
  // The worker's number of a symbol to ours.
  #ours: number[] = [];
  #flushedAt = Number.NEGATIVE_INFINITY;
  #checkedAt = 0;
  #leftOut = 0;

  get size(): number {
    return this.#symbols.length;
  }
  get symbols(): readonly string[] {
    return this.#symbols;
  }
  /** Symbols that the worker has no room for. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** The row of a symbol, or -1. */
  row(symbol: string): number {
    return this.#rows.get(symbol) ?? -1;
  }
  symbol(row: number): string {
    return this.#symbols[row] ?? "";
  }
  /** NaN: not known. `time` is in milliseconds since 1970. */
  value(row: number, field: QuoteField): number {
    return this.#values[row * QUOTE_WIDTH + PLACE[field]] ?? Number.NaN;
  }

  /** Calls `listen` after each flush in which this row has changed. Returns how to stop. */
  watch(row: number, listen: RowListener): () => void {
    const listeners = this.#rowListeners.get(row) ?? new Set();
    listeners.add(listen);
    this.#rowListeners.set(row, listeners);
    return () => {
      listeners.delete(listen);
      if (listeners.size === 0) this.#rowListeners.delete(row);
    };
  }

  /** Calls `listen` after each flush with all rows that have changed; they are gone afterwards. */
  watchAll(listen: BoardListener): () => void {
    this.#listeners.add(listen);
    return () => void this.#listeners.delete(listen);
  }

  /** The newest price of this row is too old to be trusted. */
  old(row: number, now = Date.now()): boolean {
    return now - this.value(row, "heard") > STALE_MS;
  }

  /** Marks the rows that have become old since the last check as changed. */
  check(now: number): void {
    for (let row = 0; row < this.size; ++row) {
      if (this.old(row, now) && !this.old(row, this.#checkedAt)) this.#changed.add(row);
    }
    this.#checkedAt = now;
  }

  apply(frame: QuoteFrame): void {
    this.#leftOut = frame.leftOut;
    if (frame.whole) this.#ours = [];
    for (const [place, symbol] of frame.symbols.entries()) {
      this.#ours[frame.base + place] = this.#rows.get(symbol) ?? this.#add(symbol);
    }
    for (let place = 0; place < frame.at.length; ++place) {
      const row = this.#ours[frame.at[place] ?? -1];
      if (row === undefined) continue;
      const from = place * QUOTE_WIDTH;
      this.#values.set(frame.values.subarray(from, from + QUOTE_WIDTH), row * QUOTE_WIDTH);
      this.#changed.add(row);
    }
  }

  /** True when there is something to flush. */
  get dirty(): boolean {
    return this.#changed.size > 0;
  }

  /** False: it is too early, ask again at the next frame. */
  flush(now: number): boolean {
    // A clock that was set back must not stop the page.
    if (now >= this.#flushedAt && now - this.#flushedAt < FLUSH_MS) return false;
    this.#flushedAt = now;
    for (const row of this.#changed) {
      for (const listen of this.#rowListeners.get(row) ?? []) listen(row);
    }
    for (const listen of this.#listeners) listen(this.#changed);
    this.#changed.clear();
    return true;
  }

  #add(symbol: string): number {
    const row = this.#symbols.length;
    this.#symbols.push(symbol);
    this.#rows.set(symbol, row);
    if (this.#values.length < (row + 1) * QUOTE_WIDTH) {
      const values = new Float64Array(this.#values.length * 2);
      values.set(this.#values);
      this.#values = values;
    }
    this.#values.fill(Number.NaN, row * QUOTE_WIDTH, (row + 1) * QUOTE_WIDTH);
    return row;
  }
}
