// Who is connected, whether the server is ready, and which version it is.

import { request } from "./client.ts";
import type { Schema } from "./types.ts";

export const channelStatus = (signal?: AbortSignal) =>
  request<Schema<"ChannelStatus">>("GET", "/api/v1/sse/status", signal ? { signal } : {});

export const ready = () => request<Schema<"Standing">>("GET", "/readyz");

/** The description of the API; its `info.version` is the server's. */
export const description = (signal?: AbortSignal) =>
  request<{ readonly info: { readonly version: string; readonly title: string } }>(
    "GET",
    "/openapi.json",
    signal ? { signal } : {},
  );
