// What is remembered of the Market page: the person's own list, which list is shown, its sort, the
// symbol that was looked at last, the chart's timeframe.

import type { Timeframe } from "../api/market";
import { isListOfTexts, isText, oneOf, Remembered } from "../settings/remembered.svelte";
import { TIMEFRAMES } from "./candles";
import { COLUMNS, type Sort, toggled } from "./watch_order";

export type View = "all" | "mine";

const isColumn = oneOf(...COLUMNS);

function isSort(stored: unknown): stored is Sort {
  if (typeof stored !== "object" || stored === null) return false;
  const { column, descending } = stored as Partial<Record<keyof Sort, unknown>>;
  return (column === null || isColumn(column)) && typeof descending === "boolean";
}

export const watchlist = {
  mine: new Remembered<string[]>("market.mine", [], isListOfTexts),
  view: new Remembered<View>("market.view", "all", oneOf("all", "mine")),
  sort: new Remembered<Sort>("market.sort", { column: null, descending: false }, isSort),
  symbol: new Remembered<string>("market.symbol", "", isText),
  timeframe: new Remembered<Timeframe>("market.timeframe", "1m", oneOf(...TIMEFRAMES)),
  /** Into the person's own list, or out of it. */
  star(symbol: string): void {
    if (symbol !== "") watchlist.mine.value = toggled(watchlist.mine.value, symbol);
  },
};
