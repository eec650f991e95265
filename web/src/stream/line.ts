// The worker's account of its line to the server: events and the time come in, a Line comes out,
// which freshness.ts puts into words. Pure.

import type { Line, Refusal } from "./protocol.ts";

/** The first batches after `hello` may be what the server last knew, not what it hears now. */
const SNAPSHOT_MS = 400;

export function lineAt(now: number): Line {
  return {
    phase: "connecting",
    since: now,
    heardAt: null,
    heartbeatAt: null,
    feedAt: null,
    feedKnown: false,
    backAt: null,
    refusal: null,
    denied: [],
    notice: null,
    noticeAt: 0,
    unreadable: 0,
  };
}

/** An open line that is opened anew, with other topics, is called open until it is silent. */
export function opening(line: Line, now: number): Line {
  if (line.phase === "open") return line;
  return { ...line, phase: "connecting", since: now, refusal: null };
}

export function greeted(line: Line, now: number): Line {
  return {
    ...line,
    phase: "open",
    since: now,
    heardAt: now,
    heartbeatAt: now,
    feedKnown: line.phase === "open" && line.feedKnown,
    backAt: null,
    refusal: null,
  };
}

export function beaten(line: Line, feedAgeMs: number | null, now: number): Line {
  const feedAt = feedAgeMs === null ? null : now - feedAgeMs;
  return { ...line, phase: "open", heardAt: now, heartbeatAt: now, feedAt, feedKnown: true };
}

/** What comes now may be what the server last knew. */
export const isSnapshot = (line: Line, now: number): boolean => now - line.since < SNAPSHOT_MS;

/** Prices came. */
export function priced(line: Line, now: number): Line {
  if (isSnapshot(line, now)) return { ...line, heardAt: now };
  return { ...line, heardAt: now, feedAt: now, feedKnown: true };
}

export function heard(line: Line, now: number): Line {
  return { ...line, heardAt: now };
}

/** The browser tries again by itself. */
export function lost(line: Line, now: number): Line {
  if (line.phase === "lost") return line;
  return { ...line, phase: "lost", since: now };
}

export function refused(line: Line, refusal: Refusal, now: number): Line {
  return { ...line, phase: "refused", since: now, refusal };
}

export function denying(line: Line, denied: readonly string[]): Line {
  return { ...line, denied };
}

export function draining(line: Line, afterMs: number, now: number): Line {
  return { ...line, heardAt: now, backAt: now + afterMs };
}

export function noticed(line: Line, notice: string, now: number): Line {
  return { ...line, heardAt: now, notice, noticeAt: now };
}

export function unread(line: Line, now: number): Line {
  return { ...line, heardAt: now, unreadable: line.unreadable + 1 };
}
