// Figures out of fills and daily equity; the formulas are those of docs/backtests.md where a paper
// account has them too. What a formula does not give is null, never infinity. Pure.

import type { PaperTrade } from "../api/history.ts";

export interface FillFigures {
  /** Fills that closed something. */
  readonly closing: number;
  readonly winRate: number | null;
  readonly profitFactor: number | null;
  readonly average: number | null;
}

/** A fill closed something when it realized more than its fee. */
export const closes = ({ realized_pnl, fee }: Pick<PaperTrade, "realized_pnl" | "fee">): boolean =>
  Math.abs(realized_pnl + fee) >= 1e-9;

export function fillFigures(
  fills: readonly Pick<PaperTrade, "realized_pnl" | "fee">[],
): FillFigures {
  let [closing, wins, gains, losses] = [0, 0, 0, 0];
  for (const fill of fills) {
    if (!closes(fill)) continue;
    const net = fill.realized_pnl;
    closing += 1;
    if (net > 0) wins += 1;
    gains += Math.max(0, net);
    losses -= Math.min(0, net);
  }
  return {
    closing,
    winRate: closing > 0 ? wins / closing : null,
    profitFactor: losses > 0 ? gains / losses : null,
    average: closing > 0 ? (gains - losses) / closing : null,
  };
}

/** Annual return / volatility of the equity at the end of each day. */
export function sharpeRatio(closes: readonly number[], daysOfYear: 252 | 365): number | null {
  const returns = closes.slice(1).map((close, i) => close / (closes[i] ?? Number.NaN) - 1);
  if (returns.length < 2 || !returns.every((each) => Number.isFinite(each) && each > -1))
    return null;
  const mean = returns.reduce((sum, each) => sum + each, 0) / returns.length;
  const squares = returns.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  const variance = squares / (returns.length - 1);
  if (!(variance > 0)) return null;
  const logs = returns.reduce((sum, each) => sum + Math.log1p(each), 0);
  const growth = Math.exp(logs / returns.length);
  const spread = (variance + growth ** 2) ** daysOfYear - growth ** (2 * daysOfYear);
  return spread > 0 ? (growth ** daysOfYear - 1) / Math.sqrt(spread) : null;
}
