import { describe, expect, it } from "vitest";

import type { Position } from "../api/positions";
import { bucketOf, EquityCurve, fromStart } from "./curve";
import { dayEdge } from "./days";
import { gainShare, positionRows, priceDecimals } from "./positions";
import { fillFigures, sharpeRatio } from "./statistics";

describe("an equity curve", () => {
  const at = Date.UTC(2026, 10, 20, 15);
  const point = (ms: number, equity: number, drawdown: number) => ({
    timestamp: new Date(at + ms).toISOString(),
    equity,
    drawdown,
    balance: 0,
  });

  it("moves its last point within a bucket and begins another after it", () => {
    const curve = new EquityCurve(bucketOf(0), [point(0, 100, 0), point(1000, 90, -0.1)]);
    expect(curve.put(at + 1500, 95)).toBe(true);
    expect(curve.equity).toEqual([100, 95]);
    expect(curve.drawdown.at(-1)).toBeCloseTo(-0.05);
    curve.put(at + 2100, 110);
    expect(curve.equity).toEqual([100, 95, 110]);
    expect(curve.drawdown.at(-1)).toBe(0);
  });

  it("measures from a peak that lies before it", () => {
    const curve = new EquityCurve(bucketOf(86_400_000), [point(0, 80, -0.2)]);
    curve.put(at + 600_000, 90);
    expect(curve.drawdown.at(-1)).toBeCloseTo(-0.1);
  });

  it("takes nothing that is older than its end", () => {
    const curve = new EquityCurve(bucketOf(86_400_000), [point(0, 100, 0)]);
    expect(curve.put(at - 1, 50)).toBe(false);
    expect(curve.put(Number.NaN, 50)).toBe(false);
    expect(curve.times).toEqual([at / 1000]);
  });

  it("is as fine as its span allows, and begins with the account", () => {
    const spans = [60_000, 3_600_000, 86_400_000, 20 * 86_400_000, Number.POSITIVE_INFINITY];
    expect(spans.map((span) => bucketOf(span).interval)).toEqual(["1s", "5m", "5m", "1h", "1d"]);
    const start = { created_at: new Date(at - 90_000).toISOString(), cash: 500 };
    const points = [point(0, 510, 0)];
    expect(fromStart(points, start, at - 100_000).map(({ equity }) => equity)).toEqual([500, 510]);
    expect(fromStart(points, start, at - 80_000)).toBe(points);
    expect(fromStart(points, undefined, at)).toBe(points);
    expect(fromStart([], start, 0)).toEqual([]);
  });

  it("loses what is older than its span as time goes on, but for where it begins", () => {
    const kept = Array.from({ length: 60 }, (_, i) => point(i * 1000, i, 0));
    const curve = new EquityCurve(bucketOf(0), kept, 30_000);
    curve.put(at + 70_000, 70);
    expect(curve.equity).toEqual([...Array.from({ length: 20 }, (_, i) => 40 + i), 70]);
    curve.put(at + 500_000, 500);
    expect(curve.equity).toEqual([70, 500]);
  });

  it("becomes coarser rather than shorter", () => {
    const curve = new EquityCurve(bucketOf(0), [point(0, 0, 0)]);
    for (let i = 1; i <= 5000; ++i) curve.put(at + i * 1000, i);
    expect(curve.equity[0]).toBe(0);
    expect(curve.equity.at(-1)).toBe(5000);
    expect(curve.equity.length).toBeLessThanOrEqual(2000);
    expect(curve.equity.length).toBeGreaterThan(900);
    const steps = curve.equity.slice(1).map((value, i) => value - (curve.equity[i] ?? 0));
    expect(Math.max(...steps)).toBeLessThanOrEqual(8);
  });

  it("lacks something after a silence longer than a bucket, or a minute with its peaks", () => {
    const ofDay = new EquityCurve(bucketOf(86_400_000), []);
    expect([30_000, 60_000, 60_001].map((ms) => ofDay.lacks(ms))).toEqual([false, false, true]);
    const ofMinutes = new EquityCurve(bucketOf(60_000), []);
    expect([500, 1000, 1001].map((ms) => ofMinutes.lacks(ms))).toEqual([false, false, true]);
  });

  it("begins with its first live point where nothing was kept", () => {
    const curve = new EquityCurve(bucketOf(0), []);
    curve.put(at, 100);
    curve.put(at + 1, 101);
    expect(curve.equity).toEqual([100, 101]);
  });
});

