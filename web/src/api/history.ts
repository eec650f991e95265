// What has happened on a paper account: its trades and its equity.

import { request } from "./client.ts";
import type { Page, Schema } from "./types.ts";

export type PaperTrade = Schema<"PaperTrade">;
export type EquityPoint = Schema<"EquityPoint">;

export interface TradeFilter extends Page {
  readonly symbol?: string;
  readonly from?: string;
  readonly to?: string;
}

/** Newest first; at most 1,000 a page. */
export const listTrades = (account: string, filter: TradeFilter = {}, signal?: AbortSignal) =>
  request<Schema<"PaperTrades">>("GET", "/api/paper-trading/trades", {
    query: { account, ...filter },
    ...(signal && { signal }),
  });

const PAGE = 1000;

/**
 * All trades that the filter lets through, newest first, page after page: for an export. `read`
 * is told how many there are so far and in all. Trades that happen meanwhile are left out.
 */
export async function allTrades(
  account: string,
  filter: TradeFilter,
  read: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<PaperTrade[]> {
  const trades: PaperTrade[] = [];
  for (;;) {
    // To the newest of the first page, by the server's clock: a market that is replayed has its own.
    const to = trades[0]?.timestamp ?? filter.to;
    const page = { ...filter, ...(to !== undefined && { to }), limit: PAGE, offset: trades.length };
    const { trades: more, total } = await listTrades(account, page, signal);
    trades.push(...more);
    read(trades.length, total);
    if (more.length < PAGE || trades.length >= total) return trades;
  }
}

export interface EquityFilter {
  readonly from?: string;
  readonly to?: string;
  readonly interval?: string;
  readonly limit?: number;
}

/** Oldest first, never more points than `limit`. */
export const equityHistory = (account: string, filter: EquityFilter = {}, signal?: AbortSignal) =>
  request<Schema<"EquityHistory">>("GET", "/api/paper-trading/equity-history", {
    query: { account, ...filter },
    ...(signal && { signal }),
  });
