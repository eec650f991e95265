// TabSide: what one tab knows of the stream, out of the worker's messages. No DOM, no timer: the
// client calls `frame` once per animation frame while something waits, and `tick` once a second.
//
// Invariant: no record is told twice, whichever worker it came from.

import { isFields } from "./decode.ts";
import { type Freshness, freshness } from "./freshness.ts";
import { lineAt, opening } from "./line.ts";
import { MarketBoard } from "./market_board.ts";
import { NewestRecords, type Stop } from "./newest_records.ts";
import type {
  InspectedEvent,
  Line,
  StateEntry,
  StreamRecord,
  ToTab,
  ToWorker,
} from "./protocol.ts";
import { statusOf } from "./record_log.ts";
import { encodeSegment, matches } from "./topics.ts";
import { Value } from "./value.ts";

const SEEN_MAX = 8192;

export interface Inspection {
  events(events: readonly InspectedEvent[], skipped: number): void;
  refused(words: string): void;
}

/** The id of the order that a record of orders or fills tells of. */
export function orderIdOf(record: StreamRecord): string {
  const order = isFields(record.data) ? record.data["order"] : null;
  const id = isFields(order) ? order["id"] : null;
  return typeof id === "string" ? id : record.id;
}

export class TabSide {
  readonly market = new MarketBoard();
  readonly orders = new NewestRecords<StreamRecord>(2000, orderIdOf);
  readonly fills = new NewestRecords<StreamRecord>(2000, (record) => record.id);
  readonly jobs = new NewestRecords<StreamRecord>(500, (record) => record.topic);
  readonly alerts = new NewestRecords<StreamRecord>(500, (record) => record.id);
  readonly notices = new NewestRecords<StreamRecord>(500, (record) => record.id);
  readonly freshness: Value<Freshness>;
  readonly #lists = [this.orders, this.fills, this.jobs, this.alerts, this.notices];

  readonly #send: (message: ToWorker) => void;
  readonly #listeners = new Set<{ pattern: string; listen: (record: StreamRecord) => void }>();
  readonly #gapListeners = new Set<(reason: string) => void>();
  readonly #states = new Map<string, Value<unknown>>();
  readonly #waiting = new Map<string, unknown>();
  readonly #inspections = new Map<number, Inspection & { pattern: string }>();
  readonly #seen = new Set<string>();
  #line: Line;
  #lastId: string | null;
  #inspected = 0;
  // Whom the worker has not heard of yet: what it has sent is for another user. Undefined: it has.
  #expected: string | null | undefined;

