// Several patterns in one field, as the API takes them: with commas or spaces between. Pure.

import { patternFault } from "../stream/topics.ts";

export interface Patterns {
  readonly list: readonly string[];
  /** What is wrong with the first that cannot be one, by its name. */
  readonly fault: string | null;
}

export function patternsIn(typed: string): Patterns {
  const list = [...new Set(typed.split(/[\s,]+/).filter((part) => part !== ""))];
  if (list.length === 0) return { list, fault: patternFault("") };
  const wrong = list.find((part) => patternFault(part) !== null);
  if (wrong === undefined) return { list, fault: null };
  const fault = patternFault(wrong) ?? "";
  return { list, fault: list.length > 1 ? `${wrong}: ${fault}` : fault };
}
