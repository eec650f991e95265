// EventLog: what an inspection has brought, newest first, bounded. Nothing is shown of it by itself:
// the page asks a few times a second. No DOM, no timer.

import type { InspectedEvent } from "../stream/client.ts";

export const KEPT_MAX = 500;

export interface LoggedEvent extends InspectedEvent {
  /** Counts from 1; unique in its log. */
  readonly number: number;
  /** When it came, in milliseconds since 1970. */
  readonly at: number;
}

export interface EventFilter {
  readonly class: "all" | "record" | "state";
  /** In topic, type or data, without regard to case. */
  readonly text: string;
}

export class EventLog {
  #events: LoggedEvent[] = [];
  #count = 0;
  #skipped = 0;

  /** All that came, also what is no longer kept. */
  get count(): number {
    return this.#count;
  }
  /** What came too fast to be shown. */
  get skipped(): number {
    return this.#skipped;
  }

  add(events: readonly InspectedEvent[], skipped: number, now: number): void {
    this.#skipped += skipped;
    this.#count += skipped;
    for (const event of events) {
      this.#count += 1;
      this.#events.push({ ...event, number: this.#count, at: now });
    }
    // Cut in large pieces: shifting one at a time would move the rest each time.
    if (this.#events.length > 2 * KEPT_MAX) this.#events = this.#events.slice(-KEPT_MAX);
  }

  clear(): void {
    this.#events = [];
    this.#count = 0;
    this.#skipped = 0;
  }

  /** Newest first, at most KEPT_MAX. */
  list(filter: EventFilter): LoggedEvent[] {
    const text = filter.text.trim().toLowerCase();
    const kept = this.#events.slice(-KEPT_MAX).reverse();
    return kept.filter(
      (event) =>
        (filter.class === "all" || event.class === filter.class) &&
        (text === "" || textOf(event).includes(text)),
    );
  }
}

const textOf = ({ topic, type, data }: InspectedEvent): string =>
  `${topic} ${type ?? ""} ${JSON.stringify(data)}`.toLowerCase();
