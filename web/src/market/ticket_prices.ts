// Opening the order ticket from what the market shows.

import { decimalsOf } from "../format/numbers";
import { stream } from "../stream/client";
import { openTicket } from "../trading/ticket";
import type { Side } from "./marks";
import { priceDecimals } from "./price_decimals";
import { symbols } from "./symbols.svelte";

/** A price as a person would type it: "0.000123", never "1.23e-4". */
export function typedPrice(price: number, decimals: number): string {
  return price
    .toFixed(decimals)
    .replace(/(\.\d*?)0+$/, "$1")
    .replace(/\.$/, "");
}

/** A limit order at the price that the other side of the book offers; without one at the market. */
export function tradeAtBook(symbol: string, side: Side): void {
  const board = stream.market;
  const price = board.value(board.row(symbol), side === "buy" ? "ask" : "bid");
  if (!Number.isFinite(price)) openTicket({ symbol, side });
  // All its digits, also those that are not shown: rounded it might be none that the book offers. A
  // stock's order has fewer than its quote may have.
  else if (symbols.classOf(symbol) === "us_equity") tradeAt(symbol, side, price);
  else openTicket({ symbol, side, type: "limit", price: typedPrice(price, decimalsOf(price)) });
}

export function tradeAt(symbol: string, side: Side, price: number): void {
  openTicket({ symbol, side, type: "limit", price: typedPrice(price, priceDecimals.of(symbol)) });
}
