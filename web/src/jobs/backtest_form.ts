// What stands in the form of a backtest, and the request that it makes. Money stays text. Pure.

import type { BacktestWish, Strategy } from "../api/jobs.ts";
import type { Timeframe } from "../api/market.ts";
import type { Schema } from "../api/types.ts";
import { typedDecimal } from "../format/decimals.ts";
import { COMBINATIONS_MAX, typedParameters, typedSymbols } from "./parameters.ts";

export type CloseAtEnd = Schema<"CloseAtEnd">;

export interface BacktestForm {
  strategy: string;
  /** By the parameter's name; what is missing is its default. */
  params: Record<string, string>;
  symbols: string;
  timeframe: Timeframe;
  from: string;
  to: string;
  cash: string;
  /** Percent of each fill. */
  fee: string;
  slippage: string;
  closeAtEnd: CloseAtEnd;
  fractional: boolean;
  rankBy: string;
}

export const emptyBacktest = (symbols: string, timeframe: Timeframe): BacktestForm => ({
  strategy: "sma_cross",
  params: {},
  symbols,
  timeframe,
  from: "",
  to: "",
  cash: "100000",
  fee: "0",
  slippage: "0",
  closeAtEnd: "close",
  fractional: false,
  rankBy: "sharpe_ratio",
});

/** Faults by the field's name as the server calls it: "cash", "params.fast". */
export type Faults = Readonly<Record<string, string>>;

export interface CheckedBacktest {
  readonly wish: BacktestWish;
  readonly faults: Faults;
  readonly combinations: number;
}

/** 0.2 % is the fraction 0.002: the point moves, digit by digit. */
export function percentAsFraction(percent: string): string {
  const negative = percent.startsWith("-");
  const [whole = "0", part = ""] = percent.replace("-", "").split(".");
  const digits = whole.padStart(3, "0");
  const fraction = `${digits.slice(-2)}${part}`.replace(/0+$/, "");
  const rest = digits.slice(0, -2).replace(/^0+(?=\d)/, "");
  return `${negative ? "-" : ""}${rest}${fraction === "" ? "" : `.${fraction}`}`;
}

/** The other way: 0.002 is "0.2". */
export function fractionAsPercent(fraction: string): string {
  const [whole = "0", part = ""] = fraction.split(".");
  const digits = part.padEnd(2, "0");
  const percent = `${whole}${digits.slice(0, 2)}`.replace(/^0+(?=\d)/, "");
  const rest = digits.slice(2).replace(/0+$/, "");
  return rest === "" ? percent : `${percent}.${rest}`;
}

export function checkedBacktest(form: BacktestForm, strategy: Strategy): CheckedBacktest {
  const faults: Record<string, string> = {};
  const decimal = (field: string, name: string, typed: string, positive = false): string => {
    const { text, fault } = typedDecimal(typed, { name, positive, optional: !positive });
    if (fault !== null) faults[field] = fault;
    else if (text?.startsWith("-")) faults[field] = `${name} cannot be negative.`;
    return text || "0";
  };
  const { params, faults: wrong, combinations } = typedParameters(strategy.parameters, form.params);
  for (const [name, fault] of Object.entries(wrong)) faults[`params.${name}`] = fault;
  const symbols = typedSymbols(form.symbols);
  if (symbols.length === 0) faults["symbols"] = "Name at least one symbol that has bars.";
  if (form.from !== "" && form.to !== "" && form.from > form.to) {
    faults["to"] = "The end must not be before the start.";
  }
  if (combinations > COMBINATIONS_MAX) {
    faults["params"] = `A sweep has at most 10,000 combinations; these are ${combinations}.`;
  }
  const wish: BacktestWish = {
    strategy: strategy.name,
    params,
    symbols,
    timeframe: form.timeframe,
    cash: decimal("cash", "Cash", form.cash, true),
    fee: percentAsFraction(decimal("fee", "Fee", form.fee)),
    fee_per_share: "0",
    fee_min: "0",
    slippage_bps: decimal("slippage_bps", "Slippage", form.slippage),
    close_at_end: form.closeAtEnd,
    fractional: form.fractional,
    rank_by: form.rankBy,
    ...(form.from && { from: form.from }),
    ...(form.to && { to: form.to }),
  };
  return { wish, faults, combinations };
}
