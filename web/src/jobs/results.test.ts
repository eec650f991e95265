import { describe, expect, it } from "vitest";

import {
  aligned,
  drawdown,
  EMPTY_CURVE,
  equityPoints,
  roundPoints,
  sinceStart,
  thinned,
  withPoints,
} from "./curve.ts";
import { bestPlace, FIGURES, type FigureName, figureNamed, figureText } from "./figures.ts";
import { holdCurve } from "./hold.ts";
import { yearRows } from "./months.ts";
import { barsWords } from "./stored_bars.ts";
import { type SweepRow, sweepMap, valuesOf, varied } from "./sweep.ts";
import { TRADE_COLUMNS, type Trade } from "./trades.ts";

describe("a growing curve", () => {
  it("keeps points in order and each place once, the newer point counting", () => {
    const first = withPoints(EMPTY_CURVE, [
      [3, 30],
      [1, 10],
    ]);
    expect(
      withPoints(first, [
        [2, 20],
        [3, 33],
      ]),
    ).toEqual({ at: [1, 2, 3], values: [[10, 20, 33]] });
    expect(withPoints(first, [])).toBe(first);
  });

  it("stays within its limit and keeps the extremes and the ends", () => {
    const points = Array.from(
      { length: 1000 },
      (_, i) => [i, i === 500 ? 1e6 : i === 501 ? -1e6 : i] as const,
    );
    const curve = withPoints(EMPTY_CURVE, points, 100);
    expect(curve.at.length).toBeLessThanOrEqual(100);
    expect(curve.values[0]).toEqual(expect.arrayContaining([0, 999, 1e6, -1e6]));
    expect([...curve.at].sort((a, b) => a - b)).toEqual(curve.at);
  });

  it("is not made longer by thinning", () => {
    expect(thinned({ at: [1, 2], values: [[5, 6]] }, 50)).toEqual({ at: [1, 2], values: [[5, 6]] });
  });

  it("reads what rides along with progress", () => {
    const data = { results: { equity: [{ time: "1970-01-01T00:00:10Z", equity: 5 }] } };
    expect(equityPoints(data)).toEqual([[10, 5]]);
    expect(equityPoints({})).toEqual([]);
    expect(roundPoints([{ round: 2, loss: 0.6, val_loss: 0.7, accuracy: null }])).toEqual([
      [2, 0.6, 0.7, null, null],
    ]);
  });

  it("falls from its highest point", () => {
    expect(drawdown([100, 120, 90, 150, 75])).toEqual([0, 0, -0.25, 0, -0.5]);
  });

  it("is told since its start", () => {
    expect(sinceStart([null, 50, 75])).toEqual([null, 0, 0.5]);
  });

  it("is laid over others, each ending at its own end", () => {
    const a = { at: [1, 3], values: [[10, 30]] };
    const b = { at: [2, 4], values: [[5, 6]] };
    expect(aligned([a, b])).toEqual({
      at: [1, 2, 3, 4],
      values: [
        [10, 10, 30, null],
        [null, 5, 5, 6],
      ],
    });
  });
});

describe("buying and holding", () => {
  const bars = { at: [1, 2, 3, 4], closes: [10, 8, 16, 12] };

  it("begins at the bar that the figure tells", () => {
    // 12 / 8 - 1: bought at the second bar.
    expect(holdCurve([bars], 100, 0.5)).toEqual({
      at: [1, 2, 3, 4],
      values: [[100, 100, 200, 150]],
    });
  });

  it("puts an equal part into each symbol, and keeps one that ends", () => {
    const short = { at: [1, 2], closes: [4, 6] };
    const mean = (12 / 10 - 1 + (6 / 4 - 1)) / 2;
    expect(holdCurve([bars, short], 100, mean)).toEqual({
      at: [1, 2, 3, 4],
      values: [[100, 115, 155, 135]],
    });
  });

  it("is not drawn where the bars do not fit the figure", () => {
    expect(holdCurve([bars], 100, 7)).toBeNull();
    expect(holdCurve([bars], 100, null)).toBeNull();
    expect(holdCurve([], 100, 0.5)).toBeNull();
  });
});

