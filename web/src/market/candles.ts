// The candles of one symbol and timeframe: bars that the server has told, and on top of them what
// the stream's quotes make of the bar that is open. Quotes come thinned out (a high between two
// windows is not seen), so the server's bars, read again now and then, take their place. Times are
// seconds since 1970. Pure.

import type { Bar, Timeframe } from "../api/market.ts";

export const TIMEFRAMES: readonly Timeframe[] = ["1s", "1m", "5m", "15m", "1h", "1d"];
export const SECONDS: Record<Timeframe, number> = {
  "1s": 1,
  "1m": 60,
  "5m": 300,
  "15m": 900,
  "1h": 3600,
  "1d": 86_400,
};
/** What the chart keeps; scrolling back beyond this ends. */
export const CANDLES_MAX = 20_000;

export interface Candle {
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  /** Made up by the server as history, before its first price. */
  readonly synthetic: boolean;
}

export const candleOf = (bar: Bar): Candle => ({
  time: Math.floor(Date.parse(bar.time) / 1000),
  open: bar.open,
  high: bar.high,
  low: bar.low,
  close: bar.close,
  volume: bar.volume,
  synthetic: bar.synthetic,
});

/** When a bar that holds `seconds` begins; days begin where the server's last one did. */
export function startOf(seconds: number, timeframe: Timeframe, lastStart: number): number {
  const length = SECONDS[timeframe];
  // A day has 23 or 25 hours now and then: the server's next bar says when it begins.
  if (timeframe === "1d" && seconds - lastStart < 2 * length) {
    return seconds - lastStart < length ? lastStart : lastStart + length;
  }
  return Math.floor(seconds / length) * length;
}

export class Candles {
  readonly timeframe: Timeframe;
  #candles: Candle[] = [];
  // The day's volume when it was last seen: bars have only what was traded since.
  #dayVolume = Number.NaN;

  constructor(timeframe: Timeframe) {
    this.timeframe = timeframe;
  }

  get all(): readonly Candle[] {
    return this.#candles;
  }
  get last(): Candle | undefined {
    return this.#candles.at(-1);
  }
  get first(): Candle | undefined {
    return this.#candles[0];
  }

  /**
   * What the server says, in order; it replaces what is known from its first bar on, and with
   * `apart`, where bars before it were left out, what is older as well.
   */
  confirm(bars: readonly Candle[], apart = false): void {
    const [first] = bars;
    if (first === undefined) return;
    const end = bars.at(-1)?.time ?? first.time;
    const before = apart ? [] : this.#candles.filter(({ time }) => time < first.time);
    // A newer bar that quotes have begun meanwhile stays.
    const after = this.#candles.filter(({ time }) => time > end);
    this.#candles = [...before, ...bars, ...after].slice(-CANDLES_MAX);
  }

  /** Older bars, in order. False: there was nothing new among them. */
  prepend(bars: readonly Candle[]): boolean {
    const first = this.first?.time ?? Number.POSITIVE_INFINITY;
    const older = bars.filter(({ time }) => time < first);
    const room = CANDLES_MAX - this.#candles.length;
    if (older.length === 0 || room <= 0) return false;
    this.#candles = [...older.slice(-room), ...this.#candles];
    return true;
  }

  /** A quote's price and the day's volume; the candle that changed, or null if it is too old. */
  quote(price: number, dayVolume: number, seconds: number): Candle | null {
    if (!Number.isFinite(price)) return null;
    const traded = this.#tradedSince(dayVolume);
    const last = this.last;
    const time = startOf(Math.floor(seconds), this.timeframe, last?.time ?? Number.NaN);
    if (last !== undefined && time < last.time) return null;
    const candle =
      last?.time === time
        ? {
            ...last,
            high: Math.max(last.high, price),
            low: Math.min(last.low, price),
            close: price,
            volume: last.volume + traded,
          }
        : { ...flat(time, price), volume: traded };
    if (last?.time === time) this.#candles[this.#candles.length - 1] = candle;
    else this.#candles.push(candle);
    return candle;
  }

  // The day's volume begins at 0 again at the roll, and is unknown with quotes that have none.
  #tradedSince(dayVolume: number): number {
    const before = this.#dayVolume;
    this.#dayVolume = dayVolume;
    return dayVolume > before ? dayVolume - before : 0;
  }
}

/**
 * Where `now` differs from `before`, if only by what its last two candles have become and by newer
 * ones; null: by more.
 */
export function changedTail(before: readonly Candle[], now: readonly Candle[]): number | null {
  let from = 0;
  while (from < before.length && sameCandle(before[from], now[from])) ++from;
  const tail = before.slice(from);
  const inPlace = tail.every(({ time }, i) => now[from + i]?.time === time);
  return inPlace && tail.length <= 2 && before.length > 0 ? from : null;
}

function sameCandle(a: Candle | undefined, b: Candle | undefined): boolean {
  if (a === b || a === undefined || b === undefined) return a === b;
  return FIELDS.every((field) => a[field] === b[field]);
}

const FIELDS = ["time", "open", "high", "low", "close", "volume", "synthetic"] as const;

function flat(time: number, price: number): Candle {
  return { time, open: price, high: price, low: price, close: price, volume: 0, synthetic: false };
}
