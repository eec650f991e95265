import { describe, expect, it } from "vitest";

import { filtered, moved, nextSort, sorted, toggled } from "./watch_order.ts";

const prices: Record<string, number> = { A: 3, B: 1, C: Number.NaN, D: 2 };
const value = (symbol: string) => prices[symbol] ?? Number.NaN;

describe("the filter", () => {
  it("finds symbols by any part, those that begin with it first", () => {
    expect(filtered(["XBTC", "ETH", "BTC/USD"], "btc")).toEqual(["BTC/USD", "XBTC"]);
  });

  it("wants every word", () => {
    expect(filtered(["BTC/USD", "BTC/EUR"], "btc eur")).toEqual(["BTC/EUR"]);
  });

  it("is not there while it is empty", () => {
    const all = ["B", "A"];
    expect(filtered(all, "  ")).toBe(all);
  });
});

describe("sorting", () => {
  const sort = (descending: boolean) =>
    sorted(["A", "B", "C", "D"], { column: "price", descending }, value);

  it("goes by value, and what has none stands last either way", () => {
    expect(sort(false)).toEqual(["B", "D", "A", "C"]);
    expect(sort(true)).toEqual(["A", "D", "B", "C"]);
  });

  it("knows numbers in names", () => {
    const byName = { column: "symbol", descending: false } as const;
    expect(sorted(["S10", "S9", "a1"], byName, value)).toEqual(["a1", "S9", "S10"]);
  });

  it("keeps the order of equals", () => {
    const byPrice = { column: "price", descending: true } as const;
    expect(sorted(["X", "Y"], byPrice, () => 1)).toEqual(["X", "Y"]);
  });

  it("goes through both directions and back to the list's own order", () => {
    let sort = nextSort({ column: null, descending: false }, "change");
    expect(sort).toEqual({ column: "change", descending: true });
    sort = nextSort(sort, "change");
    expect(sort).toEqual({ column: "change", descending: false });
    expect(nextSort(sort, "change").column).toBeNull();
    expect(nextSort(sort, "symbol")).toEqual({ column: "symbol", descending: false });
  });
});

describe("a person's own list", () => {
  it("takes a symbol in at the end and out again", () => {
    expect(toggled(["A"], "B")).toEqual(["A", "B"]);
    expect(toggled(["A", "B"], "A")).toEqual(["B"]);
  });

  it("moves a symbol, but never out of the list", () => {
    expect(moved(["A", "B", "C"], "C", -1)).toEqual(["A", "C", "B"]);
    expect(moved(["A", "B", "C"], "A", -1)).toEqual(["A", "B", "C"]);
    expect(moved(["A", "B", "C"], "B", 9)).toEqual(["A", "C", "B"]);
    expect(moved(["A"], "Z", 1)).toEqual(["A"]);
  });
});
