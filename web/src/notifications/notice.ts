// Notice: one notification, and how records of the stream become one. Pure.

import { placedHere } from "../api/placed_here.ts";
import { wordsOfAlert } from "../risk/alert_words.ts";
import { isFields } from "../stream/decode.ts";
import type { StreamRecord } from "../stream/protocol.ts";
import { decodeSegment } from "../stream/topics.ts";
import { wordsOfReason } from "../trading/refusals.ts";
import { CATEGORIES, type CategoryName } from "./categories.ts";
import { threadOf, wordsOfUserEvent } from "./user_words.ts";

export type Tone = "info" | "good" | "bad";

export interface Notice {
  /** The record's id, or a name that is the same in all tabs: it is told once. */
  readonly id: string;
  readonly category: CategoryName;
  readonly tone: Tone;
  readonly title: string;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Where more is to be seen, as "#/risk". */
  readonly href: string;
  /** What several of its kind are called: "orders refused in paper". */
  readonly many?: string;
  /** A newer notice of the thread takes the place of an older one; never a toast nor a sound. */
  readonly thread?: string;
  readonly read?: true;
  /** Who was signed in when it was told: nobody else who uses this browser sees it. */
  readonly of?: string;
}

type Words = Omit<Notice, "id" | "time" | "read" | "of">;
type Fields = Readonly<Record<string, unknown>>;

/** Topics that may hold something to tell. */
export const NOTICED = ["user/*/*", "broadcast/*", "alerts/*", "paper/*/orders", "jobs/*/*"];

/** Null: nothing to tell of this record. */
export function noticeOf(record: StreamRecord): Notice | null {
  const words = isFields(record.data) ? wordsOf(record, record.data) : null;
  return words && { id: record.id, time: Date.parse(record.time), ...words };
}

function wordsOf({ topic, type }: StreamRecord, data: Fields): Words | null {
  const [root = "", second = "", third = ""] = topic.split("/").map(decodeSegment);
  switch (root) {
    case "user":
      return ofUserEvent(third, type, data);
    case "broadcast":
      return ofUserEvent(second, type, data);
    case "alerts":
      return ofAlert(second, data);
    case "paper":
      return type === "rejected" ? ofRejected(second, data) : null;
    case "jobs":
      return ofJob(second, third, data);
    default:
      return null;
  }
}

function ofUserEvent(category: string, type: string, data: Fields): Words | null {
  if (!(category in CATEGORIES)) return null;
  const failed = /\.(failed|suspicious|disconnected|expiring|revoked)$/.test(type);
  const done = /\.(completed?|refreshed)$/.test(type);
  const thread = threadOf(type, data);
  const session = /^security\.session\.(expiring|revoked)$/.test(type);
  return {
    category: session ? "session" : (category as CategoryName),
    tone: failed ? "bad" : done ? "good" : "info",
    ...wordsOfUserEvent(type, data),
    href: "",
    ...(thread !== null && { thread }),
  };
}

function ofAlert(severity: string, data: Fields): Words {
  const grave = severity === "high" || severity === "critical";
  const title = `${severity.charAt(0).toUpperCase()}${severity.slice(1)} alert`;
  return {
    category: "risk",
    tone: grave ? "bad" : "info",
    title,
    many: `${severity} alerts`,
    text: wordsOfAlert(data),
    href: "#/risk",
  };
}

function ofRejected(account: string, data: Fields): Words {
  const order = isFields(data["order"]) ? data["order"] : {};
  const size = order["qty"] ?? order["notional"] ?? "";
  const what = [order["side"], size, order["symbol"], order["type"]].filter(Boolean).join(" ");
  const reason = data["reason"];
  const why = typeof reason === "string" ? wordsOfReason(reason) : "No reason was given.";
  return {
    category: "rejected",
    tone: "bad",
    title: `Order refused: ${what}`,
    many: `orders refused in ${account}`,
    text: `${why} · ${account}`,
    href: "#/trading",
    // The ticket shows why: it is listed, and that is enough.
    ...(placedHere.has(String(order["client_order_id"])) && { thread: String(order["id"]) }),
  };
}

const ENDS: Readonly<Record<string, Tone>> = {
  completed: "good",
  failed: "bad",
  cancelled: "info",
};

function ofJob(kind: string, id: string, data: Fields): Words | null {
  const status = String(data["status"]);
  const tone = ENDS[status];
  if (tone === undefined) return null;
  const message = typeof data["message"] === "string" ? data["message"] : "";
  return {
    category: "job",
    tone,
    title: `${kind.charAt(0).toUpperCase()}${kind.slice(1)} ${status}`,
    many: `${kind} jobs ${status}`,
    text: message,
    href: `#/jobs/${encodeURIComponent(kind)}/${encodeURIComponent(id)}`,
  };
}
