// Publishing, for the developers' page: events of any topic, of the channels, and to users.

import { path, request } from "./client.ts";
import type { Schema } from "./types.ts";

export type PublishItem = Schema<"PublishItem">;
export type ChannelName = Schema<"ChannelName">;

/** `json`: the body as it was typed; what is wrong with it is for the server to say. */
const send = <Body>(where: string, json: string, idempotencyKey?: string) =>
  request<Body>("POST", where, {
    file: json,
    contentType: "application/json",
    ...(idempotencyKey && { idempotencyKey }),
  });

/** An item, or an array of them. */
export const publish = (json: string, idempotencyKey?: string) =>
  send<Schema<"PublishedIds">>("/api/v1/publish", json, idempotencyKey);

export const publishToChannel = (channel: ChannelName, json: string, idempotencyKey?: string) =>
  send<Schema<"PublishedId">>(path`/api/v1/sse/${channel}`, json, idempotencyKey);

export const publishUserEvent = (json: string, idempotencyKey?: string) =>
  send<Schema<"UserEventIds">>("/api/v1/events", json, idempotencyKey);

export const eventRegistry = (signal?: AbortSignal) =>
  request<Schema<"EventRegistry">>("GET", "/api/v1/events/registry", signal ? { signal } : {});
