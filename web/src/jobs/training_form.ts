// The parameters of a training (docs/training.md; the server checks them) and its request. Pure.

import type { TrainingWish } from "../api/jobs.ts";
import type { Timeframe } from "../api/market.ts";
import type { Faults } from "./backtest_form.ts";
import { type Parameter, typedSymbols, typedValues } from "./parameters.ts";

const parameter = (
  name: string,
  type: "integer" | "number",
  [preset, minimum, maximum]: readonly [number, number, number],
  description: string,
): Parameter => ({ name, type, default: preset, minimum, maximum, description });

export const TRAINING_PARAMETERS: readonly Parameter[] = [
  parameter("rounds", "integer", [100, 1, 1000], "trees, at most"),
  parameter(
    "early_stopping_rounds",
    "integer",
    [10, 0, 1000],
    "ends when so many brought nothing; 0: never",
  ),
  parameter("max_depth", "integer", [3, 1, 10], "choices from a tree's root to a leaf"),
  parameter("learning_rate", "number", [0.1, 0.001, 1], "how much of each new tree counts"),
  parameter("subsample", "number", [0.8, 0.1, 1], "share of the samples for each tree"),
  parameter("min_child_weight", "number", [1, 0, 1_000_000], "weight that a leaf must have"),
  parameter("validation", "number", [0.2, 0.05, 0.5], "share of the newest samples, which judge"),
  parameter("seed", "integer", [1, 0, 2_147_483_647], "of the choice of samples"),
];

export interface TrainingForm {
  params: Record<string, string>;
  symbols: string;
  timeframe: Timeframe;
  from: string;
  to: string;
}

export function checkedTraining(form: TrainingForm): { wish: TrainingWish; faults: Faults } {
  const faults: Record<string, string> = {};
  const params: Record<string, number> = {};
  let rounds = 100;
  for (const each of TRAINING_PARAMETERS) {
    const { values, fault } = typedValues(form.params[each.name] ?? "", each);
    const field = each.name === "rounds" ? "rounds" : `params.${each.name}`;
    const [value] = values;
    if (fault !== null) faults[field] = fault;
    else if (values.length > 1) faults[field] = "A training takes one value.";
    else if (typeof value !== "number") continue;
    else if (each.name === "rounds") rounds = value;
    else params[each.name] = value;
  }
  const symbols = typedSymbols(form.symbols);
  if (symbols.length === 0) faults["symbols"] = "Name at least one symbol that has bars.";
  if (form.from !== "" && form.to !== "" && form.from > form.to) {
    faults["to"] = "The end must not be before the start.";
  }
  const wish: TrainingWish = {
    model: "direction",
    symbols,
    timeframe: form.timeframe,
    rounds,
    params,
    ...(form.from && { from: form.from }),
    ...(form.to && { to: form.to }),
  };
  return { wish, faults };
}
