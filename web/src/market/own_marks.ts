// What an account has done and has open in one symbol: read once, then followed by records; read
// again after a gap.

import { listTrades } from "../api/history";
import { isOpen, listOrders, type Order, orderOf } from "../api/orders";
import { ApiError } from "../api/problem";
import { stream } from "../stream/client";
import { encodeSegment } from "../stream/topics";
import { type Fill, fillOfRecord, fillOfTrade } from "./marks";

const FILLS_READ = 1000;
/** Older ones leave the chart. */
const FILLS_MAX = 3000;

export interface OwnMarks {
  readonly fills: readonly Fill[];
  readonly orders: readonly Order[];
}

/** Calls `show` after each change; `failed` when they could not be read. Returns how to stop. */
export function followOwn(
  account: string,
  symbol: string,
  show: (marks: OwnMarks) => void,
  failed: (fault: ApiError) => void,
): () => void {
  const leaving = new AbortController();
  const fills = new Map<string, Fill>();
  const orders = new Map<string, Order>();
  const told = (): void => show({ fills: [...fills.values()], orders: [...orders.values()] });

  // What a record has told of an order while the list was under way is newer.
  const fresh = new Set<string>();
  async function read(): Promise<void> {
    fresh.clear();
    try {
      const { signal } = leaving;
      const [trades, open] = await Promise.all([
        listTrades(account, { symbol, limit: FILLS_READ }, signal),
        listOrders(account, { status: "open", symbols: symbol, limit: 500 }, signal),
      ]);
      for (const trade of trades.trades.reverse()) fills.set(trade.id, fillOfTrade(trade));
      for (const id of orders.keys()) if (!fresh.has(id)) orders.delete(id);
      for (const order of open) if (!fresh.has(order.id)) orders.set(order.id, order);
      told();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.failure !== "aborted") failed(error);
    }
  }

  const stops = [
    stream.onRecord(`paper/${encodeSegment(account)}/*`, (record) => {
      const order = orderOf(record);
      if (order?.symbol !== symbol) return;
      fresh.add(order.id);
      if (isOpen(order)) orders.set(order.id, order);
      else orders.delete(order.id);
      const fill = fillOfRecord(record);
      if (fill) fills.set(fill.id, fill);
      const [oldest] = fills.keys();
      if (fills.size > FILLS_MAX && oldest !== undefined) fills.delete(oldest);
      told();
    }),
    stream.onGap(() => void read()),
  ];
  void read();
  return () => {
    leaving.abort();
    for (const stop of stops) stop();
  };
}
