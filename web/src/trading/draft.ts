// An order as a person writes it: every field a text. Says which fields count, what is wrong with
// them in words, and what is to be sent, decimal by decimal as it was typed. Pure.

import type { OrderTicket, OrderType, TimeInForce } from "../api/orders.ts";
import { compareDecimals, typedDecimal } from "../format/decimals.ts";
import { coinOf } from "../market/coin_names.ts";
import type { TicketWish } from "./ticket.ts";

export type Side = "buy" | "sell";
export type OrderClass = "simple" | "bracket" | "oco" | "oto";

export interface Draft {
  readonly symbol: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly time: TimeInForce;
  readonly class: OrderClass;
  readonly sizeBy: "qty" | "notional";
  readonly size: string;
  readonly limit: string;
  readonly stop: string;
  readonly trailBy: "percent" | "price";
  readonly trail: string;
  readonly takeProfit: string;
  readonly stopLoss: string;
  readonly stopLossLimit: string;
}

export type FieldName = Exclude<keyof Draft, "sizeBy" | "trailBy">;
export type Faults = Partial<Record<FieldName, string>>;

export const EMPTY_DRAFT: Draft = {
  symbol: "",
  side: "buy",
  type: "market",
  time: "day",
  class: "simple",
  sizeBy: "qty",
  size: "",
  limit: "",
  stop: "",
  trailBy: "percent",
  trail: "",
  takeProfit: "",
  stopLoss: "",
  stopLossLimit: "",
};

/** Instruments by name; the class decides about decimals and fractions. */
export type Instruments = ReadonlyMap<string, "us_equity" | "crypto">;

const LIMITED: readonly OrderType[] = ["limit", "stop_limit"];
const STOPPED: readonly OrderType[] = ["stop", "stop_limit"];

export const typesOf = (orderClass: OrderClass): readonly OrderType[] =>
  orderClass === "oco"
    ? ["limit"]
    : orderClass === "simple"
      ? ["market", "limit", "stop", "stop_limit", "trailing_stop"]
      : ["market", "limit", "stop", "stop_limit"];

export const timesOf = ({ type, class: of }: Draft): readonly TimeInForce[] =>
  of === "simple" && (type === "market" || type === "limit")
    ? ["day", "gtc", "ioc", "fok", "opg", "cls"]
    : ["day", "gtc"];

/** Which fields are asked for. */
export function asked(draft: Draft): ReadonlySet<FieldName> {
  const fields: FieldName[] = ["symbol", "side", "class", "type", "time", "size"];
  if (LIMITED.includes(draft.type) && draft.class !== "oco") fields.push("limit");
  if (STOPPED.includes(draft.type)) fields.push("stop");
  if (draft.type === "trailing_stop") fields.push("trail");
  if (draft.class !== "simple") fields.push("takeProfit", "stopLoss", "stopLossLimit");
  return new Set(fields);
}

/** The draft after a change, with what no longer goes together set to what does. */
export function changed(draft: Draft, change: Partial<Draft>): Draft {
  let next = { ...draft, ...change };
  const types = typesOf(next.class);
  if (!types.includes(next.type)) next = { ...next, type: types[0] ?? "market" };
  const times = timesOf(next);
  if (!times.includes(next.time)) next = { ...next, time: times[0] ?? "day" };
  return next;
}

/** The draft with what is wished for. Of another symbol the prices and legs do not stay. */
export function filled(draft: Draft, wish: TicketWish): Draft {
  const other = wish.symbol !== undefined && wish.symbol !== draft.symbol;
  const type = wish.type ?? (wish.price === undefined ? undefined : "limit");
  const stops = type === "stop" || type === "stop_limit";
  const cleared = {
    limit: "",
    stop: "",
    trail: "",
    takeProfit: "",
    stopLoss: "",
    stopLossLimit: "",
  };
  return changed(other ? { ...draft, ...cleared, class: "simple" } : draft, {
    ...(wish.symbol !== undefined && { symbol: wish.symbol }),
    ...(wish.side && { side: wish.side }),
    ...(type && { type, class: "simple" }),
    ...(wish.price !== undefined && { [stops ? "stop" : "limit"]: wish.price }),
    ...(wish.quantity !== undefined && { size: wish.quantity, sizeBy: "qty" }),
  });
}

/**
 * The symbol that is meant by what was typed: itself, or in other letters, or a coin that may end in USD
 * or /USD. What nobody knows is in capitals.
 */
export function symbolOf(typed: string, instruments: Instruments): string {
  const name = typed.trim();
  const capitals = name.toUpperCase();
  if (instruments.has(name)) return name;
  if (instruments.has(capitals)) return capitals;
  const coin = coinOf(capitals);
  for (const [symbol, kind] of instruments) {
    const other = symbol.toUpperCase();
    if (other === capitals || (kind === "crypto" && coinOf(other) === coin)) return symbol;
  }
  return capitals;
}

export interface Checked {
  /** Null: `faults` say why. */
  readonly order: OrderTicket | null;
  readonly faults: Faults;
}

