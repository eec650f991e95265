// MarketBoard: a tab's newest quote of each symbol, in typed arrays. Frames from the worker mark
// rows as changed; `flush` tells those who listen, once, however many frames came between. Rows are
// found by number: a symbol keeps its number as long as the page lives, whatever the worker does.
// Holds no DOM and no timer.

import { QUOTE_FIELDS, QUOTE_WIDTH, type QuoteField, type QuoteFrame } from "./protocol.ts";

/** Points of a sparkline: one price a second. */
export const POINTS_MAX = 120;
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
  readonly #points: { values: number[]; second: number }[] = [];
  #values = new Float64Array(256 * QUOTE_WIDTH);
  #directions = new Int8Array(256);
  // The worker's number of a symbol to ours.
  #ours: number[] = [];
  #flushedAt = Number.NEGATIVE_INFINITY;
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
  /** Of the last price that differed from the one before: 1 up, -1 down, 0 none yet. */
  direction(row: number): number {
    return this.#directions[row] ?? 0;
  }
  /** The last price of each of the last seconds that had one, oldest first. */
  points(row: number): readonly number[] {
    return this.#points[row]?.values ?? [];
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

  apply(frame: QuoteFrame, now: number): void {
    this.#leftOut = frame.leftOut;
    if (frame.whole) this.#ours = [];
    for (const [place, symbol] of frame.symbols.entries()) {
      this.#ours[frame.base + place] = this.#rows.get(symbol) ?? this.#add(symbol);
    }
    const second = Math.floor(now / 1000);
    for (let place = 0; place < frame.at.length; ++place) {
      const row = this.#ours[frame.at[place] ?? -1];
      if (row !== undefined) this.#put(row, frame.values, place * QUOTE_WIDTH, second);
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

  #put(row: number, values: Float64Array, from: number, second: number): void {
    const start = row * QUOTE_WIDTH;
    const before = this.#values[start] ?? Number.NaN;
    const price = values[from] ?? Number.NaN;
    if (price > before) this.#directions[row] = 1;
    else if (price < before) this.#directions[row] = -1;
    this.#values.set(values.subarray(from, from + QUOTE_WIDTH), start);
    this.#changed.add(row);
    const points = this.#points[row];
    if (points === undefined) return;
    if (points.second === second) {
      points.values[points.values.length - 1] = price;
      return;
    }
    points.second = second;
    points.values.push(price);
    if (points.values.length > POINTS_MAX) points.values.shift();
  }

  #add(symbol: string): number {
    const row = this.#symbols.length;
    this.#symbols.push(symbol);
    this.#rows.set(symbol, row);
    this.#points.push({ values: [], second: Number.NaN });
    if (this.#directions.length <= row) this.#grow();
    this.#values.fill(Number.NaN, row * QUOTE_WIDTH, (row + 1) * QUOTE_WIDTH);
    return row;
  }

  #grow(): void {
    const values = new Float64Array(this.#values.length * 2);
    values.set(this.#values);
    this.#values = values;
    const directions = new Int8Array(this.#directions.length * 2);
    directions.set(this.#directions);
    this.#directions = directions;
  }
}
