// Follower: keeps one EventSource on the server's stream. It opens again at the cursor when the
// topics change, when the browser gives up, and when nothing has come for long; it asks why when it
// was refused. What the browser does by itself (trying again after a lost connection, with the
// server's own delays) is left to it.
//
// Invariant: events of at most one EventSource are passed on, so that the cursor never goes back.

import { Cursor } from "./cursor.ts";
import { type Decoded, decode } from "./decode.ts";
import type { Refusal } from "./protocol.ts";
import { expiry, type Probe, refusalOf } from "./refusal.ts";

/** What the follower needs of the world; tests give their own. */
export interface FollowerWorld {
  /** Calls back later, never while it opens. */
  open(url: string, events: SourceEvents): SourceLike;
  probe(url: string): Promise<Probe | null>;
  /** A number from 0 to 1. */
  random(): number;
  now(): number;
}

/** What an EventSource tells: a message with the newest id so far, and that it broke. */
export interface SourceEvents {
  message(text: string, lastEventId: string): void;
  error(): void;
}

export interface SourceLike {
  readonly readyState: number;
  close(): void;
}

export interface FollowerEvents {
  event(event: Decoded): void;
  opening(): void;
  lost(): void;
  refused(refusal: Refusal): void;
}

const OPEN = 1;
const CLOSED = 2;
/** Nothing came for this long, not even a heartbeat: the line is dead, though it looks open. */
const SILENCE_MS = 30_000;
const BACKOFF_MS = [1000, 2000, 5000, 10_000];

export class Follower {
  readonly cursor = new Cursor();
  readonly #world: FollowerWorld;
  readonly #events: FollowerEvents;
  #topics: readonly string[] = [];
  #source: SourceLike | null = null;
  #failures = 0;
  #heardAt = 0;
  /** When to open; null: not planned. */
  #openAt: number | null = null;

  constructor(world: FollowerWorld, events: FollowerEvents) {
    this.#world = world;
    this.#events = events;
  }

  /** Opens with these topics; closes when there are none. False: they are those it has. */
  follow(topics: readonly string[]): boolean {
    if (topics.join(",") === this.#topics.join(",")) return false;
    this.#topics = topics;
    this.reopen();
    return true;
  }

  /** Nothing more is passed on until it opens again. */
  pause(): void {
    this.#close();
  }

  /** At once, also after a refusal. */
  reopen(): void {
    this.#close();
    if (this.#topics.length === 0) return;
    this.#events.opening();
    const url = this.cursor.url(this.#topics);
    this.#heardAt = this.#world.now();
    const source: SourceLike = this.#world.open(url, {
      message: (text, id) => {
        if (this.#source === source) this.#take(text, id);
      },
      error: () => {
        if (this.#source === source) this.#failed(source, url);
      },
    });
    this.#source = source;
  }

  /** Is called about once a second. */
  tick(): void {
    const now = this.#world.now();
    if (this.#openAt !== null && now >= this.#openAt) this.reopen();
    // While the browser tries again it is not for us to hurry it.
    else if (this.#source?.readyState === OPEN && now - this.#heardAt > SILENCE_MS) this.reopen();
  }

  #take(data: string, id: string): void {
    const event = decode(data, id);
    this.#heardAt = this.#world.now();
    this.#failures = 0;
    // First, so that what is told is never asked for again.
    this.cursor.passed(id);
    if (event.kind === "auth") {
      this.#close();
      this.#events.refused(expiry(event.reason));
      return;
    }
    this.#events.event(event);
  }

  #failed(source: SourceLike, url: string): void {
    if (source.readyState !== CLOSED) {
      this.#events.lost();
      return;
    }
    // Why is known only when it has been asked.
    void this.#world.probe(url).then((probe) => {
      if (this.#source === source) this.#judge(probe);
    });
  }

  #judge(probe: Probe | null): void {
    this.#close();
    const now = this.#world.now();
    const refusal = refusalOf(probe, now);
    if (refusal !== null) {
      this.#openAt = refusal.retryAt;
      this.#events.refused(refusal);
      return;
    }
    this.#events.lost();
    const step = BACKOFF_MS[Math.min(this.#failures, BACKOFF_MS.length - 1)] ?? 0;
    ++this.#failures;
    this.#openAt = now + step * (0.75 + this.#world.random() / 2);
  }

  #close(): void {
    this.#openAt = null;
    this.#source?.close();
    this.#source = null;
  }
}
