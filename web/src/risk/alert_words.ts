// An alert in words: those of our own limits in percent, those of other programs as they say it. Pure.

import { formatShare } from "../format/numbers.ts";

export const GUARDED_NAMES = {
  var: "Value at risk",
  drawdown: "Drawdown from peak",
  day_drawdown: "Drawdown of the day",
  gross: "Gross exposure",
  net: "Net exposure",
  concentration: "Largest position",
} as const;

export function wordsOfAlert(data: Readonly<Record<string, unknown>>): string {
  const { alert_type: type, metric_value: value, threshold, entity_id: entity } = data;
  const message = String(data["message"] ?? "");
  const [, guarded = "", back] = /^(\w+?)_limit(_recovered)?$/.exec(String(type)) ?? [];
  if (!(guarded in GUARDED_NAMES)) return message;
  if (typeof value !== "number" || typeof threshold !== "number") return message;
  const name = GUARDED_NAMES[guarded as keyof typeof GUARDED_NAMES];
  const standing = back ? "back within" : "over";
  const done = message.split(";")[1];
  const words = `${name} of ${entity} is ${formatShare(value)}, ${standing} its limit of ${formatShare(threshold)}`;
  return done === undefined ? words : `${words};${done}`;
}