describe("months", () => {
  it("stand by year, newest first, and compound to the year", () => {
    const rows = yearRows([
      { month: "2004-11", return: 0.1 },
      { month: "2004-12", return: -0.1 },
      { month: "2005-01", return: 0.5 },
    ]);
    expect(rows.map(({ year }) => year)).toEqual(["2005", "2004"]);
    expect(rows[1]?.months.slice(9)).toEqual([null, 0.1, -0.1]);
    expect(rows[1]?.whole).toBeCloseTo(-0.01, 12);
  });
});

describe("a sweep's map", () => {
  const row = (fast: number, slow: number, short: boolean, sharpe: number | null): SweepRow => ({
    params: { fast, slow, short, fixed: 1 },
    results: { sharpe_ratio: sharpe } as SweepRow["results"],
    ruined: false,
  });
  const rows = [
    row(10, 30, false, 0.5),
    row(10, 30, true, 0.9),
    row(5, 100, false, null),
    row(5, 30, true, 0.1),
  ];

  it("is of parameters that vary, their values in order", () => {
    expect(varied(rows)).toEqual(["fast", "slow", "short"]);
    expect(valuesOf(rows, "slow")).toEqual(["30", "100"]);
  });

  it("has the best of the other parameters in each cell", () => {
    const { rows: down, columns, best } = sweepMap(rows, "fast", "slow", "sharpe_ratio");
    expect([down, columns]).toEqual([
      ["5", "10"],
      ["30", "100"],
    ]);
    const figures = best.map((line) => line.map((each) => each?.results.sharpe_ratio));
    expect(figures).toEqual([
      [0.1, null],
      [0.9, undefined],
    ]);
  });

  it("is one row for a sweep of one parameter", () => {
    expect(sweepMap(rows, "", "fast", "sharpe_ratio").best).toHaveLength(1);
  });
});

describe("figures", () => {
  const text = (name: FigureName, value: number | null) => {
    const figure = figureNamed(name);
    return figure ? figureText(figure, value) : "";
  };

  it("have sign and arrow where they are gains", () => {
    expect(text("total_return", 0.6442)).toBe("▲ +64.42 %");
    expect(text("total_return", -0.1)).toBe("▼ −10.00 %");
    expect(text("max_drawdown", -0.2939)).toBe("−29.39 %");
    expect(text("sharpe_ratio", null)).toBe("–");
  });

  it("each have a formula", () => {
    expect(FIGURES.every(({ formula }) => formula.length > 5)).toBe(true);
    expect(new Set(FIGURES.map(({ name }) => name)).size).toBe(15);
  });

  it("tell the best run, where there is a contest", () => {
    const best = (name: FigureName, values: (number | null)[]) => {
      const figure = figureNamed(name);
      return figure && bestPlace(figure, values);
    };
    expect(best("sharpe_ratio", [0.1, null, 0.4])).toBe(2);
    expect(best("max_drawdown", [-0.3, -0.1])).toBe(1);
    expect(best("fees", [3, 1])).toBe(1);
    expect(best("trades", [3, 1])).toBe(-1);
    expect(best("sqn", [2, 2])).toBe(-1);
  });
});

describe("stored bars", () => {
  const stored = { symbol: "SP500", newest: new Map([["1d", "2020-04-17T00:00:00Z"]] as const) };

  it("are told with what there is instead", () => {
    expect(barsWords(stored, "1d")).toEqual({
      words: "SP500: 1d bars up to 2020-04-17",
      lacking: false,
    });
    expect(barsWords(stored, "1m")).toEqual({
      words: "SP500: no 1m bars, only 1d.",
      lacking: true,
    });
    expect(barsWords({ symbol: "X", newest: new Map() }, "1d").words).toContain("Import a CSV");
  });
});

it("prices of a trade are shown with the same decimals, those of cheap coins too", () => {
  const prices = (entry_price: number, exit_price: number) =>
    TRADE_COLUMNS.filter(({ label }) => label === "Entry" || label === "Exit").map(({ text }) =>
      text({ entry_price, exit_price } as Trade, 0),
    );
  expect(prices(187.34, 190.1234)).toEqual(["187.34", "190.12"]);
  expect(prices(0.00001234, 0.000123)).toEqual(["0.00001234", "0.00012300"]);
});
