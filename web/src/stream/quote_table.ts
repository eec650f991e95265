// The worker's newest quote of each symbol, as numbers in one array, and which have changed since
// they were last taken. At most SYMBOLS_MAX symbols; further ones are counted.

import { isFields } from "./decode.ts";
import { QUOTE_FIELDS, QUOTE_WIDTH, type QuoteFrame } from "./protocol.ts";

export const SYMBOLS_MAX = 10_000;

const BOOK = /^(bid|ask)/;
const DAY_MS = 86_400_000;

export class QuoteTable {
  readonly #limit: number;
  readonly #places = new Map<string, number>();
  readonly #symbols: string[] = [];
  readonly #changed = new Set<number>();
  readonly #left = new Set<string>();
  #values = new Float64Array(256 * QUOTE_WIDTH);
  #told = 0;
  /** Quotes whose age was told by the server's clock, which a recording's times know nothing of. */
  #byServer = false;

  constructor(limit = SYMBOLS_MAX) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#symbols.length;
  }

  /**
   * False: this is no quote (a bar, a deletion). `serverNow`: the server's time now, for a quote that
   * it has had for a while; null: it has just come.
   */
  apply(symbol: string, quote: unknown, now = 0, serverNow: number | null = null): boolean {
    if (!isFields(quote) || typeof quote["price"] !== "number") return false;
    const place = this.#places.get(symbol) ?? this.#add(symbol);
    if (place === null) return true;
    let field = place * QUOTE_WIDTH;
    const heard = this.#values[field + QUOTE_WIDTH - 1] ?? 0;
    // Bid and ask of a price that came alone are that price, with no size: there is no book.
    const { bid, ask, bid_size, ask_size } = quote;
    const bookless = bid === ask && bid_size === 0 && ask_size === 0;
    for (const name of QUOTE_FIELDS) {
      const value = bookless && BOOK.test(name) ? null : quote[name];
      this.#values[field++] =
        typeof value === "number" ? value : typeof value === "string" ? Date.parse(value) : NaN;
    }
    // The last two fields. How long the server has had it is told by the server's clock alone.
    const time = this.#values[field - 2] ?? NaN;
    const had = serverNow === null ? 0 : Math.max(0, serverNow - time || 0);
    this.#values[field - 1] = Math.max(heard, now - had);
    if (serverNow !== null) this.#byServer = true;
    this.#changed.add(place);
    return true;
  }

  /**
   * The newest quote is `ageMs` old, as the server says: where times are of another day than that, a
   * recording is played, and by its own clock the others are as much older as they are behind it.
   */
  aged(ageMs: number, now: number): void {
    if (!this.#byServer) return;
    this.#byServer = false;
    const { size } = this;
    const timeOf = (place: number) => this.#values[(place + 1) * QUOTE_WIDTH - 2] ?? NaN;
    let newest = -Infinity;
    for (let place = 0; place < size; ++place) newest = Math.max(newest, timeOf(place) || newest);
    if (now - ageMs - newest < DAY_MS) return;
    for (let place = 0; place < size; ++place) {
      const at = (place + 1) * QUOTE_WIDTH - 1;
      const heard = now - ageMs - (newest - timeOf(place));
      if (!(heard > (this.#values[at] ?? 0))) continue;
      this.#values[at] = heard;
      this.#changed.add(place);
    }
  }

  /** What has changed since the last call, or null. Everyone who follows gets a copy of it. */
  takeChanged(): QuoteFrame | null {
    if (this.#changed.size === 0) return null;
    const frame = this.#frame(Uint32Array.from(this.#changed), this.#told, false);
    this.#told = this.#symbols.length;
    this.#changed.clear();
    return frame;
  }

  /** Everything, for one who has nothing yet. */
  whole(): QuoteFrame {
    return this.#frame(Uint32Array.from(this.#symbols.keys()), 0, true);
  }

  #frame(at: Uint32Array, base: number, whole: boolean): QuoteFrame {
    const values = new Float64Array(at.length * QUOTE_WIDTH);
    for (const [row, place] of at.entries()) {
      const start = place * QUOTE_WIDTH;
      values.set(this.#values.subarray(start, start + QUOTE_WIDTH), row * QUOTE_WIDTH);
    }
    const symbols = this.#symbols.slice(base);
    return { kind: "quotes", whole, base, symbols, at, values, leftOut: this.#left.size };
  }

  #add(symbol: string): number | null {
    if (this.#symbols.length >= this.#limit) {
      if (this.#left.size < this.#limit) this.#left.add(symbol);
      return null;
    }
    const place = this.#symbols.length;
    this.#symbols.push(symbol);
    this.#places.set(symbol, place);
    if (this.#values.length < (place + 1) * QUOTE_WIDTH) {
      const larger = new Float64Array(this.#values.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    return place;
  }
}

/** A copy whose arrays can be handed over. */
export function copyOf(frame: QuoteFrame): QuoteFrame {
  return { ...frame, at: frame.at.slice(), values: frame.values.slice() };
}
