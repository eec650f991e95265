// Hub: the worker's side of all tabs. Knows who is there and what each wants to see, keeps the
// newest state for those who come, and passes on what arrives: records to everyone at once, quotes
// and other state to visible tabs only. No timers, no globals: messages and the time come in.

import { TOPICS_MAX } from "./cursor.ts";
import type { Decoded } from "./decode.ts";
import * as lines from "./line.ts";
import type {
  InspectedEvent,
  Line,
  Refusal,
  StateEntry,
  StreamRecord,
  ToTab,
  ToWorker,
} from "./protocol.ts";
import { copyOf, QuoteTable } from "./quote_table.ts";
import { RecordLog } from "./record_log.ts";
import { decodeSegment, encodeSegment, matches } from "./topics.ts";

/** A tab that has been silent for so long is gone. Hidden tabs speak once a minute at least. */
export const SILENT_TAB_MS = 180_000;
/** While prices come, tabs are told of the line this often. */
const LINE_MS = 1000;
const STATES_MAX = 2000;
const INSPECTED_MAX = 200;
const ALWAYS = ["market/*", "jobs/*/*", "alerts/*", "broadcast/*"];

export interface Tab {
  post(message: ToTab, transfer?: Transferable[]): void;
}

interface Attached {
  visible: boolean;
  account: string;
  user: string | null;
  heardAt: number;
  readonly inspections: Map<number, string>;
}

export class Hub {
  readonly #tabs = new Map<Tab, Attached>();
  readonly #quotes = new QuoteTable();
  readonly #records = new RecordLog();
  readonly #states = new Map<string, unknown>();
  readonly #denied = new Set<string>();
  #line: Line;
  #toldAt = 0;

  constructor(now: number) {
    this.#line = lines.lineAt(now);
  }

  get line(): Line {
    return this.#line;
  }
  get tabs(): number {
    return this.#tabs.size;
  }
  get records(): RecordLog {
    return this.#records;
  }

