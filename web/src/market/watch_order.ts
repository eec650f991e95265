// Which symbols a watchlist shows, and in what order; and the list that a person keeps. Pure.

export const COLUMNS = ["symbol", "price", "change", "bid", "ask"] as const;
export type Column = (typeof COLUMNS)[number];

export interface Sort {
  /** Null: the order of the list itself. */
  readonly column: Column | null;
  readonly descending: boolean;
}

export type ValueOf = (symbol: string, column: Exclude<Column, "symbol">) => number;

const names = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** Symbols in which every word of `text` occurs; those that begin with it stand first. */
export function filtered(symbols: readonly string[], text: string): readonly string[] {
  const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const [first] = words;
  if (first === undefined) return symbols;
  const fits = symbols.filter((symbol) => {
    const name = symbol.toLowerCase();
    return words.every((word) => name.includes(word));
  });
  const begins = (symbol: string) => symbol.toLowerCase().startsWith(first);
  return [...fits.filter(begins), ...fits.filter((symbol) => !begins(symbol))];
}

/** Sorted by a column; what has no value stands last either way, equals keep their order. */
export function sorted(symbols: readonly string[], sort: Sort, value: ValueOf): readonly string[] {
  const { column, descending } = sort;
  if (column === null) return symbols;
  const sign = descending ? -1 : 1;
  if (column === "symbol") return [...symbols].sort((a, b) => sign * names.compare(a, b));
  // Read once: the values may change while a sort goes on.
  const rows = symbols.map((symbol) => ({ symbol, value: value(symbol, column) }));
  rows.sort((a, b) => {
    const unknown = Number(Number.isNaN(a.value)) - Number(Number.isNaN(b.value));
    return unknown || (Number.isNaN(a.value) ? 0 : sign * (a.value - b.value));
  });
  return rows.map(({ symbol }) => symbol);
}

/** A press on a column's head: its natural direction first, then the other, then none. */
export function nextSort(sort: Sort, column: Column): Sort {
  const naturallyDescending = column !== "symbol";
  if (sort.column !== column) return { column, descending: naturallyDescending };
  if (sort.descending === naturallyDescending) return { column, descending: !naturallyDescending };
  return { column: null, descending: false };
}

export const sameOrder = (a: readonly string[], b: readonly string[]): boolean =>
  a === b || (a.length === b.length && a.every((symbol, i) => symbol === b[i]));

/** The symbol in the list, or out of it where it is in already. */
export const toggled = (list: readonly string[], symbol: string): string[] =>
  list.includes(symbol) ? list.filter((each) => each !== symbol) : [...list, symbol];

/** The list with `symbol` one place (or `by` places) further; it stays within the list. */
export function moved(list: readonly string[], symbol: string, by: number): string[] {
  const from = list.indexOf(symbol);
  if (from < 0) return [...list];
  const rest = list.filter((each) => each !== symbol);
  const to = Math.max(0, Math.min(rest.length, from + by));
  return [...rest.slice(0, to), symbol, ...rest.slice(to)];
}
