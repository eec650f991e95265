// The columns of exported trades.

import type { PaperTrade } from "../api/history.ts";
import type { CsvColumn } from "../format/csv.ts";

const NAMES = [
  "timestamp",
  "symbol",
  "side",
  "quantity",
  "price",
  "fee",
  "realized_pnl",
  "order_id",
  "id",
] as const;
const EXPLAINED = ["model", "source_price", "slippage", "liquidity"] as const;

export const TRADE_COLUMNS: readonly CsvColumn<PaperTrade>[] = [
  ...NAMES.map((name) => ({ name, cell: (trade: PaperTrade) => trade[name] })),
  ...EXPLAINED.map((name) => ({ name, cell: (trade: PaperTrade) => trade.explain[name] })),
];
