// The worker's memory of records: the newest ones in order, for tabs that come back; the newest of
// each unfinished job; the alerts that nobody has acknowledged. Each has a limit.

import { isFields } from "./decode.ts";
import type { StreamRecord } from "./protocol.ts";

export const RECENT_MAX = 2000;
const JOBS_MAX = 500;
const ENDED_MAX = 2000;
const ALERTS_MAX = 500;
const ENDED = new Set(["completed", "failed", "cancelled"]);

export function statusOf(record: StreamRecord): string | null {
  const status = isFields(record.data) ? record.data["status"] : null;
  return typeof status === "string" ? status : null;
}

export class RecordLog {
  readonly #limit: number;
  #recent: StreamRecord[] = [];
  readonly #jobs = new Map<string, StreamRecord>();
  // So that a list that was read before a job ended does not bring it back.
  readonly #ended = new Set<string>();
  readonly #alerts = new Map<string, StreamRecord>();
  readonly #acknowledged = new Set<string>();
  // The record after which #recent begins; null: it has been cut, or begins with the worker.
  #begin: string | null = null;

  constructor(limit = RECENT_MAX) {
    this.#limit = limit;
  }

  /** The stream goes on after the record `id`, which an earlier worker had. */
  beginAfter(id: string): void {
    this.#begin = id;
  }

  add(record: StreamRecord): void {
    this.#recent.push(record);
    // Cut in large pieces: shifting one at a time would move the rest each time.
    if (this.#recent.length > this.#limit * 1.5) {
      this.#recent = this.#recent.slice(-this.#limit);
      this.#begin = null;
    }
    if (record.topic.startsWith("jobs/")) this.#job(record);
    if (record.topic.startsWith("alerts/")) this.#alert(record);
  }

  /** A job or an alert from a list: never takes the place of what the stream has told. */
  seed(record: StreamRecord): void {
    if (record.topic.startsWith("jobs/")) {
      if (!this.#jobs.has(record.topic) && !this.#ended.has(record.topic)) this.#job(record);
    } else if (!this.#alerts.has(record.id)) {
      this.#alert(record);
    }
  }

  acknowledge(id: string): void {
    this.#alerts.delete(id);
    this.#acknowledged.add(id);
    dropOldest(this.#acknowledged, ENDED_MAX);
  }

  get jobs(): StreamRecord[] {
    return [...this.#jobs.values()];
  }

  get alerts(): StreamRecord[] {
    return [...this.#alerts.values()].sort((a, b) =>
      a.time < b.time ? -1 : a.time > b.time ? 1 : 0,
    );
  }

  /** Records after `id`; `missed` when there may have been more than are here. */
  after(id: string | null): { records: StreamRecord[]; missed: boolean } {
    if (id === null) return { records: [], missed: false };
    const place = this.#recent.findLastIndex((record) => record.id === id);
    if (place >= 0) return { records: this.#recent.slice(place + 1), missed: false };
    return { records: this.#recent.slice(), missed: id !== this.#begin };
  }

  /** The server's records are others than before. */
  clear(): void {
    this.#recent = [];
    this.#begin = null;
    this.#jobs.clear();
    this.#ended.clear();
    this.#alerts.clear();
  }

  #job(record: StreamRecord): void {
    this.#jobs.delete(record.topic);
    if (ENDED.has(statusOf(record) ?? "")) {
      this.#ended.add(record.topic);
      dropOldest(this.#ended, ENDED_MAX);
      return;
    }
    this.#ended.delete(record.topic);
    this.#jobs.set(record.topic, record);
    dropOldest(this.#jobs, JOBS_MAX);
  }

  #alert(record: StreamRecord): void {
    if (this.#acknowledged.has(record.id)) return;
    this.#alerts.set(record.id, record);
    dropOldest(this.#alerts, ALERTS_MAX);
  }
}

function dropOldest(held: Map<string, unknown> | Set<string>, limit: number): void {
  for (const key of held.keys()) {
    if (held.size <= limit) return;
    held.delete(key);
  }
}