export function check(draft: Draft, instruments: Instruments): Checked {
  const faults: Faults = {};
  const fields = asked(draft);
  const symbol = symbolOf(draft.symbol, instruments);
  const kind = instruments.get(symbol);
  if (symbol === "") faults.symbol = "Symbol is missing.";
  else if (instruments.size > 0 && kind === undefined)
    faults.symbol = `${symbol} is not traded here.`;

  const read = (field: FieldName, name: string, optional = false): string => {
    if (!fields.has(field)) return "";
    const { text, fault } = typedDecimal(draft[field], { name, positive: true, optional });
    if (fault !== null) faults[field] = fault;
    return text ?? "";
  };
  const size = read("size", draft.sizeBy === "qty" ? "Quantity" : "Amount");
  const trail = read("trail", draft.trailBy === "percent" ? "Percentage" : "Distance");
  // An exit of type oco is the take-profit itself.
  const takeProfit = read("takeProfit", "Take profit", draft.class === "oto");
  const stopLoss = read("stopLoss", "Stop loss", draft.class === "oto");
  const stopLossLimit = read("stopLossLimit", "Stop-loss limit", true);
  const limit = draft.class === "oco" ? takeProfit : read("limit", "Limit price");
  const stop = read("stop", "Stop price");
  const sized = { size, trail, takeProfit, stopLoss, stopLossLimit, limit, stop };

  if (kind === "us_equity") checkPrices(draft, sized, faults);
  if (!faults.size) checkSize(draft, size, kind, faults);
  if (draft.class !== "simple") checkLegs(draft, sized, faults);
  if (fields.has("trail") && draft.trailBy === "percent" && !faults.trail) {
    if (compareDecimals(trail, "100") >= 0) faults.trail = "Percentage must be below 100.";
  }
  if (Object.keys(faults).length > 0) return { order: null, faults };
  return { order: orderOf(draft, symbol, sized), faults };
}

type Texts = Record<
  "size" | "trail" | "takeProfit" | "stopLoss" | "stopLossLimit" | "limit" | "stop",
  string
>;

const PRICES = {
  limit: "Limit price",
  stop: "Stop price",
  takeProfit: "Take profit",
  stopLoss: "Stop loss",
  stopLossLimit: "Stop-loss limit",
} as const;

/** Stocks have at most 2 decimals from 1.00 on, and 4 below. */
function checkPrices(draft: Draft, texts: Texts, faults: Faults): void {
  for (const [field, name] of Object.entries(PRICES) as [keyof typeof PRICES, string][]) {
    const shown = draft.class === "oco" && field === "limit" ? "takeProfit" : field;
    const text = texts[field];
    if (text === "" || faults[shown]) continue;
    const most = compareDecimals(text, "1") >= 0 ? 2 : 4;
    const fault = typedDecimal(text, { name, decimals: most }).fault;
    if (fault !== null) faults[shown] = `${fault.slice(0, -1)} for a stock.`;
  }
}

function checkSize(draft: Draft, size: string, kind: string | undefined, faults: Faults): void {
  const simple = draft.class === "simple" && draft.time === "day";
  if (draft.sizeBy === "notional") {
    if (draft.class === "oco") faults.size = "An exit needs a quantity.";
    else if (compareDecimals(size, "1") < 0) faults.size = "Amount must be at least 1.";
    else if (kind === "us_equity" && !simple) {
      faults.size = "Stocks go by amount in simple day orders only.";
    }
  } else if (kind === "us_equity" && !simple && size.includes(".")) {
    faults.size = "Fractions of a stock go in simple day orders only.";
  }
}

function checkLegs(draft: Draft, texts: Texts, faults: Faults): void {
  const { takeProfit, stopLoss, stopLossLimit } = texts;
  if (draft.class === "oto" && (takeProfit === "") === (stopLoss === "")) {
    if (!faults.takeProfit && !faults.stopLoss) {
      faults.takeProfit = "One of take profit and stop loss, not both.";
    }
    return;
  }
  if (stopLossLimit !== "" && stopLoss === "") faults.stopLoss ??= "Stop loss is missing.";
  if (takeProfit === "" || stopLoss === "" || faults.takeProfit || faults.stopLoss) return;
  // An entry that buys is left above its price; so is an exit that sells.
  const above = (draft.side === "buy") !== (draft.class === "oco");
  const order = compareDecimals(takeProfit, stopLoss);
  if (above ? order <= 0 : order >= 0) {
    faults.stopLoss = `Stop loss must be ${above ? "below" : "above"} the take profit.`;
  }
}

function orderOf(draft: Draft, symbol: string, texts: Texts): OrderTicket {
  const { type, side, time, class: of } = draft;
  const stopLoss = {
    stop_price: texts.stopLoss,
    ...(texts.stopLossLimit && { limit_price: texts.stopLossLimit }),
  };
  return {
    symbol,
    side,
    type,
    time_in_force: time,
    order_class: of,
    [draft.sizeBy]: texts.size,
    ...(texts.limit && { limit_price: texts.limit }),
    ...(texts.stop && { stop_price: texts.stop }),
    ...(texts.trail && { [`trail_${draft.trailBy}`]: texts.trail }),
    ...(texts.takeProfit && of !== "oco" && { take_profit: { limit_price: texts.takeProfit } }),
    ...(texts.stopLoss && { stop_loss: stopLoss }),
  };
}
