// Risk figures and limits of a paper account.

import { request } from "./client.ts";
import type { Schema, Typed } from "./types.ts";

export type Risk = Schema<"Risk">;
export type RiskLimits = Schema<"RiskLimits">;
/** Only those to change; null: as configured. */
export type RiskLimitsChange = Typed<Schema<"RiskLimitsChange">>;

export const risk = (account: string, signal?: AbortSignal) =>
  request<Risk>("GET", "/api/v1/risk", { query: { account }, ...(signal && { signal }) });

export const riskLimits = (signal?: AbortSignal) =>
  request<RiskLimits>("GET", "/api/v1/risk/limits", signal ? { signal } : {});

export const changeRiskLimits = (change: RiskLimitsChange) =>
  request<RiskLimits>("PUT", "/api/v1/risk/limits", { body: change });
