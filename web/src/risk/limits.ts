// The limits of risk as a person reads and types them: shares in percent, changed digit by digit,
// never through a float. Pure.

import type { RiskLimits, RiskLimitsChange } from "../api/risk.ts";
import { typedDecimal } from "../format/decimals.ts";
import { GUARDED_NAMES } from "./alert_words.ts";

export type Guarded = keyof typeof GUARDED_NAMES;
export const GUARDED = Object.keys(GUARDED_NAMES) as Guarded[];
export type LimitKey = `${Guarded}_limit`;
export type FieldKey = keyof RiskLimits;

interface Words {
  readonly name: string;
  readonly meaning: string;
}

export const GUARDED_WORDS: Readonly<Record<Guarded, Words>> = {
  var: {
    name: GUARDED_NAMES.var,
    meaning:
      "What a day loses at most, at the confidence and by the method chosen, as a share of equity.",
  },
  drawdown: {
    name: GUARDED_NAMES.drawdown,
    meaning: "Loss since the greatest equity, as a share of it: (peak − equity) / peak.",
  },
  day_drawdown: {
    name: GUARDED_NAMES.day_drawdown,
    meaning: "Loss since the day began: (equity at its start − equity) / equity at its start.",
  },
  gross: {
    name: GUARDED_NAMES.gross,
    meaning: "Long and short positions added up, Σ|quantity| × price, as a share of equity.",
  },
  net: {
    name: GUARDED_NAMES.net,
    meaning: "Long less short positions without regard to sign, as a share of equity.",
  },
  concentration: {
    name: GUARDED_NAMES.concentration,
    meaning: "The largest single position by value, as a share of equity.",
  },
};

/** How a field is typed: a share in percent, a plain number, a whole one, or one of a few words. */
type Form = "percent" | "number" | "whole" | "choice";

interface Field {
  readonly name: string;
  readonly form: Form;
  readonly unit?: string;
  /** The server takes no 0 here. */
  readonly positive?: boolean;
}

const CHOICE: Field = { name: "", form: "choice" };

const limitFields = Object.fromEntries(
  GUARDED.flatMap((guarded) => {
    return [
      [`${guarded}_limit`, { name: "Limit", form: "percent" }],
      [`${guarded}_limit_severity`, CHOICE],
      [`${guarded}_limit_action`, CHOICE],
    ];
  }),
) as Record<LimitKey | `${LimitKey}_severity` | `${LimitKey}_action`, Field>;

export const FIELDS: Readonly<Record<FieldKey, Field>> = {
  ...limitFields,
  var_method: { name: "Method", form: "choice" },
  var_confidence: { name: "Confidence", form: "percent", positive: true },
  hysteresis: { name: "Armed again at", form: "percent" },
  max_order_value: { name: "Order value", form: "number", unit: "$" },
  max_order_qty: { name: "Order quantity", form: "number" },
  price_collar: { name: "Price collar", form: "percent" },
  max_orders_per_s: { name: "Orders a second", form: "whole" },
};

/** What is typed and not saved yet, by field. */
export type Draft = Readonly<Partial<Record<FieldKey, string>>>;

/** How a field's value stands in its control: 0.125 is "12.5" percent. */
export function typedForm(limits: RiskLimits, key: FieldKey): string {
  const value = limits[key];
  if (typeof value === "string") return value;
  const plain = plainDecimal(value);
  return FIELDS[key].form === "percent" ? shifted(plain, 2) : plain;
}

export interface Reading {
  /** What the server is sent. */
  readonly change: RiskLimitsChange;
  readonly faults: Readonly<Partial<Record<FieldKey, string>>>;
  readonly dirty: readonly FieldKey[];
}

/** Reads a draft: what differs from the server's limits, and what cannot be read. */
export function readDraft(draft: Draft, limits: RiskLimits): Reading {
  const change: Record<string, string> = {};
  const faults: Partial<Record<FieldKey, string>> = {};
  const dirty: FieldKey[] = [];
  for (const [key, typed] of Object.entries(draft) as [FieldKey, string][]) {
    const { text, fault } = readField(key, typed);
    if (text === null) {
      faults[key] = fault ?? "";
      dirty.push(key);
    } else if (text !== readField(key, typedForm(limits, key)).text) {
      change[key] = text;
      dirty.push(key);
    }
  }
  return { change, faults, dirty };
}

/** The change that takes another one back. */
export function undoOf(change: RiskLimitsChange, before: RiskLimits): RiskLimitsChange {
  const keys = Object.keys(change) as FieldKey[];
  return Object.fromEntries(
    keys.map((key) => [key, readField(key, typedForm(before, key)).text]),
  ) as RiskLimitsChange;
}

function readField(key: FieldKey, typed: string): { text: string | null; fault: string | null } {
  const { form, name, positive = false } = FIELDS[key];
  if (form === "choice") return { text: typed, fault: null };
  const decimals = { percent: 7, number: 9, whole: 0 }[form];
  const bare = typed.replace(/[%$\s]/g, "");
  const { text, fault } = typedDecimal(bare, { name, decimals, positive });
  if (text === null) return { text, fault };
  if (text.startsWith("-")) return { text: null, fault: `${name} cannot be negative.` };
  return { text: form === "percent" ? shifted(text, -2) : text, fault: null };
}

/** 1e-7 as "0.0000001": the server's numbers have at most 9 decimals. */
function plainDecimal(value: number): string {
  return value.toFixed(9).replace(/\.?0+$/, "");
}

/** A decimal text times ten to the power of `places`: "0.125" by 2 is "12.5". */
export function shifted(text: string, places: number): string {
  const [whole = "", fraction = ""] = text.split(".");
  const digits = whole + fraction;
  const point = whole.length + places;
  const padded = point <= 0 ? "0".repeat(1 - point) + digits : digits.padEnd(point, "0");
  const at = Math.max(1, point);
  const left = padded.slice(0, at).replace(/^0+(?=\d)/, "");
  const right = padded.slice(at).replace(/0+$/, "");
  return right === "" ? left : `${left}.${right}`;
}
