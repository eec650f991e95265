import { describe, expect, it } from "vitest";

import { asked, changed, check, type Draft, EMPTY_DRAFT, symbolOf, timesOf } from "./draft";

const instruments = new Map([
  ["AAPL", "us_equity"],
  ["BTC", "crypto"],
] as const);
const draft = (fields: Partial<Draft>): Draft => ({
  ...EMPTY_DRAFT,
  symbol: "AAPL",
  size: "10",
  ...fields,
});
const faultsOf = (fields: Partial<Draft>) => check(draft(fields), instruments).faults;
const orderOf = (fields: Partial<Draft>) => check(draft(fields), instruments).order;

describe("a draft that can be sent", () => {
  it("goes digit by digit as it was typed", () => {
    const size = "12345678.123456789"; // more digits than a float has
    expect(orderOf({ symbol: "btc", size, type: "limit", limit: "0.1", time: "gtc" })).toEqual({
      symbol: "BTC",
      side: "buy",
      type: "limit",
      time_in_force: "gtc",
      order_class: "simple",
      qty: size,
      limit_price: "0.1",
    });
  });

  it("has only what its type needs, whatever was typed before", () => {
    const left = { limit: "1", stop: "2", trail: "3", takeProfit: "x" };
    expect(orderOf({ ...left, type: "market" })).not.toHaveProperty("limit_price");
    expect(orderOf({ ...left, type: "stop" })).toMatchObject({ stop_price: "2" });
    expect(orderOf({ ...left, type: "trailing_stop", trailBy: "price" })).toMatchObject({
      trail_price: "3",
    });
  });

  it("goes by amount", () => {
    const order = orderOf({ sizeBy: "notional", size: "1,250.50" });
    expect(order).toMatchObject({ notional: "1250.5" });
    expect(order).not.toHaveProperty("qty");
  });

  it("has its legs", () => {
    const legs = { takeProfit: "200", stopLoss: "180" };
    expect(orderOf({ ...legs, class: "bracket", stopLossLimit: "179" })).toMatchObject({
      order_class: "bracket",
      take_profit: { limit_price: "200" },
      stop_loss: { stop_price: "180", limit_price: "179" },
    });
    expect(orderOf({ ...legs, class: "oto", takeProfit: "" })).not.toHaveProperty("take_profit");
  });

  it("is the take-profit itself when it is an exit", () => {
    const exit = { class: "oco", type: "limit", side: "sell", takeProfit: "200" } as const;
    const order = orderOf({ ...exit, stopLoss: "180" });
    expect(order).toMatchObject({ limit_price: "200", stop_loss: { stop_price: "180" } });
    expect(order).not.toHaveProperty("take_profit");
  });
});

describe("a draft that cannot be sent says why", () => {
  it.each<[Partial<Draft>, keyof Draft, RegExp]>([
    [{ symbol: "" }, "symbol", /missing/],
    [{ symbol: "XYZ" }, "symbol", /XYZ is not traded/],
    [{ size: "" }, "size", /Quantity is missing/],
    [{ size: "ten" }, "size", /number/],
    [{ size: "0" }, "size", /more than 0/],
    [{ size: "-3" }, "size", /more than 0/],
    [{ size: "0.5", time: "gtc" }, "size", /Fractions/],
    [{ sizeBy: "notional", size: "0.99" }, "size", /at least 1/],
    [{ sizeBy: "notional", time: "gtc" }, "size", /day orders/],
    [{ type: "limit", limit: "" }, "limit", /missing/],
    [{ type: "limit", limit: "187.123" }, "limit", /2 decimals for a stock/],
    [{ type: "limit", limit: "0.12345" }, "limit", /4 decimals/],
    [{ type: "trailing_stop", trail: "100" }, "trail", /below 100/],
    [{ class: "bracket", takeProfit: "180", stopLoss: "190" }, "stopLoss", /below/],
    [{ class: "bracket", side: "sell", takeProfit: "190", stopLoss: "180" }, "stopLoss", /above/],
    [{ class: "oto" }, "takeProfit", /not both/],
    [{ class: "oto", takeProfit: "1", stopLoss: "2" }, "takeProfit", /not both/],
    [
      { class: "oco", type: "limit", side: "sell", takeProfit: "180", stopLoss: "190" },
      "stopLoss",
      /below/,
    ],
  ])("%o", (fields, field, words) => {
    const { order, faults } = check(draft(fields), instruments);
    expect(order).toBeNull();
    expect(Object.keys(faults)).toEqual([field]);
    expect(Object.values(faults)[0]).toMatch(words);
  });

  it("but not of coins what holds for stocks", () => {
    expect(
      faultsOf({ symbol: "BTC", size: "0.001", type: "limit", limit: "6.123456", time: "gtc" }),
    ).toEqual({});
  });
});

describe("a change", () => {
  it("keeps what goes together", () => {
    const trailing = changed(draft({ time: "ioc" }), { type: "trailing_stop" });
    expect(trailing.time).toBe("day");
    expect(changed(trailing, { class: "bracket" }).type).toBe("market");
    expect(changed(trailing, { class: "oco" }).type).toBe("limit");
    expect(timesOf(changed(draft({}), { class: "oto" }))).toEqual(["day", "gtc"]);
  });

  it("asks for the fields of its type", () => {
    expect(asked(draft({ type: "stop_limit" })).has("stop")).toBe(true);
    expect(asked(draft({ class: "oco", type: "limit" })).has("limit")).toBe(false);
    expect(asked(draft({ class: "bracket" })).has("takeProfit")).toBe(true);
  });
});

describe("a symbol", () => {
  const listed = new Map([
    ["AAPL", "us_equity"],
    ["eurusd", "us_equity"],
    ["MUSD", "us_equity"],
    ["BTC", "crypto"],
    ["ETHUSD", "crypto"],
  ] as const);
  it("is found as it is, in other letters, and a coin by each of its names", () => {
    for (const [typed, meant] of [
      [" aapl ", "AAPL"],
      ["eurusd", "eurusd"],
      ["EURUSD", "eurusd"],
      ["BTC", "BTC"],
      ["btc/usd", "BTC"],
      ["BTCUSD", "BTC"],
      ["ETH", "ETHUSD"],
      ["eth/usd", "ETHUSD"],
      ["musd", "MUSD"],
      ["M", "M"],
      ["xyz", "XYZ"],
      ["", ""],
    ] as const) {
      expect(symbolOf(typed, listed), typed).toBe(meant);
    }
    const draft = { ...EMPTY_DRAFT, symbol: "btc/usd", size: "1" };
    expect(check(draft, listed).order?.symbol).toBe("BTC");
    expect(check({ ...draft, symbol: "eurusd" }, listed).order?.symbol).toBe("eurusd");
  });
});
