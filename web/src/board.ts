// Board: the newest quote of each symbol, and its last minutes for the sparkline. Holds no DOM, so
// that tests drive it. Limits: ROWS_MAX symbols (further ones are counted, not kept) and
// POINTS_MAX points a symbol, one a second.

import { decimalsOf } from "./format.ts";
import type { Quote } from "./quote.ts";

export const ROWS_MAX = 1000;
export const POINTS_MAX = 120;

export interface Row {
  readonly symbol: string;
  quote: Quote;
  /** Decimals to show: the most that any price of the symbol had, so that digits never jump. */
  decimals: number;
  /** Last price of each of the last seconds that had one, oldest first. */
  readonly points: number[];
  lastSecond: number;
}

export class Board {
  readonly #rows = new Map<string, Row>();
  readonly #changed = new Set<string>();
  readonly #left = new Set<string>();

  apply(quote: Quote): void {
    const row = this.#rows.get(quote.asset) ?? this.#add(quote);
    if (row === null) return;
    // A reconnect sends the current value again; an older one must not take the newer one's place.
    if (quote.time < row.quote.time) return;
    row.quote = quote;
    row.decimals = Math.max(row.decimals, decimalsOf(quote.price));
    const second = Math.floor(quote.time / 1000);
    if (second === row.lastSecond) {
      row.points[row.points.length - 1] = quote.price;
    } else {
      row.points.push(quote.price);
      if (row.points.length > POINTS_MAX) row.points.shift();
      row.lastSecond = second;
    }
    this.#changed.add(quote.asset);
  }

  /** The rows changed since the last call. */
  takeChanged(): Row[] {
    const rows = [...this.#changed].map((symbol) => this.#rows.get(symbol)!);
    this.#changed.clear();
    return rows;
  }

  get size(): number {
    return this.#rows.size;
  }

  /** Symbols that came when the board was full. At most ROWS_MAX are counted. */
  get leftOut(): number {
    return this.#left.size;
  }

  #add(quote: Quote): Row | null {
    if (this.#rows.size >= ROWS_MAX) {
      if (this.#left.size < ROWS_MAX) this.#left.add(quote.asset);
      return null;
    }
    const row: Row = { symbol: quote.asset, quote, decimals: 2, points: [], lastSecond: NaN };
    this.#rows.set(quote.asset, row);
    return row;
  }
}
