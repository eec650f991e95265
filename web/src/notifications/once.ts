// Once: which of many names have been seen, as far back as its limit. Pure.

export class Once {
  readonly #limit: number;
  readonly #seen: Set<string>;

  constructor(limit: number, seen: Iterable<string> = []) {
    this.#limit = limit;
    this.#seen = new Set(seen);
  }

  has(name: string): boolean {
    return this.#seen.has(name);
  }

  /** True the first time. */
  add(name: string): boolean {
    if (this.#seen.has(name)) return false;
    this.#seen.add(name);
    for (const oldest of this.#seen) {
      if (this.#seen.size <= this.#limit) break;
      this.#seen.delete(oldest);
    }
    return true;
  }
}
