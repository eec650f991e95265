// For tests: a server with a tape of records and streams that follow it, as the contract says, and
// a manual clock. Nothing happens by itself.

import type { SourceEvents } from "./follower.ts";
import type { HostWorld } from "./host.ts";
import type { Probe } from "./refusal.ts";
import { matches } from "./topics.ts";

interface Stream {
  readonly url: URL;
  readonly events: SourceEvents;
  readyState: number;
  lastId: string;
  close(): void;
}

export class FakeServer implements HostWorld {
  readonly streams: Stream[] = [];
  readonly tape: { topic: string; type: string; data: unknown }[] = [];
  /** Answers by path and query. */
  readonly lists = new Map<string, unknown>();
  /** Lists that are read wait for it. */
  held: Promise<void> = Promise.resolve();
  readonly #soon: (() => void)[] = [];
  time = 1_000_000;
  up = true;
  answer: Probe = { status: 200, retryAfterS: null, body: "" };
  /** A stream with this pattern gets 403. */
  forbidden: string | null = null;

  now(): number {
    return this.time;
  }
  random(): number {
    return 0.5;
  }
  soon(run: () => void): void {
    this.#soon.push(run);
  }
  async probe(url: string): Promise<Probe | null> {
    return this.up ? this.#answerTo(new URL(url, "http://localhost")) : null;
  }
  async read(path: string): Promise<unknown> {
    if (!this.up) throw new Error("down");
    const answer = this.lists.get(path) ?? {};
    await this.held;
    return answer;
  }

  open(url: string, events: SourceEvents): Stream {
    const stream: Stream = {
      url: new URL(url, "http://localhost"),
      events,
      readyState: 0,
      lastId: "",
      close() {
        stream.readyState = 2;
      },
    };
    this.streams.push(stream);
    return stream;
  }

  /** Lets everything that was put off happen, and connections be made. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 5; ++turn) {
      for (const run of this.#soon.splice(0)) run();
      for (const stream of this.open_) if (stream.readyState === 0 && this.up) this.#accept(stream);
      await Promise.resolve();
    }
  }

  /** What was put off, for a test that lets it happen by itself. */
  takeSoon(): (() => void)[] {
    return this.#soon.splice(0);
  }

  get open_(): Stream[] {
    return this.streams.filter((stream) => stream.readyState !== 2);
  }

  publish(topic: string, data: unknown, type = "message"): void {
    this.tape.push({ topic, type, data });
    for (const stream of this.open_) {
      if (stream.readyState === 1) this.#send(stream, this.tape.length - 1);
    }
  }

  batch(...updates: [string, unknown][]): void {
    this.say({ t: this.time, u: updates }, false);
  }
  heartbeat(feedAgeMs: number | null): void {
    this.say({ server_time: "", head: this.#head, feed_age_ms: feedAgeMs }, true);
  }
  say(data: unknown, withId: boolean): void {
    for (const stream of this.open_) {
      if (stream.readyState === 1) this.#tell(stream, data, withId ? this.#head : null);
    }
  }

  /** The connections break; browsers try again. */
  cut(): void {
    for (const stream of this.open_) {
      stream.readyState = 0;
      stream.events.error();
    }
  }
  /** Browsers give up for good. */
  refuse(answer: Probe): void {
    this.answer = answer;
    for (const stream of this.open_) {
      stream.readyState = 2;
      stream.events.error();
    }
  }

  get #head(): string {
    return `e-${this.tape.length}`;
  }

  #answerTo(url: URL): Probe {
    const topics = (url.searchParams.get("topics") ?? "").split(",");
    if (this.forbidden === null || !topics.includes(this.forbidden)) return this.answer;
    const detail = `the topic pattern ${this.forbidden} reaches beyond what this caller may read`;
    return { status: 403, retryAfterS: null, body: JSON.stringify({ detail }) };
  }

  #accept(stream: Stream): void {
    if (this.#answerTo(stream.url).status !== 200) {
      stream.readyState = 2;
      stream.events.error();
      return;
    }
    stream.readyState = 1;
    const since = stream.lastId !== "" ? stream.lastId : stream.url.searchParams.get("since");
    const from = since === null ? this.tape.length : Number(since.slice(2));
    const resume = since === null ? "live" : "continuous";
    this.#tell(stream, { server_time: "", head: this.#head, resume }, `e-${from}`);
    for (let place = from; place < this.tape.length; ++place) this.#send(stream, place);
  }

  #send(stream: Stream, place: number): void {
    const record = this.tape[place];
    const patterns = (stream.url.searchParams.get("topics") ?? "").split(",");
    if (record === undefined || !patterns.some((one) => matches(one, record.topic))) return;
    this.#tell(stream, { ...record, time: "2026-11-20T15:04:05.000000Z" }, `e-${place + 1}`);
  }

  #tell(stream: Stream, data: unknown, id: string | null): void {
    if (id !== null) stream.lastId = id;
    stream.events.message(JSON.stringify(data), stream.lastId);
  }
}