  /** `lastId`: the newest record that is known already; what comes after it is wanted. */
  constructor(send: (message: ToWorker) => void, now: number, lastId: string | null = null) {
    this.#send = send;
    this.#lastId = lastId;
    this.#line = lineAt(now);
    this.freshness = new Value(freshness(this.#line, now));
  }

  get lastId(): string | null {
    return this.#lastId;
  }
  /** Something waits for the next animation frame. */
  get waiting(): boolean {
    return this.market.dirty || this.#waiting.size > 0 || this.#lists.some((list) => list.dirty);
  }

  onRecord(pattern: string, listen: (record: StreamRecord) => void): Stop {
    const entry = { pattern, listen };
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  }

  onGap(listen: (reason: string) => void): Stop {
    this.#gapListeners.add(listen);
    return () => void this.#gapListeners.delete(listen);
  }

  /** The newest value of a topic of state; null before there is one. */
  stateOf(topic: string): Value<unknown> {
    const known = this.#states.get(topic);
    if (known !== undefined) return known;
    const value = new Value<unknown>(null);
    this.#states.set(topic, value);
    return value;
  }

  equityOf(account: string): Value<unknown> {
    return this.stateOf(`paper/${encodeSegment(account)}/equity`);
  }

  inspect(pattern: string, inspection: Inspection): Stop {
    const number = ++this.#inspected;
    this.#inspections.set(number, { ...inspection, pattern });
    this.#send({ kind: "inspect", inspection: number, pattern });
    return () => {
      if (this.#inspections.delete(number)) this.#send({ kind: "uninspect", inspection: number });
    };
  }

  /** After the worker was attached anew: it knows nothing of what was asked of an earlier one. */
  inspectAgain(): void {
    for (const [inspection, { pattern }] of this.#inspections) {
      this.#send({ kind: "inspect", inspection, pattern });
    }
  }

  /** Another account: its lists begin empty, the page reads them from the server. */
  forgetAccount(): void {
    this.orders.clear();
    this.fills.clear();
  }

  /** Another user, or none: nothing of what the one before could see stays, or is still to come. */
  forgetUser(next: string | null, now: number): void {
    this.#expected = next;
    this.#setLine(opening(this.#line, now), now);
    for (const list of this.#lists) list.clear();
    this.#waiting.clear();
    for (const state of this.#states.values()) state.set(null);
  }

  receive(message: ToTab, now: number): void {
    switch (message.kind) {
      case "quotes":
        this.market.apply(message);
        break;
      case "line":
        // That the one before was refused says nothing of the next.
        if (this.#expected === undefined) this.#setLine(message.line, now);
        break;
      case "states":
        this.#wait(message.states);
        break;
      case "records":
        this.#records(message.records);
        break;
      case "snapshot":
        // The worker is told the user before it sends one.
        this.#expected = undefined;
        this.#setLine(message.line, now);
        this.#wait(message.states);
        this.#seed(message.jobs, message.alerts);
        this.#records(message.records);
        if (message.missed) this.#gap("missed");
        break;
      case "seeded":
        this.#seed(message.jobs, message.alerts);
        break;
      case "gap":
        // Another tape: its jobs, alerts and orders are others, and come anew.
        if (message.reason !== "expired") for (const list of this.#lists) list.clear();
        this.#gap(message.reason);
        break;
      case "acknowledged":
        this.alerts.remove(message.id);
        break;
      case "user":
        if (message.user === this.#expected) this.#expected = undefined;
        break;
      case "inspected":
        this.#inspections.get(message.inspection)?.events(message.events, message.skipped);
        break;
      case "inspection_refused":
        this.#inspections.get(message.inspection)?.refused(message.words);
        this.#inspections.delete(message.inspection);
        break;
    }
  }

  /** Once per animation frame. True: ask for another one. */
  frame(now: number): boolean {
    if (!this.market.flush(now)) return true;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const [topic, value] of waiting) this.stateOf(topic).set(value);
    for (const list of this.#lists) list.flush();
    return false;
  }

  /** Once a second: ages grow while nothing comes. */
  tick(now: number): void {
    this.market.check(now);
    this.freshness.set(freshness(this.#line, now));
  }

  #setLine(line: Line, now: number): void {
    this.#line = line;
    this.freshness.set(freshness(line, now));
  }

  #wait(states: readonly StateEntry[]): void {
    if (this.#expected !== undefined) return;
    for (const [topic, value] of states) this.#waiting.set(topic, value);
  }

  // What the stream has told is newer than any list.
  #seed(jobs: readonly StreamRecord[], alerts: readonly StreamRecord[]): void {
    const isNews = ({ id, topic }: StreamRecord) =>
      this.jobs.get(topic) === undefined || (id !== "" && !this.#seen.has(id));
    this.jobs.put(jobs.filter(isNews));
    this.alerts.put(alerts.filter((alert) => this.alerts.get(alert.id) === undefined));
  }

  #records(records: readonly StreamRecord[]): void {
    for (const record of records) {
      this.#lastId = record.id;
      if (this.#seen.has(record.id) || this.#isForeign(record.topic)) continue;
      this.#remember(record.id);
      this.#file(record);
      for (const { pattern, listen } of this.#listeners) {
        if (matches(pattern, record.topic)) listen(record);
      }
    }
  }

  #file(record: StreamRecord): void {
    const { topic } = record;
    if (topic.startsWith("jobs/")) this.jobs.put([record]);
    else if (topic.startsWith("alerts/")) this.alerts.put([record]);
    else if (topic.startsWith("user/") || topic.startsWith("broadcast/"))
      this.notices.put([record]);
    else if (topic.startsWith("paper/")) {
      this.orders.put([record]);
      if (topic.endsWith("/fills")) this.fills.put([record]);
    }
  }

  #isForeign(topic: string): boolean {
    return this.#expected !== undefined && /^(user|paper)\//.test(topic);
  }

  #remember(id: string): void {
    this.#seen.add(id);
    if (this.#seen.size <= SEEN_MAX) return;
    for (const oldest of this.#seen) {
      this.#seen.delete(oldest);
      return;
    }
  }

  #gap(reason: string): void {
    for (const listen of this.#gapListeners) listen(reason);
  }
}

/** Jobs that have not ended, of a list of jobs. */
export function unfinished(jobs: readonly StreamRecord[]): StreamRecord[] {
  return jobs.filter((job) => !["completed", "failed", "cancelled"].includes(statusOf(job) ?? ""));
}
