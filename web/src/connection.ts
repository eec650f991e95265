// Connection: what the page says about its stream, and what happens next. Holds no DOM and no
// timer: events and the time come in, words come out.

export type Phase = "connecting" | "live" | "reconnecting" | "refused";

/** Without a price for this long the page says so: the line may be fine and the market quiet. */
const QUIET_MS = 10_000;
/** How long a passing notice stays. */
const NOTICE_MS = 15_000;

interface Notice {
  readonly text: string;
  readonly until: number;
}

export class Connection {
  #phase: Phase = "connecting";
  #lastPrice: number | null = null;
  #since: number;
  #drainMs: number | null = null;
  #notice: Notice | null = null;

  constructor(now: number) {
    this.#since = now;
  }

  get phase(): Phase {
    return this.#phase;
  }

  opened(now: number): void {
    this.#phase = "live";
    this.#since = now;
    this.#drainMs = null;
    this.#notice = null;
  }

  /** `final`: the browser has given up for good. */
  failed(final: boolean): void {
    this.#phase = final ? "refused" : "reconnecting";
  }

  price(now: number): void {
    this.#lastPrice = now;
  }

  /** The server stops; it has told the browser when to come back. */
  drained(afterMs: number | null): void {
    this.#drainMs = afterMs;
  }

  /** This reader fell behind and got newer prices instead of every one. */
  skipped(count: number | null, now: number): void {
    const updates = count === null ? "some updates" : count === 1 ? "1 update" : `${count} updates`;
    this.#say(`Slow connection: ${updates} skipped, prices shown are the newest.`, now);
  }

  missed(now: number): void {
    this.#say("Earlier events are no longer kept; prices shown are current.", now);
  }

  /** Changes only when there is news, so that a screen reader is not kept talking. */
  headline(now: number): string {
    switch (this.#phase) {
      case "connecting":
        return "Connecting…";
      case "refused":
        return "The server refused the stream.";
      case "reconnecting":
        return this.#drainMs === null
          ? "Reconnecting every few seconds: the connection was lost. Prices below are the last known."
          : `Reconnecting in about ${seconds(this.#drainMs)}: the server has stopped. Prices below ` +
              "are the last known.";
      case "live":
        return this.#live(now);
    }
  }

  #live(now: number): string {
    if (this.#drainMs !== null) return "Live. The server is about to stop.";
    if (this.#notice !== null && now < this.#notice.until) return `Live. ${this.#notice.text}`;
    const quietSince = Math.max(this.#since, this.#lastPrice ?? 0);
    if (now - quietSince >= QUIET_MS) {
      return this.#lastPrice === null ? "Connected. No prices yet." : "Connected. No new prices.";
    }
    return "Live.";
  }

  #say(text: string, now: number): void {
    this.#notice = { text, until: now + NOTICE_MS };
  }
}

function seconds(ms: number): string {
  const count = Math.max(1, Math.round(ms / 1000));
  return count === 1 ? "1 second" : `${count} seconds`;
}

/** A whole number out of a control event's object, or null. */
export function numberField(data: string, field: string): number | null {
  try {
    const value: unknown = JSON.parse(data);
    if (typeof value !== "object" || value === null) return null;
    const number = (value as Record<string, unknown>)[field];
    return typeof number === "number" && Number.isFinite(number) ? number : null;
  } catch {
    return null;
  }
}