describe("figures of fills", () => {
  const fill = (realized_pnl: number, fee = 0) => ({ realized_pnl, fee });

  it("count those that closed something", () => {
    const figures = fillFigures([fill(-1, 1), fill(0), fill(30), fill(-9, 1), fill(-1, 1)]);
    expect(figures.closing).toBe(2);
    expect(figures.winRate).toBe(0.5);
    expect(figures.profitFactor).toBeCloseTo(30 / 9);
    expect(figures.average).toBeCloseTo(10.5);
  });

  it("are not known without any", () => {
    expect(fillFigures([fill(-1, 1)])).toEqual({
      closing: 0,
      winRate: null,
      profitFactor: null,
      average: null,
    });
    expect(fillFigures([fill(5)]).profitFactor).toBeNull();
  });
});

describe("Sharpe's ratio", () => {
  it("is annual return by volatility", () => {
    // Returns +10 % and -5 %: g = sqrt(1.045), variance 0.01125; two days a year would give
    // (1.045 - 1) / sqrt((0.01125 + 1.045)^2 - 1.045^2); with 252 the powers grow alike.
    const g = Math.sqrt(1.045);
    const wanted = (g ** 252 - 1) / Math.sqrt((0.01125 + 1.045) ** 252 - 1.045 ** 252);
    expect(sharpeRatio([100, 110, 104.5], 252)).toBeCloseTo(wanted, 10);
  });

  it("is not known from too little", () => {
    expect(sharpeRatio([100, 110], 252)).toBeNull();
    expect(sharpeRatio([100, 100, 100], 252)).toBeNull();
    expect(sharpeRatio([100, 0, 100], 252)).toBeNull();
  });
});

describe("a day of a zone", () => {
  it("begins and ends by that zone's clock", () => {
    expect(dayEdge("2026-11-20", "from", "utc")).toBe("2026-11-20T00:00:00.000Z");
    expect(dayEdge("2026-11-20", "from", "market")).toBe("2026-11-20T05:00:00.000Z");
    expect(dayEdge("2026-07-01", "to", "market")).toBe("2026-07-02T03:59:59.999999Z");
  });

  it("is right where clocks change", () => {
    expect(dayEdge("2026-11-01", "from", "market")).toBe("2026-11-01T04:00:00.000Z");
    expect(dayEdge("2026-11-01", "to", "market")).toBe("2026-11-02T04:59:59.999999Z");
  });

  it("is one that the server knows while its year is being typed", () => {
    for (const zone of ["utc", "market", "local"] as const) {
      for (const edge of ["from", "to"] as const) {
        expect(dayEdge("0002-11-20", edge, zone)).toMatch(/^19(69|70)-/);
        expect(dayEdge("0202-11-20", edge, zone)).toMatch(/^19(69|70)-/);
        expect(dayEdge("9999-12-31", edge, zone)).toMatch(/^9999-12-3/);
      }
    }
    expect(dayEdge("20261-11-20", "from", "utc")).toBeUndefined();
  });

  it("is none where none is given", () => {
    expect(dayEdge("", "from", "utc")).toBeUndefined();
  });
});

describe("positions", () => {
  const live = {
    symbol: "B",
    quantity: -2,
    avg_price: 50,
    price: 55,
    market_value: -110,
    unrealized_pnl: -10,
  };

  it("are the live ones and those that are only listed, by symbol", () => {
    const listed = [
      {
        symbol: "C",
        qty: "3",
        avg_entry_price: "1",
        current_price: "2",
        market_value: "6",
        unrealized_pl: "3",
      },
      {
        symbol: "B",
        qty: "9",
        avg_entry_price: "1",
        current_price: "2",
        market_value: "18",
        unrealized_pl: "9",
      },
    ] as Position[];
    expect(positionRows([live], listed).map((row) => [row.symbol, row.quantity])).toEqual([
      ["B", -2],
      ["C", 3],
    ]);
  });

  it.each([
    [187.34, 187.3333333, 2],
    [1.08345, 1.1, 5],
    [0.00001234, 0.0000123377777, 8],
    [0.5, 0.00123456, 6],
    [Number.NaN, 187.3333333, 2],
  ])("have the last price %d and the average %d with %i decimals", (price, avg_price, decimals) => {
    expect(priceDecimals({ ...live, price, avg_price })).toBe(decimals);
  });

  it("gain a share of what was paid", () => {
    expect(gainShare(live)).toBe(-0.1);
    expect(gainShare({ ...live, quantity: 0 })).toBeNull();
  });
});
