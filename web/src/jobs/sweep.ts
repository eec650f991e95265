// The rows of a sweep as a map of two of its parameters. Pure.

import type { Schema } from "../api/types.ts";
import type { FigureName } from "./figures.ts";

export type SweepRow = Schema<"SweepRow">;

/** Parameters that have more than one value, in the rows' order of names. */
export function varied(rows: readonly SweepRow[]): string[] {
  const names = Object.keys(rows[0]?.params ?? {});
  return names.filter((name) => valuesOf(rows, name).length > 1);
}

/** The values of a parameter, ascending. */
export function valuesOf(rows: readonly SweepRow[], name: string): string[] {
  const values = new Set(rows.map((row) => String(row.params[name])));
  return [...values].sort((a, b) => Number(a) - Number(b) || (a < b ? -1 : 1));
}

export interface SweepMap {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** At [row][column] the combination of those two values whose figure is the highest. */
  readonly best: readonly (readonly (SweepRow | null)[])[];
}

/** `rowName` may be empty: one row, for sweeps of one parameter. */
export function sweepMap(
  all: readonly SweepRow[],
  rowName: string,
  columnName: string,
  figure: FigureName,
): SweepMap {
  const rows = rowName === "" ? [""] : valuesOf(all, rowName);
  const columns = valuesOf(all, columnName);
  const best = rows.map(() => columns.map<SweepRow | null>(() => null));
  for (const each of all) {
    const r = rowName === "" ? 0 : rows.indexOf(String(each.params[rowName]));
    const line = best[r];
    const c = columns.indexOf(String(each.params[columnName]));
    const held = line?.[c];
    if (!line || held === undefined) continue;
    const value = each.results[figure] ?? Number.NEGATIVE_INFINITY;
    if (held === null || value > (held.results[figure] ?? Number.NEGATIVE_INFINITY)) line[c] = each;
  }
  return { rows, columns, best };
}
