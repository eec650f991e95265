// The trades of a backtest, as a table and as CSV (numbers as the server sent them, times in UTC).

import type { Schema } from "../api/types.ts";
import type { CsvColumn } from "../format/csv.ts";
import {
  formatFractionChange,
  formatMoney,
  formatMoneyChange,
  formatPrice,
  formatQuantity,
  leastDecimals,
} from "../format/numbers.ts";
import type { Column } from "../ui/table.ts";

export type Trade = Schema<"BacktestTrade">;

const NAMES = [
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

export const CSV_COLUMNS: readonly CsvColumn<Trade>[] = NAMES.map((name) => ({
  name,
  cell: (trade) => trade[name],
}));

/** "2020-04-17", "2020-04-17 15:04": of bars, in UTC. */
export const barTime = (time: string): string =>
  time.slice(0, 16).replace("T", " ").replace(" 00:00", "");

/** Both prices of a row with the same decimals. */
const price = ({ entry_price, exit_price }: Trade, shown: number): string =>
  formatPrice(shown, Math.max(leastDecimals(entry_price), leastDecimals(exit_price)));

export const TRADE_COLUMNS: readonly Column<Trade>[] = [
  { label: "Symbol", left: true, text: ({ symbol }) => symbol },
  { label: "Side", left: true, text: ({ side }) => side },
  { label: "Opened", left: true, text: ({ opened }) => barTime(opened) },
  { label: "Closed", left: true, text: ({ closed }) => barTime(closed) },
  { label: "Quantity", text: ({ quantity }) => formatQuantity(quantity) },
  { label: "Entry", text: (trade) => price(trade, trade.entry_price) },
  { label: "Exit", text: (trade) => price(trade, trade.exit_price) },
  { label: "Fees", text: ({ fees }) => formatMoney(fees) },
  {
    label: "Profit",
    text: ({ profit }) => {
      const { arrow, text } = formatMoneyChange(profit);
      return `${arrow} ${text}`;
    },
    direction: ({ profit }) => profit,
  },
  {
    label: "Return",
    text: (trade) => formatFractionChange(trade.return).text,
    direction: (trade) => trade.return,
  },
];
