// Where the stream goes on: the address of the next connection, so that no record is lost or comes
// twice when topics change, the browser gives up, or another worker takes over. Pure.
//
// An id stands for a position on the server's tape and is valid with any topics; the server gives
// one with each record and each heartbeat. Whoever asks `since` it gets what comes after, once.

/** The server takes no more patterns. */
export const TOPICS_MAX = 100;

export class Cursor {
  #id: string | null = null;

  get id(): string | null {
    return this.#id;
  }

  /** `id` of an event; empty on events that have none. */
  passed(id: string): void {
    if (id !== "") this.#id = id;
  }

  /** Takes over where an earlier worker stopped; false when this one has a place of its own. */
  takeOver(id: string): boolean {
    if (this.#id !== null) return false;
    this.#id = id;
    return true;
  }

  url(topics: readonly string[]): string {
    const query = new URLSearchParams({
      topics: topics.join(","),
      format: "batch",
      named: "false",
      client_id: "page",
    });
    if (this.#id !== null) query.set("since", this.#id);
    return `/api/v1/stream?${query}`;
  }
}
