import { describe, expect, it } from "vitest";

import { type Candle, Candles, candleOf, changedTail, startOf } from "./candles.ts";

const bar = (time: number, close = 10, volume = 5): Candle => ({
  time,
  open: 9,
  high: 11,
  low: 8,
  close,
  volume,
  synthetic: false,
});

const times = (candles: Candles) => candles.all.map(({ time }) => time);

describe("where a bar begins", () => {
  it("is a multiple of its length", () => {
    expect(startOf(119, "1m", 0)).toBe(60);
    expect(startOf(3600 * 5 + 1, "1h", 0)).toBe(3600 * 5);
  });

  it("is the server's own for days, which begin at a city's midnight", () => {
    const newYork = 1_795_237_200; // 2026-11-21T05:00Z
    expect(startOf(newYork + 86_399, "1d", newYork)).toBe(newYork);
    expect(startOf(newYork + 86_400, "1d", newYork)).toBe(newYork + 86_400);
  });
});

describe("the open candle", () => {
  it("follows quotes", () => {
    const candles = new Candles("1m");
    candles.confirm([bar(0), bar(60)]);
    candles.quote(12, 100, 61);
    candles.quote(7, 103, 62);
    expect(candles.last).toEqual({ ...bar(60, 7), high: 12, low: 7, volume: 8 });
  });

  it("gives way to the next at its end, with what was traded since", () => {
    const candles = new Candles("1m");
    candles.confirm([bar(60)]);
    candles.quote(12, 100, 119);
    expect(candles.quote(13, 104, 120)).toEqual({
      time: 120,
      open: 13,
      high: 13,
      low: 13,
      close: 13,
      volume: 4,
      synthetic: false,
    });
    expect(times(candles)).toEqual([60, 120]);
  });

  it("counts no volume over a roll of the day, or where the source has none", () => {
    const candles = new Candles("1m");
    candles.quote(12, 100, 0);
    candles.quote(12, 3, 1);
    candles.quote(12, Number.NaN, 2);
    expect(candles.last?.volume).toBe(0);
  });

  it("takes no quote that is older than it, and none without a price", () => {
    const candles = new Candles("1m");
    candles.confirm([bar(60)]);
    expect(candles.quote(99, 1, 59)).toBeNull();
    expect(candles.quote(Number.NaN, 1, 61)).toBeNull();
    expect(candles.last).toEqual(bar(60));
  });
});

describe("the server's bars", () => {
  it("take the place of what quotes made, but not of a newer candle", () => {
    const candles = new Candles("1m");
    candles.confirm([bar(0), bar(60)]);
    candles.quote(1, 1, 61);
    candles.quote(2, 1, 121);
    candles.confirm([bar(60, 10.5)]);
    expect(times(candles)).toEqual([0, 60, 120]);
    expect(candles.all[1]).toEqual(bar(60, 10.5));
  });

  it("fill a hole that a hidden page had", () => {
    const candles = new Candles("1m");
    candles.confirm([bar(0)]);
    candles.quote(2, 1, 241);
    candles.confirm([bar(60), bar(120), bar(180), bar(240)]);
    expect(times(candles)).toEqual([0, 60, 120, 180, 240]);
  });

  it("stand alone where others were left out before them", () => {
    const candles = new Candles("1m");
    candles.confirm([bar(0), bar(60)]);
    candles.quote(2, 1, 6060);
    candles.confirm([bar(5940), bar(6000)], true);
    expect(times(candles)).toEqual([5940, 6000, 6060]);
  });

  it("come before the first when one scrolls back, each once", () => {
    const candles = new Candles("1m");
    candles.confirm([bar(120)]);
    expect(candles.prepend([bar(0), bar(60), bar(120)])).toBe(true);
    expect(times(candles)).toEqual([0, 60, 120]);
    expect(candles.prepend([bar(0)])).toBe(false);
  });

  it("are read from the API's texts", () => {
    const time = "1970-01-01T00:01:00.000000Z";
    const read = { ...bar(0), time, trades: 3, synthetic: true };
    expect(candleOf(read)).toEqual({ ...bar(60), synthetic: true });
  });
});

describe("what a chart has to draw anew", () => {
  const three = [bar(0), bar(60), bar(120)];

  it("is the tail, where only the last bars have changed or newer ones have come", () => {
    expect(changedTail(three, [bar(0), bar(60), bar(120)])).toBe(3);
    expect(changedTail(three, [bar(0), bar(60), bar(120, 7), bar(180)])).toBe(2);
    expect(changedTail(three, [bar(0), bar(60, 7), bar(120)])).toBe(1);
  });

  it("is everything, where bars came between or older ones are others", () => {
    expect(changedTail(three, [bar(0), bar(60), bar(90), bar(120)])).toBeNull();
    expect(changedTail(three, [bar(0, 7), bar(60), bar(120)])).toBeNull();
    expect(changedTail([], three)).toBeNull();
    expect(changedTail(three, [bar(0)])).toBeNull();
  });
});
