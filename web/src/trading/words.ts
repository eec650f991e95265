// What an order is, has become, or why it was refused, in words. Pure.

import type { Order, OrderType, TimeInForce } from "../api/orders.ts";
import { ApiError, wordsOfError } from "../api/problem.ts";
import {
  formatMoney,
  formatPrice,
  formatQuantity,
  leastDecimals,
  shown,
} from "../format/numbers.ts";
import { asked, type Draft, type FieldName, type Side } from "./draft.ts";
import { ADVICE } from "./refusals.ts";

export const TYPE_NAMES: Record<OrderType, string> = {
  market: "Market",
  limit: "Limit",
  stop: "Stop",
  stop_limit: "Stop limit",
  trailing_stop: "Trailing stop",
};

export const TIME_NAMES: Record<TimeInForce, string> = {
  day: "Day",
  gtc: "Until cancelled",
  ioc: "At once, rest cancelled",
  fok: "All at once or nothing",
  opg: "At the opening",
  cls: "At the close",
};

export const STATUS_NAMES: Partial<Record<Order["status"], string>> = {
  new: "Open",
  partially_filled: "Partly filled",
  accepted: "Waits for session",
  held: "Waits for entry",
  canceled: "Cancelled",
};

/** What the button of the ticket says: "Buy 10 AAPL at 187.20, paper". */
export function sentenceOf(draft: Draft, account: string, symbol: string): string {
  const fields = asked(draft);
  const size = draft.size.trim();
  const sized = size === "" ? "" : draft.sizeBy === "qty" ? ` ${size}` : ` $${size} of`;
  const price = (field: "limit" | "stop" | "takeProfit" | "stopLoss", word: string): string =>
    fields.has(field) && draft[field].trim() !== "" ? ` ${word} ${draft[field].trim()}` : "";
  const trail = `${draft.trail.trim()}${draft.trailBy === "percent" ? " %" : ""}`;
  return [
    draft.side === "buy" ? "Buy" : "Sell",
    sized,
    ` ${symbol || "…"}`,
    price("stop", "from"),
    price("limit", "at"),
    draft.class === "oco" ? price("takeProfit", "at") + price("stopLoss", "or from") : "",
    draft.type === "trailing_stop" && draft.trail.trim() !== "" ? ` trailing ${trail}` : "",
    `, ${account === "paper" ? "paper" : `paper account ${account}`}`,
  ].join("");
}

/** What became of an order that was taken. */
export function outcomeOf(order: Order): { title: string; text: string } {
  const did = order.side === "buy" ? "Bought" : "Sold";
  const filled = `${did} ${formatQuantity(shown(order.filled_qty))} ${order.symbol}`;
  const price = shown(order.filled_avg_price);
  const at = `at ${formatMoney(price, leastDecimals(price))}`;
  const none = shown(order.filled_qty) === 0;
  if (order.status === "filled") return { title: filled, text: `Filled ${at}.` };
  const wish = `${order.side} ${sizeText(order)} ${order.symbol}`;
  if (order.status === "canceled" || order.status === "expired") {
    const rest = "It could not be filled at once.";
    return { title: `${capital(order.status)}: ${wish}`, text: none ? rest : `${filled} ${at}.` };
  }
  const now = STATUS_NAMES[order.status] ?? order.status;
  return { title: `${now}: ${wish}`, text: none ? "Nothing filled yet." : `${filled} ${at}.` };
}

export const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

export function sizeText(order: Pick<Order, "qty" | "notional">): string {
  return order.qty !== null ? formatQuantity(shown(order.qty)) : formatMoney(shown(order.notional));
}

/** "187.20", "from 190.00", "trails 2 %": the prices that an order waits for. */
export function priceText(order: Order): string {
  const parts: string[] = [];
  if (order.trail_percent !== null) parts.push(`trails ${order.trail_percent} %`);
  if (order.trail_price !== null) parts.push(`trails ${order.trail_price}`);
  // A trailing stop has as many decimals as its trail makes.
  const trailing = shown(order.stop_price);
  const stop = parts.length > 0 ? formatPrice(trailing, leastDecimals(trailing)) : order.stop_price;
  if (order.stop_price !== null) parts.push(`from ${stop}`);
  if (order.limit_price !== null) parts.push(order.limit_price);
  return parts.join(" · ") || "Market";
}

export const opposite = (side: Side): Side => (side === "buy" ? "sell" : "buy");

export interface Refusal {
  readonly title: string;
  readonly text: string;
  readonly field: FieldName | null;
  /** False: whether the order was placed is not known; sent again, it is the same order. */
  readonly certain: boolean;
}

const FIELDS: readonly [RegExp, FieldName][] = [
  [/take_profit/, "takeProfit"],
  [/stop_loss\.limit/, "stopLossLimit"],
  [/stop_loss|leg_/, "stopLoss"],
  [/limit_price|sub_penny|price_collar/, "limit"],
  [/stop_price/, "stop"],
  [/trail/, "trail"],
  [/time_in_force/, "time"],
  [/class|bracket|oco|extra_leg/, "class"],
  [/symbol|no_price/, "symbol"],
  [/qty|notional|fraction|buying_power|max_order/, "size"],
];

/** Why an order was not taken, and the field to look at. */
export function refusalOf(error: unknown): Refusal {
  const words = wordsOfError(error);
  if (!(error instanceof ApiError)) return { title: words, text: "", field: null, certain: true };
  if (error.failure !== "refused" || error.status >= 500) {
    const text = "Press again: the same order is never placed twice.";
    return { title: words, text, field: null, certain: false };
  }
  const cause = error.field ?? error.reason ?? "";
  const field = FIELDS.find(([pattern]) => pattern.test(cause))?.[1] ?? null;
  const advice = ADVICE[error.reason ?? ""] ?? "";
  const source = [error.code, error.reason].filter((part) => part !== null).join(", ");
  return {
    title: `Refused: ${words}`,
    text: `${advice} (${source || error.status})`.trim(),
    field,
    certain: true,
  };
}
