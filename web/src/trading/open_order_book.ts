// OpenOrderBook: the open orders of one account, as the server lists them and as records change them.
// However many orders come and go, it holds those that are open.

import { isOpen, type Order, orderOf } from "../api/orders.ts";
import type { StreamRecord } from "../stream/protocol.ts";
import { encodeSegment } from "../stream/topics.ts";
import { Value } from "../stream/value.ts";
import { inOrder, later } from "./open_orders.ts";

/** The part of the stream that it needs. */
export interface OrderRecords {
  onRecord(pattern: string, listen: (record: StreamRecord) => void): () => void;
}

export class OpenOrderBook {
  /** Counts the changes. */
  readonly changes = new Value(0);
  readonly #read: (signal: AbortSignal) => Promise<readonly Order[]>;
  readonly #open = new Map<string, Order>();
  /** The newest of each order that was told while a list was under way: newer than the list. */
  readonly #fresh = new Map<string, Order>();
  readonly #stop: () => void;
  #reading: AbortController | null = null;
  #known = false;

  /** Follows `account` until it is stopped; `read` gives its open orders. */
  constructor(
    account: string,
    records: OrderRecords,
    read: (signal: AbortSignal) => Promise<readonly Order[]>,
  ) {
    this.#read = read;
    this.#stop = records.onRecord(`paper/${encodeSegment(account)}/*`, (record) => {
      const order = orderOf(record);
      if (order !== null) this.#take(order);
    });
  }

  /** Newest first, legs after their entry; null until a list has been read. */
  list(): Order[] | null {
    return this.#known ? inOrder([...this.#open.values()]) : null;
  }

  /** Reads the list anew; the error if that fails. What it does not have is no longer open. */
  async read(): Promise<unknown> {
    this.#reading?.abort();
    const reading = new AbortController();
    this.#reading = reading;
    this.#fresh.clear();
    try {
      const listed = await this.#read(reading.signal);
      if (this.#reading !== reading) return null;
      this.#open.clear();
      for (const order of listed) if (isOpen(order)) this.#open.set(order.id, order);
      for (const order of this.#fresh.values()) this.#put(order);
      this.#known = true;
      this.#changed();
    } catch (error) {
      if (this.#reading !== reading || reading.signal.aborted) return null;
      return error;
    } finally {
      if (this.#reading === reading) {
        this.#reading = null;
        this.#fresh.clear();
      }
    }
    return null;
  }

  /** The answer to a cancel or a replacement, at once and also while no stream tells. */
  gone(id: string, instead: Order | null, told: Order | null): void {
    const order = this.#open.get(id);
    if (order) this.#take({ ...order, status: instead ? "replaced" : "canceled" });
    // The stream may have told more of the new one than the answer.
    if (instead) this.#take(told ?? instead);
  }

  stop(): void {
    this.#stop();
    this.#reading?.abort();
    this.#reading = null;
  }

  #take(order: Order): void {
    if (this.#reading !== null) this.#fresh.set(order.id, order);
    this.#put(order);
    this.#changed();
  }

  #put(order: Order): void {
    const known = this.#open.get(order.id);
    if (!isOpen(order)) this.#open.delete(order.id);
    else if (known === undefined || !later(known.updated_at, order.updated_at)) {
      this.#open.set(order.id, order);
    }
  }

  #changed(): void {
    this.changes.set(this.changes.get() + 1);
  }
}
