// CSV as RFC 4180 has it: commas, CRLF, quotes doubled. Spreadsheets run cells that begin with
// = + - @ tab or CR as formulas; a text that does gets an apostrophe before it, which they show as
// text. Numbers stay numbers. Pure.

export type Cell = string | number | boolean | null | undefined;

const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

export function csvCell(cell: Cell): string {
  if (cell === null || cell === undefined) return "";
  if (typeof cell === "number") return Number.isFinite(cell) ? String(cell) : "";
  const text = String(cell);
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export interface CsvColumn<Row> {
  readonly name: string;
  readonly cell: (row: Row) => Cell;
}

/** With a line of names. */
export function csvText<Row>(columns: readonly CsvColumn<Row>[], rows: Iterable<Row>): string {
  const lines = [columns.map((column) => csvCell(column.name)).join(",")];
  for (const row of rows) lines.push(columns.map((column) => csvCell(column.cell(row))).join(","));
  return `${lines.join("\r\n")}\r\n`;
}

/** "livetape-trades-paper-20261120T150405Z.csv" */
export function csvFileName(what: string, account: string, now: number): string {
  const time = new Date(now).toISOString().replace(/[-:]|\.\d+/g, "");
  return `livetape-${what}-${account.replace(/[^A-Za-z0-9._-]/g, "_")}-${time}.csv`;
}
