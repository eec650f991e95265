// The trades of a backtest as CSV: numbers as the server sent them, times in UTC.

import type { Schema } from "../api/types.ts";
import type { CsvColumn } from "../format/csv.ts";

export type Trade = Schema<"BacktestTrade">;

const COLUMNS = [
  "symbol",
  "side",
  "opened",
  "closed",
  "quantity",
  "entry_price",
  "exit_price",
  "fees",
  "profit",
  "return",
] as const;

export const TRADE_COLUMNS: readonly CsvColumn<Trade>[] = COLUMNS.map((name) => ({
  name,
  cell: (trade) => trade[name],
}));