  /** All that any tab wants, in a fixed order; nothing when there is no tab. */
  topics(): string[] {
    if (this.#tabs.size === 0) return [];
    const wanted = new Set(ALWAYS);
    for (const tab of this.#tabs.values()) {
      wanted.add(`paper/${encodeSegment(tab.account)}/*`);
      if (tab.user !== null) wanted.add(`user/${encodeSegment(tab.user)}/*`);
      for (const pattern of tab.inspections.values()) wanted.add(pattern);
    }
    for (const pattern of this.#denied) wanted.delete(pattern);
    return [...wanted].sort();
  }

  /** A tab's message. True: the topics may be others now. */
  receive(tab: Tab, message: ToWorker, now: number): boolean {
    if (message.kind === "attach") return this.#attach(tab, message, now);
    const attached = this.#tabs.get(tab);
    if (attached === undefined) return false;
    attached.heardAt = now;
    switch (message.kind) {
      case "ping":
        tab.post({ kind: "line", line: this.#line });
        return false;
      case "visible":
        this.#show(tab, attached, message.visible);
        return false;
      case "account":
        this.#allow(now);
        attached.account = message.account;
        this.#postStates(tab, attached);
        return true;
      case "user":
        this.#allow(now);
        if (attached.user !== message.user) this.#forget();
        attached.user = message.user;
        tab.post(message);
        this.opening(now);
        return true;
      case "inspect":
        return this.#inspect(tab, attached, message);
      case "uninspect":
        return attached.inspections.delete(message.inspection);
      case "acknowledged":
        this.#records.acknowledge(message.id);
        this.#postAll({ kind: "acknowledged", id: message.id });
        return false;
      case "bye":
        return this.#tabs.delete(tab);
      case "retry":
        this.#allow(now);
        return false;
    }
  }

  detach(tab: Tab): boolean {
    return this.#tabs.delete(tab);
  }

  /** True: tabs that no longer speak were dropped. */
  dropSilent(now: number): boolean {
    const before = this.#tabs.size;
    for (const [tab, attached] of this.#tabs) {
      if (now - attached.heardAt > SILENT_TAB_MS) this.#tabs.delete(tab);
    }
    return this.#tabs.size < before;
  }

  opening(now: number): void {
    this.#tell(lines.opening(this.#line, now), now);
  }
  lost(now: number): void {
    this.#tell(lines.lost(this.#line, now), now);
  }

  /**
   * The stream as a whole was refused. A pattern that a developer typed, or one that this caller may
   * not read, is left out and named; then the answer is true: worth another try.
   */
  refused(refusal: Refusal, now: number): boolean {
    if (this.#endInspections(refusal)) return true;
    const { denied } = refusal;
    if (denied !== null && this.topics().length > 1 && this.topics().includes(denied)) {
      this.#denied.add(denied);
      this.#tell(lines.denying(this.#line, [...this.#denied]), now);
      return true;
    }
    this.#tell(lines.refused(this.#line, refusal, now), now);
    return false;
  }

  /** What the stream brought. */
  event(event: Decoded, now: number): void {
    const line = this.#line;
    switch (event.kind) {
      case "hello":
        this.#tell(lines.greeted(line, now), now);
        break;
      case "heartbeat":
        this.#tell(lines.beaten(line, event.feedAgeMs, now), now);
        if (event.feedAgeMs !== null) this.#quotes.aged(event.feedAgeMs, now);
        this.#postQuotes();
        break;
      case "batch":
        this.#batch(event.updates, event.time, now);
        break;
      case "record":
        this.#record(event.record, now);
        break;
      case "gap":
        this.#gap(event.reason, now);
        break;
      case "slow":
        this.#tell(lines.noticed(line, slowWords(event.skipped), now), now);
        break;
      case "drain":
        this.#tell(lines.draining(line, event.afterMs, now), now);
        break;
      case "unreadable":
        this.#tell(lines.unread(line, now), now);
        break;
      case "auth":
        // The follower ends the stream and calls `refused`.
        break;
    }
  }

  /** Unfinished jobs and unacknowledged alerts from the server's lists. */
  seed(records: readonly StreamRecord[]): void {
    for (const record of records) this.#records.seed(record);
    this.#postAll({ kind: "seeded", jobs: this.#records.jobs, alerts: this.#records.alerts });
  }

  notice(words: string, now: number): void {
    this.#tell(lines.noticed(this.#line, words, now), now);
  }

  // Of another tape, or of another user: the next connection brings what there is to know.
  #forget(): void {
    this.#records.clear();
    this.#states.clear();
  }

  // Which patterns may be read is found out anew.
  #allow(now: number): void {
    if (this.#denied.size === 0) return;
    this.#denied.clear();
    this.#tell(lines.denying(this.#line, []), now);
  }

  #inspect(tab: Tab, attached: Attached, message: ToWorker & { kind: "inspect" }): boolean {
    const { inspection, pattern } = message;
    attached.inspections.set(inspection, pattern);
    if (this.topics().length <= TOPICS_MAX) return true;
    attached.inspections.delete(inspection);
    const words = "Too many topics are followed at once: end an inspection, or close a tab.";
    tab.post({ kind: "inspection_refused", inspection, words });
    return false;
  }

  #endInspections(refusal: Refusal): boolean {
    if (refusal.status !== 403 && refusal.status !== 422) return false;
    let ended = false;
    for (const [tab, attached] of this.#tabs) {
      for (const [inspection, pattern] of attached.inspections) {
        // Which of them is at fault is known only when it is named.
        if (refusal.denied !== null && refusal.denied !== pattern) continue;
        tab.post({ kind: "inspection_refused", inspection, words: refusal.words });
        attached.inspections.delete(inspection);
        ended = true;
      }
    }
    return ended;
  }

  #attach(tab: Tab, message: ToWorker & { kind: "attach" }, now: number): boolean {
    const { visible, account, user } = message;
    const inspections = this.#tabs.get(tab)?.inspections ?? new Map<number, string>();
    const attached = { visible, account, user, heardAt: now, inspections };
    this.#tabs.set(tab, attached);
    const { records, missed } = this.#records.after(message.lastId);
    tab.post({
      kind: "snapshot",
      line: this.#line,
      states: this.#statesFor(attached),
      jobs: this.#records.jobs,
      alerts: this.#records.alerts,
      missed,
      records: records.filter(({ topic }) => isOf(topic, attached)),
    });
    if (visible) this.#postWhole(tab);
    return true;
  }

  #show(tab: Tab, attached: Attached, visible: boolean): void {
    if (visible && !attached.visible) {
      this.#postWhole(tab);
      this.#postStates(tab, attached);
      tab.post({ kind: "line", line: this.#line });
    }
    attached.visible = visible;
  }

  #batch(updates: readonly StateEntry[], time: number | null, now: number): void {
    const serverNow = lines.isSnapshot(this.#line, now) ? time : null;
    const states: StateEntry[] = [];
    let prices = 0;
    for (const update of updates) {
      const [topic, value] = update;
      if (!topic.startsWith("market/")) {
        // A batch does not say which position is gone; equity carries them all.
        if (isPositions(topic)) continue;
        this.#keep(topic, value);
        states.push(update);
      } else {
        const symbol = decodeSegment(topic.slice("market/".length));
        if (this.#quotes.apply(symbol, value, now, serverNow)) ++prices;
      }
    }
    const fresh = prices > 0 ? lines.priced(this.#line, now) : lines.heard(this.#line, now);
    const told = fresh.feedKnown !== this.#line.feedKnown || now - this.#toldAt >= LINE_MS;
    if (told) this.#tell(fresh, now);
    else this.#line = fresh;
    this.#postQuotes();
    for (const [tab, attached] of this.#tabs) {
      if (attached.inspections.size > 0) this.#inspectStates(tab, attached, updates);
      if (!attached.visible) continue;
      const wanted = states.filter(([topic]) => isOf(topic, attached));
      if (wanted.length > 0) tab.post({ kind: "states", states: wanted });
    }
  }

  #keep(topic: string, value: unknown): void {
    this.#states.delete(topic);
    if (value === null) return;
    this.#states.set(topic, value);
    if (this.#states.size <= STATES_MAX) return;
    for (const oldest of this.#states.keys()) {
      this.#states.delete(oldest);
      return;
    }
  }

  #record(record: StreamRecord, now: number): void {
    this.#line = lines.heard(this.#line, now);
    this.#records.add(record);
    for (const [tab, attached] of this.#tabs) {
      if (isOf(record.topic, attached)) tab.post({ kind: "records", records: [record] });
      for (const [inspection, pattern] of attached.inspections) {
        if (!matches(pattern, record.topic)) continue;
        const events: InspectedEvent[] = [{ class: "record", ...record }];
        tab.post({ kind: "inspected", inspection, events, skipped: 0 });
      }
    }
  }

  #gap(reason: string, now: number): void {
    // Another tape: what was remembered belongs to the old one.
    if (reason !== "expired") this.#forget();
    this.#line = lines.heard(this.#line, now);
    this.#postAll({ kind: "gap", reason });
  }

  #inspectStates(tab: Tab, attached: Attached, updates: readonly StateEntry[]): void {
    for (const [inspection, pattern] of attached.inspections) {
      const hits = updates.filter(([topic]) => matches(pattern, topic));
      if (hits.length === 0) continue;
      const events = hits.slice(-INSPECTED_MAX).map(([topic, data]) => ({
        class: "state" as const,
        id: null,
        topic,
        type: null,
        time: null,
        data,
      }));
      tab.post({ kind: "inspected", inspection, events, skipped: hits.length - events.length });
    }
  }

  #postQuotes(): void {
    const frame = this.#quotes.takeChanged();
    if (frame === null) return;
    for (const [tab, attached] of this.#tabs) {
      if (!attached.visible) continue;
      const copy = copyOf(frame);
      tab.post(copy, [copy.at.buffer, copy.values.buffer]);
    }
  }

