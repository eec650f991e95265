// One event of /api/v1/stream (format=batch, named=false) as a value. Events carry no name there:
// each control object is told by the field that only it has. Pure.

import type { StateEntry, StreamRecord } from "./protocol.ts";

export type Decoded =
  | { readonly kind: "hello"; readonly resume: string }
  | { readonly kind: "heartbeat"; readonly feedAgeMs: number | null }
  | {
      readonly kind: "batch";
      readonly updates: readonly StateEntry[];
      readonly time: number | null;
    }
  | { readonly kind: "record"; readonly record: StreamRecord }
  | { readonly kind: "gap"; readonly reason: string }
  | { readonly kind: "slow"; readonly skipped: number }
  | { readonly kind: "drain"; readonly afterMs: number }
  | { readonly kind: "auth"; readonly reason: string }
  | { readonly kind: "unreadable" };

type Fields = Readonly<Record<string, unknown>>;

const UNREADABLE: Decoded = { kind: "unreadable" };

export function decode(text: string, id: string): Decoded {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return UNREADABLE;
  }
  return isFields(value) ? ofFields(value, id) : UNREADABLE;
}

function ofFields(fields: Fields, id: string): Decoded {
  if (Array.isArray(fields["u"])) return batch(fields["u"], number(fields["t"]));
  if (typeof fields["topic"] === "string") return record(fields, id);
  if ("feed_age_ms" in fields)
    return { kind: "heartbeat", feedAgeMs: number(fields["feed_age_ms"]) };
  if (typeof fields["resume"] === "string") return { kind: "hello", resume: fields["resume"] };
  if (typeof fields["skipped"] === "number") return { kind: "slow", skipped: fields["skipped"] };
  if (typeof fields["after_ms"] === "number") return { kind: "drain", afterMs: fields["after_ms"] };
  if (typeof fields["reason"] === "string") {
    // Only a gap says where it goes on.
    return { kind: "resumed_at" in fields ? "gap" : "auth", reason: fields["reason"] };
  }
  return UNREADABLE;
}

function batch(updates: readonly unknown[], time: number | null): Decoded {
  const good = updates.every((update) => Array.isArray(update) && typeof update[0] === "string");
  return good ? { kind: "batch", updates: updates as readonly StateEntry[], time } : UNREADABLE;
}

function record(fields: Fields, id: string): Decoded {
  const { topic, type, time, data } = fields;
  if (typeof topic !== "string" || typeof type !== "string" || typeof time !== "string") {
    return UNREADABLE;
  }
  return { kind: "record", record: { id, topic, type, time, data } };
}

function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
