// Value: one thing that changes, and who wants to know. As Svelte's stores: `$freshness` reads it.

export class Value<T> {
  #value: T;
  readonly #readers = new Set<(value: T) => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get(): T {
    return this.#value;
  }

  set(value: T): void {
    this.#value = value;
    for (const read of this.#readers) read(value);
  }

  /** Calls `read` now and after each change. Returns how to stop. */
  subscribe(read: (value: T) => void): () => void {
    this.#readers.add(read);
    read(this.#value);
    return () => void this.#readers.delete(read);
  }
}
