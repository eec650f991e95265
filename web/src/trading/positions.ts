// The positions of an account, by symbol. The stream tells the largest hundred live; where there are
// more, the others are as the server last listed them. Pure.

import type { Position } from "../api/positions.ts";
import type { Schema } from "../api/types.ts";
import { decimalsOf, leastDecimals, shown } from "../format/numbers.ts";

export type PositionRow = Schema<"PaperPosition">;

export function positionRows(
  live: readonly PositionRow[],
  listed: readonly Position[] | null,
): PositionRow[] {
  const rows = new Map<string, PositionRow>();
  for (const each of listed ?? []) {
    rows.set(each.symbol, {
      symbol: each.symbol,
      quantity: shown(each.qty),
      avg_price: shown(each.avg_entry_price),
      price: shown(each.current_price),
      market_value: shown(each.market_value),
      unrealized_pnl: shown(each.unrealized_pl),
    });
  }
  for (const each of live) rows.set(each.symbol, each);
  return [...rows.values()].sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
}

/** Of what was paid; null where nothing was. */
export function gainShare(row: PositionRow): number | null {
  const cost = Math.abs(row.quantity * row.avg_price);
  return cost > 0 ? row.unrealized_pnl / cost : null;
}

/** Of both prices of a row: those of the last one, as an average has any number of them. */
export function priceDecimals({ price, avg_price }: PositionRow): number {
  return Math.max(leastDecimals(price, decimalsOf(price)), leastDecimals(avg_price));
}
