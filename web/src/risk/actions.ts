// What a broken limit does, and how grave an alert is, in words.

import type { Severity } from "../api/alerts.ts";
import type { Schema } from "../api/types.ts";

export type RiskAction = Schema<"RiskAction">;

export const ACTION_WORDS: Readonly<Record<RiskAction, string>> = {
  alert: "Alert only",
  reduce: "Only reduce",
  halt: "Halt trading",
};

export const SEVERITIES: readonly Severity[] = ["low", "medium", "high", "critical"];

export const SEVERITY_WORDS: Readonly<Record<Severity, string>> = {
  low: "Low",
  medium: "Medium",
  high: "High",
  critical: "Critical",
};

export const SEVERITY_LOOKS: Readonly<Record<Severity, string>> = {
  low: "border-line text-quiet",
  medium: "border-warn text-warn",
  high: "border-danger text-danger",
  critical: "border-transparent bg-danger-strong text-on-danger",
};
