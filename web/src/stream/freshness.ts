// Freshness: the five states of the connection pill and the words beside it, out of the worker's
// Line and the time. It trusts what has arrived, not what the socket says: an open line on which
// nothing comes is stalled, whoever is to blame. Pure; ask again at least once a second.

import { formatAge } from "../format/times.ts";
import type { MarketBoard } from "./market_board.ts";
import { HEARTBEAT_MS, type Line, type WayOut } from "./protocol.ts";

export type FreshnessState = "connecting" | "live" | "stalled" | "no data" | "offline";

/** Two heartbeats: silence, or a price, that is older is not to be trusted. */
export const STALE_MS = 2 * HEARTBEAT_MS;
/** A first connection takes no longer unless something is wrong. */
const CONNECTING_MS = 5000;
const NOTICE_MS = 15_000;

export interface Freshness {
  readonly state: FreshnessState;
  /** A few words for the pill. */
  readonly headline: string;
  /** What is going on and what to do, a sentence or two; may be empty. */
  readonly detail: string;
  readonly wayOut: WayOut;
  readonly heartbeatAgeMs: number | null;
  readonly priceAgeMs: number | null;
  /** Prices are dimmed, and a ticket asks twice. */
  readonly stale: boolean;
  /** "Prices are 12 s old"; empty while they are fresh or there are none. */
  readonly staleText: string;
}

export function freshness(line: Line, now: number): Freshness {
  const age = (at: number | null) => (at === null ? null : Math.max(0, now - at));
  const heartbeatAgeMs = age(line.heartbeatAt);
  const priceAgeMs = age(line.feedAt);
  const said = words(line, now, age(line.heardAt), priceAgeMs);
  const stale = priceAgeMs !== null && priceAgeMs > STALE_MS;
  const staleText = stale ? `Prices are ${formatAge(priceAgeMs)} old` : "";
  return { wayOut: "none", ...said, heartbeatAgeMs, priceAgeMs, stale, staleText };
}

/** "BTC: price is 12 s old" once this symbol's own price is; whatever other symbols have. */
export function oldPrice(board: MarketBoard, symbol: string, now = Date.now()): string {
  const row = board.row(symbol);
  if (!board.old(row, now)) return "";
  return `${symbol}: price is ${formatAge(now - board.value(row, "heard"))} old`;
}

type Said = Pick<Freshness, "state" | "headline" | "detail"> & { readonly wayOut?: WayOut };

function words(line: Line, now: number, silence: number | null, priceAge: number | null): Said {
  switch (line.phase) {
    case "refused":
      return ofRefusal(line, now);
    case "lost":
      return ofLost(line, now);
    case "connecting":
      if (now - line.since < CONNECTING_MS) return connecting("");
      return {
        state: "offline",
        headline: "Offline",
        detail: "The server has not answered yet; the page keeps trying.",
        wayOut: "retry",
      };
    case "open":
      return ofOpen(line, now, silence ?? 0, priceAge);
  }
}

function ofOpen(line: Line, now: number, silence: number, priceAge: number | null): Said {
  if (silence > STALE_MS) {
    return {
      state: "stalled",
      headline: "Stalled",
      detail: `Nothing has come from the server for ${formatAge(silence)}. The page keeps trying.`,
      wayOut: "retry",
    };
  }
  if (!line.feedKnown) return connecting("Connected; waiting for the first price.");
  if (priceAge === null) {
    return {
      state: "no data",
      headline: "No data",
      detail: "Connected, but the server has no price feed. Publish prices or start a source.",
    };
  }
  if (priceAge > STALE_MS) {
    return {
      state: "no data",
      headline: "No data",
      detail: `Connected, but the feed has brought no price for ${formatAge(priceAge)}.`,
    };
  }
  if (line.denied.length > 0) {
    return {
      state: "live",
      headline: "Live",
      detail: `You may not see ${line.denied.join(", ")}. Choose another account, or sign in as someone who may.`,
      wayOut: "sign_in",
    };
  }
  return { state: "live", headline: "Live", detail: liveDetail(line, now) };
}

function liveDetail(line: Line, now: number): string {
  if (line.backAt !== null) return "The server is about to stop; the page will reconnect.";
  if (line.unreadable > 0) {
    return "Some messages could not be read: reload the page, the server may be a newer one.";
  }
  return line.notice !== null && now - line.noticeAt < NOTICE_MS ? line.notice : "";
}

function ofLost(line: Line, now: number): Said {
  const back = line.backAt === null ? 0 : line.backAt - now;
  return {
    state: "offline",
    headline: "Offline",
    detail:
      back > 0
        ? `The server has stopped; trying again in ${formatAge(Math.max(1000, back))}.`
        : "The connection was lost; the page tries again every few seconds.",
    wayOut: "retry",
  };
}

function ofRefusal(line: Line, now: number): Said {
  const refusal = line.refusal;
  if (refusal === null) return connecting("");
  const wait = refusal.retryAt === null ? 0 : refusal.retryAt - now;
  return {
    state: "offline",
    headline: refusal.wayOut === "sign_in" ? "Signed out" : "Refused",
    detail: wait > 0 ? `${refusal.words} Trying again in ${formatAge(wait)}.` : refusal.words,
    wayOut: refusal.wayOut,
  };
}

function connecting(detail: string): Said {
  return { state: "connecting", headline: "Connecting", detail };
}
