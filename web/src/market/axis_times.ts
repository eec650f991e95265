// Times at the chart's axis, in the zone of the page. The chart places its marks at round times of
// UTC; what they are called is ours, so a mark at a date's change in UTC that is 19:00 in New York
// says so. Days have no zone: their bars begin at midnight in UTC or at the market's. Pure.

import type { Timeframe } from "../api/market.ts";
import {
  formatDate,
  formatDateTime,
  formatMinute,
  formatTime,
  type Zone,
} from "../format/times.ts";

/** As lightweight-charts counts them: year, month, day, time, time with seconds. */
export type TickKind = 0 | 1 | 2 | 3 | 4;

const DAY_S = 86_400;

/** "2026-11-20": the day of a daily bar. */
export const dayOf = (seconds: number): string =>
  formatDate(seconds * 1000, seconds % DAY_S === 0 ? "utc" : "market");

export function tickText(
  seconds: number,
  kind: TickKind,
  timeframe: Timeframe,
  zone: Zone,
): string {
  if (timeframe === "1d") {
    const day = dayOf(seconds);
    if (kind === 0) return day.slice(0, 4);
    return kind === 1 ? day.slice(0, 7) : day.slice(5);
  }
  const millis = seconds * 1000;
  if (kind === 4) return formatTime(millis, zone);
  const minute = formatMinute(millis, zone);
  return minute === "00:00" ? formatDate(millis, zone).slice(5) : minute;
}

/** Beside the crosshair and in the legend. */
export function barTimeText(seconds: number, timeframe: Timeframe, zone: Zone): string {
  if (timeframe === "1d") return dayOf(seconds);
  const text = formatDateTime(seconds * 1000, zone);
  return timeframe === "1s" ? text : text.slice(0, -3);
}
