// The beginning and end of a day in one of the page's zones, as the server wants them. Pure.

import { formatDateTime, type Zone } from "../format/times.ts";

const DAY = 86_400_000;
/** Days beyond these have no trades; a year that is being typed begins as 0002. */
const FIRST = 0;
const LAST = Date.UTC(9999, 11, 30);

/** The moment at which a clock of this zone shows midnight of "2026-11-20". */
function midnight(day: number, zone: Zone): number {
  let at = day;
  // The zone's distance from UTC may differ between the guess and the answer.
  for (let i = 0; i < 2; i++) {
    const shown = Date.parse(`${formatDateTime(at, zone).replace(" ", "T")}Z`);
    at += day - shown;
  }
  return at;
}

/** `edge` of a day such as "2026-11-20"; undefined where none is given. */
export function dayEdge(date: string, edge: "from" | "to", zone: Zone): string | undefined {
  const typed = Date.parse(`${date}T00:00:00Z`);
  if (!Number.isFinite(typed)) return undefined;
  const day = Math.min(LAST, Math.max(FIRST, typed));
  if (edge === "from") return new Date(midnight(day, zone)).toISOString();
  // To the last microsecond before the next day begins.
  return new Date(midnight(day + DAY, zone) - 1).toISOString().replace("Z", "999Z");
}
