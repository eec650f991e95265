// What an account has done in a symbol, as marks on its chart: fills by bar and side, open orders as
// lines. Pure.

import type { PaperTrade } from "../api/history.ts";
import type { Order } from "../api/orders.ts";
import { formatPrice, formatQuantity, shown } from "../format/numbers.ts";
import type { StreamRecord } from "../stream/protocol.ts";

export type Side = "buy" | "sell";

export interface Fill {
  readonly id: string;
  /** Seconds since 1970. */
  readonly time: number;
  readonly side: Side;
  readonly quantity: number;
  readonly price: number;
}

/** Fills of one side within one bar. */
export interface FillMark {
  readonly time: number;
  readonly side: Side;
  readonly quantity: number;
  /** Average. */
  readonly price: number;
}

export interface OrderLine {
  readonly id: string;
  readonly side: Side;
  readonly price: number;
  readonly title: string;
  /** A stop that waits to be reached. */
  readonly stop: boolean;
}

const seconds = (time: string): number => Math.floor(Date.parse(time) / 1000);

export const fillOfTrade = (trade: PaperTrade): Fill => ({
  id: trade.id,
  time: seconds(trade.timestamp),
  side: trade.side,
  quantity: trade.quantity,
  price: trade.price,
});

type Told = {
  readonly event?: string;
  readonly order?: Order;
  readonly execution_id?: string | null;
  readonly timestamp?: string;
  readonly qty?: string | null;
  readonly price?: string | null;
};

export function fillOfRecord({ data }: StreamRecord): Fill | null {
  const told = data as Told | null;
  if (!told?.order || !told.execution_id || !told.timestamp) return null;
  return {
    id: told.execution_id,
    time: seconds(told.timestamp),
    side: told.order.side,
    quantity: shown(told.qty),
    price: shown(told.price),
  };
}

/** Each fill at the bar that holds it: bars are given by their starts, ascending. */
export function fillMarks(fills: readonly Fill[], starts: readonly number[]): FillMark[] {
  const sums = new Map<string, { time: number; side: Side; quantity: number; value: number }>();
  for (const fill of fills) {
    const time = startBefore(starts, fill.time);
    if (time === undefined) continue;
    const key = `${time} ${fill.side}`;
    const sum = sums.get(key) ?? { time, side: fill.side, quantity: 0, value: 0 };
    sum.quantity += fill.quantity;
    sum.value += fill.quantity * fill.price;
    sums.set(key, sum);
  }
  return [...sums.values()]
    .sort((a, b) => a.time - b.time)
    .map(({ time, side, quantity, value }) => ({
      time,
      side,
      quantity: Number(quantity.toPrecision(12)),
      price: Number((value / quantity).toPrecision(12)),
    }));
}

function startBefore(starts: readonly number[], time: number): number | undefined {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  return starts[low - 1];
}

/** Lines of an order's limit and of its stop. */
export function orderLines(order: Order): OrderLine[] {
  const { id, side } = order;
  const left = shown(order.qty) - shown(order.filled_qty);
  const what = Number.isFinite(left)
    ? formatQuantity(Number(left.toPrecision(12)))
    : `$${formatPrice(shown(order.notional))}`;
  const line = (price: number, stop: boolean): OrderLine => ({
    id: `${id} ${stop}`,
    side,
    price,
    stop,
    title: `${side === "buy" ? "Buy" : "Sell"} ${what} ${stop ? "stop" : "limit"}`,
  });
  const lines: OrderLine[] = [];
  const limit = shown(order.limit_price);
  const stop = shown(order.stop_price);
  if (Number.isFinite(limit)) lines.push(line(limit, false));
  if (Number.isFinite(stop) && !order.triggered) lines.push(line(stop, true));
  return lines;
}
