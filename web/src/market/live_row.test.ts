import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { stream } from "../stream/client";
import { MarketBoard } from "../stream/market_board";
import { ticketWish } from "../trading/ticket";
import { FLASH_MS, Flashes } from "./flash";
import { followRow, type RowLook } from "./live_row";
import { PriceDecimals } from "./price_decimals";
import { tradeAtBook, typedPrice } from "./ticket_prices";

function boardWith(symbol: string) {
  const board = new MarketBoard();
  let now = 0;
  const quote = (price: number, bid = Number.NaN, change = Number.NaN): void => {
    const values = new Float64Array([price, bid, Number.NaN, 0, 0, change, 0, 0]);
    const at = new Uint32Array([0]);
    const symbols = board.size === 0 ? [symbol] : [];
    board.apply({ kind: "quotes", whole: false, base: 0, symbols, at, values, leftOut: 0 });
    now += 1000;
    board.flush(now);
  };
  return { board, quote };
}

function rowElement(): HTMLElement {
  const row = document.createElement("div");
  for (const name of ["price", "bid", "change"]) {
    const cell = document.createElement("span");
    cell.dataset["cell"] = name;
    if (name === "change")
      cell.append(document.createElement("span"), document.createElement("span"));
    row.append(cell);
  }
  return row;
}

const look = (flashes: RowLook["flashes"]): RowLook => ({
  ...{ up: "", down: "", quiet: "" },
  flashes,
  curves: null,
});

describe("a live row", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("shows the newest quote in the elements that are there", () => {
    const { board, quote } = boardWith("AAPL");
    quote(187.34, 187.3, 1.26);
    const row = rowElement();
    const stop = followRow(row, board, 0, look(null));
    const [price, bid, change] = [...row.children];
    const text = price?.firstChild;
    expect(price?.textContent).toBe("187.34");
    expect(bid?.textContent).toBe("187.30");
    expect(change?.textContent).toBe("▲+1.26 %");
    quote(187.35, 187.31, -0.5);
    expect(price?.textContent).toBe("187.35");
    expect(price?.firstChild).toBe(text);
    expect(change?.getAttribute("data-direction")).toBe("down");
    stop();
    quote(200);
    expect(price?.textContent).toBe("187.35");
  });

  it("is tinted when its price moves, and not for long", () => {
    const { board, quote } = boardWith("AAPL");
    quote(10);
    const row = rowElement();
    const stop = followRow(row, board, 0, look(new Flashes()));
    const price = row.children[0] as HTMLElement;
    expect(price.dataset["flash"]).toBeUndefined();
    quote(10, 9);
    expect(price.dataset["flash"]).toBeUndefined();
    quote(9);
    expect(price.dataset["flash"]).toBe("down");
    vi.advanceTimersByTime(FLASH_MS);
    expect(price.dataset["flash"]).toBeUndefined();
    vi.advanceTimersByTime(1000);
    quote(11);
    expect(price.dataset["flash"]).toBe("up");
    stop();
    expect(price.dataset["flash"]).toBeUndefined();
  });
});

describe("decimals of a symbol", () => {
  it("are those of its finest price so far, as far as its size makes them readable", () => {
    const decimals = new PriceDecimals();
    expect(decimals.of("A", 3.5)).toBe(2);
    expect(decimals.of("A", 3.5465)).toBe(4);
    expect(decimals.of("A", 3.5, Number.NaN)).toBe(4);
    expect(decimals.of("BTC", 61837.123456)).toBe(2);
    expect(decimals.of("TINY", 0.00001234)).toBe(8);
    expect(decimals.of("TINIEST", 0.000000123)).toBe(9);
  });

  it("make the price of a ticket, without an exponent or idle zeros", () => {
    expect(typedPrice(0.00001234, 8)).toBe("0.00001234");
    expect(typedPrice(187.3, 2)).toBe("187.3");
    expect(typedPrice(1000, 2)).toBe("1000");
    expect(typedPrice(61837.499999, 2)).toBe("61837.5");
  });

  it("do not round the price at which the book offers", () => {
    const [bid, ask] = [61837.4999, 0.000000124];
    const values = new Float64Array([
      bid,
      bid,
      61837.5041,
      0,
      0,
      0,
      0,
      0,
      0,
      ask,
      ask,
      ask,
      0,
      0,
      0,
      0,
      0,
      0,
    ]);
    const [at, symbols] = [new Uint32Array([0, 1]), ["COIN", "SMALL"]];
    stream.market.apply({ kind: "quotes", whole: true, base: 0, symbols, at, values, leftOut: 0 });
    const priceOf = (symbol: string, side: "buy" | "sell") => {
      tradeAtBook(symbol, side);
      return ticketWish.get()?.price;
    };
    expect(priceOf("COIN", "buy")).toBe("61837.5041");
    expect(priceOf("COIN", "sell")).toBe("61837.4999");
    expect(priceOf("SMALL", "buy")).toBe("0.000000124");
  });
});
