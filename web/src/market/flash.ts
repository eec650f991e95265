// Which rows are tinted because their price has just moved: each at most once in FLASH_EVERY_MS, and
// for FLASH_MS. Pure: whoever paints asks, and clears what is over.

export const FLASH_EVERY_MS = 400;
export const FLASH_MS = 250;

export class Flashes<Row> {
  // In the order in which they began.
  readonly #lit = new Map<Row, number>();
  readonly #begun = new Map<Row, number>();

  get lit(): number {
    return this.#lit.size;
  }

  /** True: tint the row now. */
  begin(row: Row, now: number): boolean {
    const before = this.#begun.get(row);
    if (before !== undefined && now >= before && now - before < FLASH_EVERY_MS) return false;
    this.#begun.set(row, now);
    this.#lit.delete(row);
    this.#lit.set(row, now);
    return true;
  }

  /** Takes the rows whose time is over. */
  over(now: number): Row[] {
    const rows: Row[] = [];
    for (const [row, since] of this.#lit) {
      if (now >= since && now - since < FLASH_MS) break;
      this.#lit.delete(row);
      rows.push(row);
    }
    return rows;
  }

  /** The row is no longer shown. */
  forget(row: Row): void {
    this.#lit.delete(row);
    this.#begun.delete(row);
  }
}
