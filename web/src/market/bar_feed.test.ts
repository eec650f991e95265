import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { type Bar, listBars } from "../api/market";
import { ApiError } from "../api/problem";
import { MarketBoard } from "../stream/market_board";
import { BarFeed, type BarView } from "./bar_feed";
import type { Candle } from "./candles";

vi.mock("../api/market", () => ({ listBars: vi.fn() }));

const iso = (seconds: number) => new Date(seconds * 1000).toISOString();
const bar = (seconds: number, close: number): Bar => ({
  time: iso(seconds),
  ...{ open: close, high: close, low: close, close },
  ...{ volume: 1, trades: 1, synthetic: false },
});

/** A board with one symbol, whose prices come when the test says so. */
function marketOf(symbol: string) {
  const board = new MarketBoard();
  let now = 0;
  const quote = (price: number, seconds: number, volume = 0): void => {
    const values = new Float64Array([price, ...Array(5).fill(Number.NaN), volume, seconds * 1000]);
    const at = new Uint32Array([0]);
    const symbols = board.size === 0 ? [symbol] : [];
    board.apply({ kind: "quotes", whole: false, base: 0, symbols, at, values, leftOut: 0 });
    now += 1000;
    board.flush(now);
  };
  return { board, quote };
}

class Drawn implements BarView {
  readonly resets: number[] = [];
  readonly added: Candle[][] = [];
  faults: (ApiError | null)[] = [];
  all: readonly Candle[] = [];
  reset(all: readonly Candle[]): void {
    this.resets.push(all.length);
    this.all = [...all];
  }
  latest(latest: readonly Candle[], all: readonly Candle[]): void {
    this.added.push([...latest]);
    this.all = [...all];
  }
  fault(fault: ApiError | null): void {
    this.faults.push(fault);
  }
}

/** What the server answers to the next requests, one after another. */
function answers(...pages: readonly (readonly Bar[])[]): void {
  for (const bars of pages) {
    const answer = { symbol: "A", timeframe: "1m" as const, bars: [...bars] };
    vi.mocked(listBars).mockResolvedValueOnce(answer);
  }
}

