// Parameters of a strategy as a person types them: one value, a list "5, 10, 20", or a range
// "10:50:10" (first, last, step). More than one value makes a sweep. Pure.

import type { Strategy } from "../api/jobs.ts";

export type Parameter = Strategy["parameters"][number];
export type Value = number | boolean | string;

export const COMBINATIONS_MAX = 10_000;

export interface TypedValues {
  readonly values: readonly Value[];
  readonly fault: string | null;
}

const wrong = (fault: string): TypedValues => ({ values: [], fault });

/** What is typed for a parameter; nothing typed is its default, which the server fills in. */
export function typedValues(typed: string, parameter: Parameter): TypedValues {
  const { name, type } = parameter;
  const words = typed
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
  if (words.length === 0) return { values: [], fault: null };
  if (type === "string") return { values: [typed.trim()], fault: null };
  const values = new Set<Value>();
  for (const word of words) {
    const some = type === "boolean" ? flag(word) : numbers(word);
    if (some === null) return wrong(`${name}: ${word} is ${notA(type)}.`);
    if (values.size + some.length > COMBINATIONS_MAX) return wrong(`${name} has too many values.`);
    for (const value of some) {
      const fault = numberFault(value, parameter);
      if (fault !== null) return wrong(fault);
      values.add(value);
    }
  }
  return { values: [...values], fault: null };
}

function notA(type: Parameter["type"]): string {
  if (type === "boolean") return "neither true nor false";
  return "no number, list such as 5, 10, 20 or range such as 10:50:10";
}

const flag = (word: string): Value[] | null =>
  word === "true" ? [true] : word === "false" ? [false] : null;

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)$/;

/** One number, or all of a range; null: neither. */
function numbers(word: string): number[] | null {
  const parts = word.split(":").map((part) => part.trim());
  if (!parts.every((part) => NUMBER.test(part)) || parts.length > 3) return null;
  const [first = 0, last = first, step = 1] = parts.map(Number);
  if (parts.length === 1) return [first];
  if (step <= 0 || last < first) return null;
  const decimals = Math.max(...parts.map((part) => part.split(".")[1]?.length ?? 0));
  // Counted in whole steps, so that no sum of fractions drifts.
  const count = Math.floor((last - first) / step + 1e-9) + 1;
  if (count > COMBINATIONS_MAX + 1) return Array(COMBINATIONS_MAX + 1).fill(first);
  return Array.from({ length: count }, (_, i) => Number((first + i * step).toFixed(decimals)));
}

export function rangeWords({ type, minimum, maximum }: Parameter): string {
  const kind = type === "integer" ? "a whole number" : "a number";
  if (minimum === undefined || maximum === undefined) return kind;
  return `${kind} from ${minimum} to ${maximum}`;
}

function numberFault(value: Value, parameter: Parameter): string | null {
  const { name, type, minimum = -Infinity, maximum = Infinity } = parameter;
  if (typeof value !== "number") return null;
  const whole = type !== "integer" || Number.isInteger(value);
  return whole && value >= minimum && value <= maximum
    ? null
    : `${name} must be ${rangeWords(parameter)}, got ${value}.`;
}

export interface TypedParameters {
  /** As the server takes them: single values as such, several as a list. */
  readonly params: Readonly<Record<string, Value | Value[]>>;
  /** By the parameter's name. */
  readonly faults: Readonly<Record<string, string>>;
  /** 1: a single run. */
  readonly combinations: number;
}

export function typedParameters(
  parameters: readonly Parameter[],
  typed: Readonly<Record<string, string>>,
): TypedParameters {
  const params: Record<string, Value | Value[]> = {};
  const faults: Record<string, string> = {};
  let combinations = 1;
  for (const parameter of parameters) {
    const { name } = parameter;
    const { values, fault } = typedValues(typed[name] ?? "", parameter);
    if (fault !== null) faults[name] = fault;
    const [first] = values;
    if (first === undefined) continue;
    params[name] = values.length === 1 ? first : [...values];
    combinations *= values.length;
  }
  return { params, faults, combinations };
}

/** "AAPL, msft AAPL" are AAPL and MSFT's names as the server spells them: each once, as typed. */
export function typedSymbols(typed: string): string[] {
  return [...new Set(typed.split(/[\s,;]+/).filter(Boolean))];
}
