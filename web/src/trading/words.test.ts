import { describe, expect, it } from "vitest";

import type { Order } from "../api/orders";
import { ApiError } from "../api/problem";
import { EMPTY_DRAFT } from "./draft";
import { estimate } from "./estimate";
import { outcomeOf, refusalOf, sentenceOf } from "./words";

const draft = { ...EMPTY_DRAFT, symbol: "AAPL", size: "10" };

describe("the button of the ticket", () => {
  it("says what will happen", () => {
    expect(sentenceOf(draft, "paper", "AAPL")).toBe("Buy 10 AAPL, paper");
    expect(
      sentenceOf({ ...draft, side: "sell", type: "limit", limit: "187.2" }, "bot", "AAPL"),
    ).toBe("Sell 10 AAPL at 187.2, paper account bot");
    expect(sentenceOf({ ...draft, sizeBy: "notional", size: "500" }, "paper", "AAPL")).toBe(
      "Buy $500 of AAPL, paper",
    );
    expect(sentenceOf({ ...draft, type: "trailing_stop", trail: "2" }, "paper", "AAPL")).toBe(
      "Buy 10 AAPL trailing 2 %, paper",
    );
    expect(sentenceOf(EMPTY_DRAFT, "paper", "")).toBe("Buy …, paper");
  });
});

describe("a refusal", () => {
  it("has the code, the reason, what to do and the field", () => {
    const error = new ApiError("Insufficient buying power.", "refused", {
      status: 403,
      code: 40310000,
      reason: "insufficient_buying_power",
    });
    expect(refusalOf(error)).toEqual({
      title: "Refused: Insufficient buying power.",
      text: "Make the order smaller, or close something first. (40310000, insufficient_buying_power)",
      field: "size",
      certain: true,
    });
  });

  it("points at the field that the server names", () => {
    const of = (field: string) =>
      refusalOf(new ApiError("x", "refused", { status: 422, field })).field;
    expect(of("take_profit.limit_price")).toBe("takeProfit");
    expect(of("stop_loss.stop_price")).toBe("stopLoss");
    expect(of("stop_loss.limit_price")).toBe("stopLossLimit");
    expect(of("limit_price")).toBe("limit");
    expect(of("client_order_id")).toBeNull();
  });

  it("is none when nobody knows", () => {
    expect(refusalOf(new ApiError("late", "timeout")).certain).toBe(false);
    expect(refusalOf(new ApiError("broken", "refused", { status: 500 })).certain).toBe(false);
  });
});

it("tells what became of an order", () => {
  const order = {
    symbol: "AAPL",
    side: "buy",
    qty: "10",
    notional: null,
    filled_qty: "10",
    filled_avg_price: "187.33",
    status: "filled",
  } as Order;
  expect(outcomeOf(order)).toEqual({ title: "Bought 10 AAPL", text: "Filled at $187.33." });
  expect(outcomeOf({ ...order, status: "new", filled_qty: "0" })).toEqual({
    title: "Open: buy 10 AAPL",
    text: "Nothing filled yet.",
  });
  expect(outcomeOf({ ...order, status: "canceled", filled_qty: "4" }).text).toBe(
    "Bought 4 AAPL at $187.33.",
  );
});

describe("an estimate", () => {
  const prices = { bid: 99, ask: 101 };
  const power = { buying_power: "2000", non_marginable_buying_power: "1500" };

  it("takes the price that the order would meet", () => {
    expect(estimate(draft, prices, 0, power, false)).toMatchObject({ value: 1010, left: 990 });
    expect(estimate({ ...draft, side: "sell" }, prices, 0, power, true).left).toBe(510);
    expect(estimate({ ...draft, type: "limit", limit: "90" }, prices, 0, power, false).value).toBe(
      900,
    );
    expect(
      estimate({ ...draft, sizeBy: "notional", size: "202" }, prices, 0, power, false).quantity,
    ).toBe(2);
  });

  it("needs no buying power to make a position smaller", () => {
    const sell = estimate({ ...draft, side: "sell" }, prices, 25, power, false);
    expect(sell).toMatchObject({ reduces: true, left: 2000 });
  });

  it("is not known without a size", () => {
    expect(estimate(EMPTY_DRAFT, prices, 0, null, false).value).toBeNaN();
  });
});
