// The bars of one symbol and timeframe, kept right: the server's history, then the open bar by the
// stream's quotes (shown at most 10 times a second), and every few seconds the server's own bars
// again, which also fill what a hidden page has missed. Older ones come when they are asked for.

import { listBars, type Timeframe } from "../api/market";
import { ApiError } from "../api/problem";
import type { MarketBoard } from "../stream/market_board";
import { type Candle, Candles, candleOf, changedTail } from "./candles";

const SHOWN_EVERY_MS = 100;
const CONFIRM_MS = 5000;
const PAGE = 500;
const QUOTED = ["price", "volume", "time"] as const;

export interface BarView {
  /** How many bars are read at once. */
  readonly page?: number;
  /** All of them are to be drawn anew. */
  reset(candles: readonly Candle[]): void;
  /** Candles at the end that have changed or come, in order; and all of them. */
  latest(candles: readonly Candle[], all: readonly Candle[]): void;
  /** Null: what is shown is right. */
  fault(fault: ApiError | null): void;
}

export class BarFeed {
  readonly #symbol: string;
  readonly #view: BarView;
  readonly #board: MarketBoard;
  readonly #candles: Candles;
  readonly #page: number;
  readonly #leaving = new AbortController();
  #unwatch: (() => void) | null = null;
  #confirming: ReturnType<typeof setTimeout> | undefined;
  #showing: ReturnType<typeof setTimeout> | undefined;
  #shownAt = 0;
  // Start of the last candle that the view has.
  #shownTime = Number.NEGATIVE_INFINITY;
  #loadingOlder = false;
  #atBeginning = false;

  constructor(symbol: string, timeframe: Timeframe, board: MarketBoard, view: BarView) {
    this.#symbol = symbol;
    this.#board = board;
    this.#view = view;
    this.#page = view.page ?? PAGE;
    this.#candles = new Candles(timeframe);
    document.addEventListener("visibilitychange", this.#seen);
    void this.#confirm();
  }

  stop(): void {
    this.#leaving.abort();
    this.#unwatch?.();
    clearTimeout(this.#confirming);
    clearTimeout(this.#showing);
    document.removeEventListener("visibilitychange", this.#seen);
  }

  /** Reads once more, now. */
  retry(): void {
    void this.#confirm();
  }

  /** One more page of history, unless there is none. */
  async older(): Promise<void> {
    const { first, timeframe } = this.#candles;
    if (first === undefined || this.#loadingOlder || this.#atBeginning) return;
    this.#loadingOlder = true;
    const to = new Date(first.time * 1000 - 1).toISOString();
    const bars = await this.#read({ timeframe, to, limit: this.#page });
    this.#loadingOlder = false;
    // Not what lay before candles that have been replaced meanwhile.
    if (bars === null || this.#candles.first?.time !== first.time) return;
    this.#atBeginning = !this.#candles.prepend(bars) || bars.length < this.#page;
    this.#reset();
  }

  readonly #seen = (): void => {
    if (!document.hidden) void this.#confirm();
  };

  async #confirm(): Promise<void> {
    clearTimeout(this.#confirming);
    const { last, timeframe, all } = this.#candles;
    // The bar before the open one may have ended since it was read.
    const from = all.at(-2)?.time ?? last?.time;
    const bars = await this.#read({
      timeframe,
      ...(from === undefined ? {} : { from: new Date(from * 1000).toISOString() }),
      limit: from === undefined ? this.#page : PAGE,
    });
    if (this.#leaving.signal.aborted) return;
    if (bars !== null) {
      // The newest ones of more than a page: they do not reach back to what is known.
      const apart = bars.length >= PAGE && (bars[0]?.time ?? 0) > (from ?? Infinity);
      if (apart) this.#atBeginning = false;
      this.#candles.confirm(bars, apart);
      this.#confirmed(all);
      this.#watch();
    }
    clearTimeout(this.#confirming);
    this.#confirming = setTimeout(() => {
      if (!document.hidden) void this.#confirm();
    }, CONFIRM_MS);
  }

  // To draw everything anew would be felt once much of the history has been scrolled to.
  #confirmed(before: readonly Candle[]): void {
    const { all } = this.#candles;
    const from = changedTail(before, all);
    if (from === null) this.#reset();
    else this.#show(from);
  }

  async #read(filter: Parameters<typeof listBars>[1]): Promise<Candle[] | null> {
    try {
      const { bars } = await listBars(this.#symbol, filter, this.#leaving.signal);
      this.#view.fault(null);
      return bars.map(candleOf);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.failure !== "aborted") this.#view.fault(error);
      return null;
    }
  }

  #watch(): void {
    const row = this.#board.row(this.#symbol);
    if (this.#unwatch !== null || row < 0) return;
    const quoted = (): void => {
      const [price, volume, time] = QUOTED.map((field) => this.#board.value(row, field));
      const changed = this.#candles.quote(price ?? NaN, volume ?? NaN, (time ?? NaN) / 1000);
      if (changed === null || this.#showing !== undefined) return;
      const wait = Math.max(0, this.#shownAt + SHOWN_EVERY_MS - performance.now());
      this.#showing = setTimeout(() => {
        this.#showing = undefined;
        this.#shownAt = performance.now();
        this.#show();
      }, wait);
    };
    quoted();
    this.#unwatch = this.#board.watch(row, quoted);
  }

  /** Candles that the view does not have, and those from the place `from` on. */
  #show(from = Number.POSITIVE_INFINITY): void {
    const { all } = this.#candles;
    let at = all.length;
    while (at > 0 && (all[at - 1]?.time ?? 0) >= this.#shownTime) --at;
    this.#view.latest(all.slice(Math.min(at, from)), all);
    this.#shownTime = this.#candles.last?.time ?? this.#shownTime;
  }

  #reset(): void {
    this.#shownTime = this.#candles.last?.time ?? Number.NEGATIVE_INFINITY;
    this.#view.reset(this.#candles.all);
  }
}
