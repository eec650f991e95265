// Monthly returns as a table of years. Pure.

export interface YearRow {
  readonly year: string;
  /** January to December; null: not in the run. */
  readonly months: readonly (number | null)[];
  /** All of its months compounded. */
  readonly whole: number;
}

export const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** Of [{month: "2004-08", return: 0.02}, ...]; the newest year first. */
export function yearRows(months: readonly { month: string; return: number }[]): YearRow[] {
  const years = new Map<string, (number | null)[]>();
  for (const each of months) {
    const [year = "", month = ""] = each.month.split("-");
    const row = years.get(year) ?? Array<number | null>(12).fill(null);
    row[Number(month) - 1] = each.return;
    years.set(year, row);
  }
  return [...years]
    .sort(([a], [b]) => (a < b ? 1 : -1))
    .map(([year, row]) => ({
      year,
      months: row,
      whole: row.reduce<number>((product, value) => product * (1 + (value ?? 0)), 1) - 1,
    }));
}
