// Symbols, bars and quotes.

import { path, request } from "./client.ts";
import type { Schema } from "./types.ts";

export type Bar = Schema<"Bar">;
export type Timeframe = Schema<"Timeframe">;
export type Instrument = Schema<"Symbol">;

export const listSymbols = (signal?: AbortSignal) =>
  request<Schema<"Symbols">>("GET", "/api/v1/symbols", signal ? { signal } : {});

export interface BarFilter {
  readonly timeframe: Timeframe;
  readonly from?: string;
  readonly to?: string;
  readonly limit?: number;
}

export const listBars = (symbol: string, filter: BarFilter, signal?: AbortSignal) =>
  request<Schema<"Bars">>("GET", path`/api/v1/bars/${symbol}`, {
    query: { ...filter },
    ...(signal && { signal }),
  });

/** Tick sizes and what may be traded, of one symbol. */
export const asset = (symbol: string, signal?: AbortSignal) =>
  request<Schema<"Asset">>("GET", path`/v2/assets/${symbol}`, signal ? { signal } : {});

export const marketClock = () => request<Schema<"Clock">>("GET", "/v2/clock");
