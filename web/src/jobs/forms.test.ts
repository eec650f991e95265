import { describe, expect, it } from "vitest";

import type { Strategy } from "../api/jobs.ts";
import {
  checkedBacktest,
  emptyBacktest,
  fractionAsPercent,
  percentAsFraction,
} from "./backtest_form.ts";
import { type Parameter, typedParameters, typedSymbols, typedValues } from "./parameters.ts";
import { checkedTraining } from "./training_form.ts";
import { refusalOfFile, symbolOfFile } from "./upload.ts";

const fast: Parameter = {
  name: "fast",
  type: "integer",
  minimum: 1,
  maximum: 100,
  default: 10,
  description: "bars of the fast average",
};
const share: Parameter = { ...fast, name: "share", type: "number", minimum: 0, maximum: 1 };
const short: Parameter = { name: "short", type: "boolean", default: false, description: "" };

describe("typed values", () => {
  it("is one value, a list, a range, or all of them, each once", () => {
    expect(typedValues(" 5 ", fast).values).toEqual([5]);
    expect(typedValues("5, 10,5", fast).values).toEqual([5, 10]);
    expect(typedValues("10:50:10", fast).values).toEqual([10, 20, 30, 40, 50]);
    expect(typedValues("1:3, 20", fast).values).toEqual([1, 2, 3, 20]);
  });

  it("steps in decimals without drifting", () => {
    expect(typedValues("0.1:0.7:0.1", share).values).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]);
  });

  it("leaves a default to the server", () => {
    expect(typedValues("", fast)).toEqual({ values: [], fault: null });
  });

  it("says what is wrong and what is right", () => {
    expect(typedValues("0", fast).fault).toBe("fast must be a whole number from 1 to 100, got 0.");
    expect(typedValues("2.5", fast).fault).toContain("a whole number");
    expect(typedValues("ten", fast).fault).toContain("fast: ten is no number");
    expect(typedValues("10:5:1", fast).fault).toContain("10:5:1");
    expect(typedValues("1:5:0", fast).fault).toContain("1:5:0");
    expect(typedValues("maybe", short).fault).toContain("neither true nor false");
  });

  it("ends endless ranges", () => {
    const wide = { ...share, maximum: 1e9 };
    expect(typedValues("0:1000000:0.0001", wide).fault).toContain("too many");
  });
});

describe("typed parameters", () => {
  it("counts combinations, and sends single values as such", () => {
    const typed = { fast: "5, 10", share: "0:1:0.5", short: "false, true" };
    expect(typedParameters([fast, share, short], typed)).toEqual({
      params: { fast: [5, 10], share: [0, 0.5, 1], short: [false, true] },
      faults: {},
      combinations: 12,
    });
    expect(typedParameters([fast, short], { fast: "7" })).toEqual({
      params: { fast: 7 },
      faults: {},
      combinations: 1,
    });
  });

  it("names each symbol once", () => {
    expect(typedSymbols("AAPL, MSFT;AAPL  BTC/USD")).toEqual(["AAPL", "MSFT", "BTC/USD"]);
  });
});

describe("a backtest's form", () => {
  const strategy: Strategy = { name: "x", description: "", portfolio: false, parameters: [fast] };
  const form = (change: object) => ({ ...emptyBacktest("AAPL", "1d"), ...change });

  it("sends money digit by digit", () => {
    const { wish } = checkedBacktest(
      form({ cash: "10,000.10", fee: "0.2", slippage: "1.50" }),
      strategy,
    );
    expect(wish).toMatchObject({ cash: "10000.1", fee: "0.002", slippage_bps: "1.5" });
  });

  it("moves the point of a percentage both ways", () => {
    for (const [percent, fraction] of [
      ["0.2", "0.002"],
      ["0", "0"],
      ["1", "0.01"],
      ["12.345", "0.12345"],
      ["150", "1.5"],
      ["0.001", "0.00001"],
    ] as const) {
      expect(percentAsFraction(percent)).toBe(fraction);
      expect(fractionAsPercent(fraction)).toBe(percent);
    }
  });

  it("marks the field that is wrong by the server's name for it", () => {
    const wrong = form({
      cash: "0",
      fee: "-1",
      symbols: " ",
      params: { fast: "x" },
      from: "2020-02-01",
      to: "2020-01-01",
    });
    const { faults } = checkedBacktest(wrong, strategy);
    expect(Object.keys(faults).sort()).toEqual(["cash", "fee", "params.fast", "symbols", "to"]);
  });

  it("leaves out an open end of the range", () => {
    const { wish } = checkedBacktest(form({ from: "2020-01-01" }), strategy);
    expect(wish.from).toBe("2020-01-01");
    expect("to" in wish).toBe(false);
  });

  it("refuses sweeps that the server would", () => {
    const many = checkedBacktest(form({ params: { fast: "1:100", slow: "1:200" } }), {
      ...strategy,
      parameters: [fast, { ...fast, name: "slow", maximum: 1000 }],
    });
    expect(many.combinations).toBe(20_000);
    expect(many.faults["params"]).toContain("10,000");
  });
});

describe("a training's form", () => {
  const form = (params: Record<string, string>) =>
    checkedTraining({ params, symbols: "SP500", timeframe: "1d", from: "", to: "" });

  it("sends rounds beside the other parameters", () => {
    const { wish, faults } = form({ rounds: "60", max_depth: "4" });
    expect(faults).toEqual({});
    expect(wish).toMatchObject({ rounds: 60, params: { max_depth: 4 } });
  });

  it("takes no lists", () => {
    expect(form({ rounds: "10, 20", seed: "-1" }).faults).toEqual({
      rounds: "A training takes one value.",
      "params.seed": "seed must be a whole number from 0 to 2147483647, got -1.",
    });
  });
});

describe("a file to import", () => {
  it("tells its symbol by its name", () => {
    expect(symbolOfFile("goog.csv.gz")).toBe("GOOG");
    expect(symbolOfFile("my prices of 2020.csv")).toBe("");
  });

  it("is refused before it is sent where the server could not read it", () => {
    expect(refusalOfFile("a.csv", 10)).toBe("");
    expect(refusalOfFile("a.csv", 0)).toBe("The file is empty.");
    expect(refusalOfFile("spy.ZIP", 10)).toContain("livetape import spy.ZIP");
  });
});
