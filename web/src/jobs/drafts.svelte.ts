// What stands in the forms, kept while other pages are looked at.

import type { Backtest } from "../api/jobs";
import { type BacktestForm, emptyBacktest, fractionAsPercent } from "./backtest_form";
import type { TrainingForm } from "./training_form";

export const drafts = $state<{ backtest: BacktestForm; training: TrainingForm }>({
  backtest: emptyBacktest("", "1d"),
  training: { params: {}, symbols: "", timeframe: "1d", from: "", to: "" },
});

/** A form that asks for what `request` asked for. */
export function draftOf(
  request: Backtest["request"],
  params: Readonly<Record<string, unknown>> = request.params,
): BacktestForm {
  return {
    strategy: request.strategy,
    params: Object.fromEntries(
      Object.entries(params).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(", ") : String(value),
      ]),
    ),
    symbols: request.symbols.join(", "),
    timeframe: request.timeframe,
    from: request.from?.slice(0, 10) ?? "",
    to: request.to?.slice(0, 10) ?? "",
    cash: String(request.cash),
    fee: fractionAsPercent(String(request.fee)),
    slippage: String(request.slippage_bps),
    closeAtEnd: request.close_at_end,
    fractional: request.fractional,
    rankBy: request.rank_by,
  };
}