  #postWhole(tab: Tab): void {
    const frame = this.#quotes.whole();
    tab.post(frame, [frame.at.buffer, frame.values.buffer]);
  }

  #statesFor(attached: Attached): StateEntry[] {
    return [...this.#states].filter(([topic]) => isOf(topic, attached));
  }

  #postStates(tab: Tab, attached: Attached): void {
    const states = this.#statesFor(attached);
    if (states.length > 0) tab.post({ kind: "states", states });
  }

  #tell(line: Line, now: number): void {
    this.#line = line;
    this.#toldAt = now;
    this.#postAll({ kind: "line", line });
  }

  #postAll(message: ToTab): void {
    for (const tab of this.#tabs.keys()) tab.post(message);
  }
}

function isPositions(topic: string): boolean {
  return topic.startsWith("paper/") && topic.endsWith("/positions");
}

// A tab sees its own account and user; what belongs to nobody is everyone's.
function isOf(topic: string, tab: Attached): boolean {
  if (topic.startsWith("paper/")) return topic.startsWith(`paper/${encodeSegment(tab.account)}/`);
  if (topic.startsWith("user/")) {
    return tab.user !== null && topic.startsWith(`user/${encodeSegment(tab.user)}/`);
  }
  return ALWAYS.some((pattern) => matches(pattern, topic));
}

function slowWords(skipped: number): string {
  const updates = skipped === 1 ? "1 update" : `${skipped} updates`;
  return `Slow connection: ${updates} skipped; prices shown are the newest.`;
}
