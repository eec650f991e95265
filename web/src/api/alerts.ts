// Alerts: their history, and acknowledging them. Tell the stream afterwards (stream.acknowledged).

import { path, request } from "./client.ts";
import type { Page, Schema } from "./types.ts";

export type Alert = Schema<"Alert">;
export type Severity = Schema<"Severity">;

export interface AlertFilter extends Page {
  readonly severity?: Severity;
  readonly acknowledged?: boolean;
  readonly entity_id?: string;
  readonly from?: string;
  readonly to?: string;
}

/** Newest first. */
export const listAlerts = (filter: AlertFilter = {}, signal?: AbortSignal) =>
  request<Schema<"Alerts">>("GET", "/api/v1/alerts", {
    query: { ...filter },
    ...(signal && { signal }),
  });

export const acknowledgeAlert = (id: string) =>
  request<Alert>("POST", path`/api/v1/alerts/${id}/ack`);