describe("a feed of bars", () => {
  const feeds: BarFeed[] = [];
  const follow = (view: BarView, board: MarketBoard): BarFeed => {
    const feed = new BarFeed("A", "1m", board, view);
    feeds.push(feed);
    return feed;
  };
  beforeEach(() => {
    vi.useFakeTimers();
    vi.mocked(listBars).mockReset();
    vi.mocked(listBars).mockResolvedValue({ symbol: "A", timeframe: "1m", bars: [] });
  });
  afterEach(() => {
    for (const feed of feeds.splice(0)) feed.stop();
    vi.useRealTimers();
  });

  it("begins with the server's history and goes on with quotes", async () => {
    const { board, quote } = marketOf("A");
    const drawn = new Drawn();
    quote(10, 61);
    answers([bar(0, 9), bar(60, 10)]);
    follow(drawn, board);
    await vi.advanceTimersByTimeAsync(0);
    expect(drawn.resets).toEqual([2]);
    quote(12, 62);
    await vi.advanceTimersByTimeAsync(100);
    expect(drawn.all.map(({ close }) => close)).toEqual([9, 12]);
    quote(13, 121);
    await vi.advanceTimersByTimeAsync(100);
    expect(drawn.all.map(({ time }) => time)).toEqual([0, 60, 120]);
    expect(drawn.resets).toEqual([2]);
  });

  it("is drawn at most ten times a second, and never without the newest", async () => {
    const { board, quote } = marketOf("A");
    const drawn = new Drawn();
    quote(1, 61);
    answers([bar(60, 1)]);
    follow(drawn, board);
    await vi.advanceTimersByTimeAsync(1000);
    const before = drawn.added.length;
    for (let i = 0; i < 20; ++i) {
      quote(100 + i, 62);
      await vi.advanceTimersByTimeAsync(50);
    }
    await vi.advanceTimersByTimeAsync(100);
    expect(drawn.added.length - before).toBeLessThanOrEqual(11);
    expect(drawn.all.at(-1)?.close).toBe(119);
  });

  it("draws the end of a candle that has just given way to the next", async () => {
    const { board, quote } = marketOf("A");
    const drawn = new Drawn();
    quote(1, 61);
    answers([bar(60, 1)]);
    follow(drawn, board);
    await vi.advanceTimersByTimeAsync(1000);
    quote(5, 119);
    await vi.advanceTimersByTimeAsync(0);
    quote(6, 119);
    quote(7, 120);
    await vi.advanceTimersByTimeAsync(100);
    expect(drawn.added.at(-1)?.map(({ close }) => close)).toEqual([6, 7]);
  });

  it("takes the server's bars instead, every few seconds, without drawing all anew", async () => {
    const { board, quote } = marketOf("A");
    const drawn = new Drawn();
    quote(1, 61);
    answers([bar(0, 1), bar(60, 1)], [bar(0, 1), { ...bar(60, 1), high: 3 }]);
    follow(drawn, board);
    await vi.advanceTimersByTimeAsync(5000);
    expect(vi.mocked(listBars).mock.calls[1]?.[1]).toMatchObject({ from: iso(0) });
    expect(drawn.all.at(-1)?.high).toBe(3);
    expect(drawn.resets).toEqual([2]);
  });

  it("reads older bars until there are none", async () => {
    const { board } = marketOf("A");
    const drawn = new Drawn();
    answers([bar(600, 2)], [bar(540, 1)]);
    const feed = follow(drawn, board);
    await vi.advanceTimersByTimeAsync(0);
    await feed.older();
    expect(vi.mocked(listBars).mock.calls[1]?.[1]).toMatchObject({ to: iso(599.999) });
    expect(drawn.resets).toEqual([1, 2]);
    await feed.older();
    expect(listBars).toHaveBeenCalledTimes(2);
  });

  const minutes = (from: number, count: number): Bar[] =>
    Array.from({ length: count }, (_, i) => bar((from + i) * 60, 1));

  it("begins anew where more than a page of bars was missed", async () => {
    const { board, quote } = marketOf("A");
    const drawn = new Drawn();
    quote(1, 61);
    // There is nothing older: later there is.
    answers(minutes(0, 2), []);
    const feed = follow(drawn, board);
    await vi.advanceTimersByTimeAsync(0);
    await feed.older();
    answers(minutes(601, 500), minutes(101, 500));
    quote(2, 1101 * 60 + 1);
    document.dispatchEvent(new Event("visibilitychange"));
    await vi.advanceTimersByTimeAsync(0);
    expect(drawn.resets.at(-1)).toBe(501);
    expect(drawn.all[0]?.time).toBe(601 * 60);
    expect(drawn.all.at(-1)).toMatchObject({ time: 1101 * 60, close: 2 });
    await feed.older();
    expect(drawn.resets.at(-1)).toBe(1001);
  });

  it("keeps what it has where a full page goes on from it", async () => {
    const { board } = marketOf("A");
    const drawn = new Drawn();
    answers(minutes(0, 3), minutes(1, 500));
    follow(drawn, board);
    await vi.advanceTimersByTimeAsync(5000);
    expect(drawn.all.map(({ time }) => time / 60)).toEqual(
      Array.from({ length: 501 }, (_, i) => i),
    );
  });

  it("takes no older bars that do not go on to what has been read anew", async () => {
    const { board } = marketOf("A");
    const drawn = new Drawn();
    answers(minutes(600, 2));
    const feed = follow(drawn, board);
    await vi.advanceTimersByTimeAsync(0);
    let tell = (_: Bar[]): void => undefined;
    vi.mocked(listBars).mockReturnValueOnce(
      new Promise((resolve) => {
        tell = (bars) => resolve({ symbol: "A", timeframe: "1m", bars });
      }),
    );
    const older = feed.older();
    answers(minutes(2000, 500));
    feed.retry();
    await vi.advanceTimersByTimeAsync(0);
    tell(minutes(100, 500));
    await older;
    expect(drawn.all[0]?.time).toBe(2000 * 60);
    expect(drawn.all).toHaveLength(500);
  });

  it("says what failed, and tries again by itself", async () => {
    const { board } = marketOf("A");
    const drawn = new Drawn();
    const fault = new ApiError("The server cannot be reached.", "unreachable");
    vi.mocked(listBars).mockRejectedValueOnce(fault);
    follow(drawn, board);
    await vi.advanceTimersByTimeAsync(0);
    expect(drawn.faults).toEqual([fault]);
    answers([bar(0, 1)]);
    await vi.advanceTimersByTimeAsync(5000);
    expect(drawn.faults).toEqual([fault, null]);
    expect(drawn.resets).toEqual([1]);
  });
});
