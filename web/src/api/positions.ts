// Positions of a paper account, and closing them.

import { path, request } from "./client.ts";
import type { Order } from "./orders.ts";
import type { Schema } from "./types.ts";

export type Position = Schema<"Position">;

export const listPositions = (account: string, signal?: AbortSignal) =>
  request<Position[]>("GET", "/v2/positions", { account, ...(signal && { signal }) });

/** `part`: how much of it, as texts; all of it if missing. The answer is the closing order. */
export const closePosition = (
  account: string,
  symbol: string,
  part: { readonly qty?: string; readonly percentage?: string } = {},
) => request<Order>("DELETE", path`/v2/positions/${symbol}`, { account, query: part });

/** One line for each position, with its closing order or why there is none. */
export const closeAllPositions = (account: string, cancelOrders: boolean) =>
  request<Schema<"ClosedPositions">>("DELETE", "/v2/positions", {
    account,
    query: { cancel_orders: cancelOrders },
  });
