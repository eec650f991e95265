// The figures of a backtest: how each is called, shown and worked out (docs/backtests.md). Pure.

import type { Schema } from "../api/types.ts";
import {
  formatFractionChange,
  formatMoney,
  formatQuantity,
  formatRatio,
  formatShare,
} from "../format/numbers.ts";

export type Results = Schema<"BacktestResults">;
export type FigureName = keyof Results;

export interface Figure {
  readonly name: FigureName;
  readonly label: string;
  readonly formula: string;
  readonly kind: "money" | "gain" | "share" | "ratio" | "count";
}

const figure = (
  name: FigureName,
  label: string,
  kind: Figure["kind"],
  formula: string,
): Figure => ({ name, label, kind, formula });

export const FIGURES: readonly Figure[] = [
  figure("total_return", "Total return", "gain", "Final equity / cash at the start − 1"),
  figure(
    "buy_and_hold_return",
    "Buy and hold",
    "gain",
    "Last close / close of the first bar at which the strategy could decide − 1; the mean of all symbols",
  ),
  figure(
    "annual_return",
    "Annual return",
    "gain",
    "(1 + g)^days − 1; g: geometric mean of daily returns; days: 252, or 365 with bars on weekends",
  ),
  figure(
    "max_drawdown",
    "Max drawdown",
    "gain",
    "Lowest equity / highest before it − 1, at every bar, open positions included",
  ),
  figure("sharpe_ratio", "Sharpe", "ratio", "Annual return / volatility"),
  figure(
    "sortino_ratio",
    "Sortino",
    "ratio",
    "Annual return / (√ mean(min(r, 0)²) × √days), r: daily returns",
  ),
  figure("calmar_ratio", "Calmar", "ratio", "Annual return / |max drawdown|"),
  figure(
    "volatility",
    "Volatility",
    "share",
    "√((var + (1 + g)²)^days − (1 + g)^(2 days)), var with ddof 1",
  ),
  figure("final_equity", "Final equity", "money", "Cash + Σ quantity × close at the end"),
  figure("trades", "Trades", "count", "Round trips: one symbol from flat to flat"),
  figure("win_rate", "Win rate", "share", "Share of the trades with a profit, after fees"),
  figure(
    "profit_factor",
    "Profit factor",
    "ratio",
    "Σ positive / |Σ negative| trade returns; none without a loss",
  ),
  figure("sqn", "SQN", "ratio", "√n × mean(profit) / deviation(profit), ddof 1"),
  figure(
    "exposure",
    "Exposure",
    "share",
    "Share of the moments with a position; the bar of the exit counts",
  ),
  figure("fees", "Fees", "money", "All fees paid"),
];

export const figureNamed = (name: string): Figure | undefined =>
  FIGURES.find((each) => each.name === name);

/** With sign and arrow where it is a gain or a loss. */
export function figureText({ kind, name }: Figure, value: number | null): string {
  if (kind === "money") return formatMoney(value);
  if (kind === "share") return formatShare(value);
  if (kind === "ratio") return formatRatio(value);
  if (kind === "count") return formatQuantity(value);
  const { arrow, text } = formatFractionChange(value);
  // A drawdown is never a gain: its sign says all.
  return name === "max_drawdown" || arrow === "" ? text : `${arrow} ${text}`;
}

/** Above zero, below it, or neither: what is coloured. */
export const directionOf = ({ kind }: Figure, value: number | null): number =>
  kind === "gain" ? Math.sign(value ?? 0) : 0;

/** Where less is better. More trades, or more exposure, are neither better nor worse. */
const LESS: readonly FigureName[] = ["volatility", "fees"];
const NO_CONTEST: readonly FigureName[] = ["trades", "exposure", "buy_and_hold_return"];

/** Which of the runs has the best value; -1: none, or all have the same. */
export function bestPlace({ name }: Figure, values: readonly (number | null)[]): number {
  if (NO_CONTEST.includes(name)) return -1;
  const sign = LESS.includes(name) ? -1 : 1;
  let best = -1;
  for (const [i, value] of values.entries()) {
    if (value === null) continue;
    const held = values[best] ?? null;
    if (held === null || value * sign > held * sign) best = i;
  }
  return values.every((value) => value === values[0]) ? -1 : best;
}

export const FIGURE_OPTIONS: readonly { value: string; label: string }[] = FIGURES.map(
  ({ name, label }) => ({ value: name, label }),
);
