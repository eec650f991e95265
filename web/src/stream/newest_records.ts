// NewestRecords: a tab's bounded list of records, one per key (order, fill, job, alert), newest
// last. Beyond its limit it forgets the oldest and says how many. Svelte can read it as a store: it
// is told at the next flush, once however many records came.

export type Stop = () => void;

export class NewestRecords<Row> {
  readonly #limit: number;
  readonly #keyOf: (row: Row) => string;
  readonly #rows = new Map<string, Row>();
  readonly #readers = new Set<(rows: readonly Row[]) => void>();
  #dropped = 0;
  #dirty = false;

  constructor(limit: number, keyOf: (row: Row) => string) {
    this.#limit = limit;
    this.#keyOf = keyOf;
  }

  get size(): number {
    return this.#rows.size;
  }
  /** How many were forgotten because there were too many. */
  get dropped(): number {
    return this.#dropped;
  }
  get(key: string): Row | undefined {
    return this.#rows.get(key);
  }
  list(): Row[] {
    return [...this.#rows.values()];
  }

  /** A newer row of a key takes the older one's place and moves to the end. */
  put(rows: readonly Row[]): void {
    if (rows.length === 0) return;
    for (const row of rows) {
      const key = this.#keyOf(row);
      this.#rows.delete(key);
      this.#rows.set(key, row);
    }
    for (const key of this.#rows.keys()) {
      if (this.#rows.size <= this.#limit) break;
      this.#rows.delete(key);
      ++this.#dropped;
    }
    this.#dirty = true;
  }

  remove(key: string): void {
    if (this.#rows.delete(key)) this.#dirty = true;
  }

  clear(): void {
    this.#rows.clear();
    this.#dirty = true;
  }

  /** Something has changed that readers were not told. */
  get dirty(): boolean {
    return this.#dirty;
  }

  /** As Svelte's stores: calls `read` now and at each flush that has news. */
  subscribe(read: (rows: readonly Row[]) => void): Stop {
    this.#readers.add(read);
    read(this.list());
    return () => void this.#readers.delete(read);
  }

  flush(): void {
    if (!this.#dirty) return;
    this.#dirty = false;
    if (this.#readers.size === 0) return;
    const rows = this.list();
    for (const read of this.#readers) read(rows);
  }
}
