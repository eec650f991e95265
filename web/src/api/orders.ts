// Orders of a paper account. All that a person types is text: quantities and prices go to the server
// as they were written.

import { path, request } from "./client.ts";
import { placedHere } from "./placed_here.ts";
import type { Schema, Typed } from "./types.ts";

export type Order = Schema<"Order">;
export type OrderType = Schema<"OrderType">;
export type TimeInForce = Schema<"TimeInForce">;
/** What a ticket sends. Give it a client_order_id (uniqueKey()): repeated, it is the same order. */
export type OrderTicket = Typed<Schema<"OrderRequest">>;
export type OrderReplacement = Typed<Schema<"OrderChange">>;

const OPEN = new Set<Order["status"]>(["new", "partially_filled", "accepted", "held"]);
export const isOpen = ({ status }: Pick<Order, "status">): boolean => OPEN.has(status);

/** The order that a record of orders or fills tells of. */
export function orderOf({ data }: { readonly data: unknown }): Order | null {
  const order = (data as { order?: Order } | null)?.order;
  return typeof order?.id === "string" ? order : null;
}

export interface OrderFilter {
  readonly status?: Schema<"OrderStatusFilter">;
  readonly limit?: number;
  readonly after?: string;
  readonly until?: string;
  readonly direction?: "asc" | "desc";
  readonly nested?: boolean;
  readonly symbols?: string;
  readonly side?: Schema<"Side">;
}

export function placeOrder(account: string, ticket: OrderTicket, signal?: AbortSignal) {
  // Before it is sent: the stream may be faster than the answer.
  if (ticket.client_order_id) placedHere.add(ticket.client_order_id);
  return request<Order>("POST", "/v2/orders", { account, body: ticket, ...(signal && { signal }) });
}

export const listOrders = (account: string, filter: OrderFilter = {}, signal?: AbortSignal) =>
  request<Order[]>("GET", "/v2/orders", {
    account,
    query: { ...filter },
    ...(signal && { signal }),
  });

export const order = (account: string, id: string) =>
  request<Order>("GET", path`/v2/orders/${id}`, { account, query: { nested: true } });

/** The answer is a new order, which takes the old one's place. */
export const replaceOrder = (account: string, id: string, change: OrderReplacement) =>
  request<Order>("PATCH", path`/v2/orders/${id}`, { account, body: change });

export const cancelOrder = (account: string, id: string) =>
  request<void>("DELETE", path`/v2/orders/${id}`, { account });

/** One line for each order, with what became of it. */
export const cancelAllOrders = (account: string) =>
  request<Schema<"CanceledOrders">>("DELETE", "/v2/orders", { account });
