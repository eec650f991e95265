// Times in the three zones of the page: the market's (New York), UTC, and the reader's own; and
// durations. Formatters are made once per zone and form. Pure but for the reader's own zone.

import { NONE } from "./numbers.ts";

export type Zone = "market" | "utc" | "local";

export const ZONES: readonly { zone: Zone; name: string }[] = [
  { zone: "market", name: "New York" },
  { zone: "utc", name: "UTC" },
  { zone: "local", name: "Local time" },
];

const NAMES: Record<Zone, string | undefined> = {
  market: "America/New_York",
  utc: "UTC",
  local: undefined,
};

/** The IANA name of a zone; undefined: the reader's own. */
export const zoneId = (zone: Zone): string | undefined => NAMES[zone];

type Form = "time" | "millis" | "minute" | "date" | "full" | "zone";

const TIME = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" } as const;
const DATE = { year: "numeric", month: "2-digit", day: "2-digit" } as const;
const FORMS: Record<Form, Intl.DateTimeFormatOptions> = {
  time: TIME,
  millis: { ...TIME, fractionalSecondDigits: 3 },
  minute: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  date: DATE,
  full: { ...DATE, ...TIME },
  zone: { hour: "2-digit", timeZoneName: "short" },
};

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: Zone, form: Form): Intl.DateTimeFormat {
  const key = `${zone} ${form}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-CA", { ...FORMS[form], timeZone: NAMES[zone] });
    formats.set(key, format);
  }
  return format;
}

/** Milliseconds since 1970 of an RFC 3339 time or of such a number; NaN where it is none. */
export function millisOf(time: number | string | null | undefined): number {
  if (typeof time === "number") return time;
  return time === null || time === undefined ? Number.NaN : Date.parse(time);
}

function inForm(time: number | string | null | undefined, zone: Zone, form: Form): string {
  const millis = millisOf(time);
  return Number.isFinite(millis) ? formatOf(zone, form).format(millis).replace(", ", " ") : NONE;
}

type Time = number | string | null | undefined;

/** "15:04:05" */
export const formatTime = (time: Time, zone: Zone) => inForm(time, zone, "time");
/** "15:04:05.123" */
export const formatMillis = (time: Time, zone: Zone) => inForm(time, zone, "millis");
/** "15:04" */
export const formatMinute = (time: Time, zone: Zone) => inForm(time, zone, "minute");
/** "2026-11-20" */
export const formatDate = (time: Time, zone: Zone) => inForm(time, zone, "date");
/** "2026-11-20 15:04:05" */
export const formatDateTime = (time: Time, zone: Zone) => inForm(time, zone, "full");

/** "EST", "UTC", "CET": the zone's short name at that time. */
export function zoneName(zone: Zone, time: number): string {
  const parts = formatOf(zone, "zone").formatToParts(time);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? zone;
}

/** "850 ms", "12.4 s", "3:05", "1:02:03", "2 d 4 h". */
export function formatDuration(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms) || ms < 0) return NONE;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  const seconds = Math.floor(ms / 1000);
  const two = (part: number) => String(part).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  if (hours >= 48) return `${Math.floor(hours / 24)} d ${hours % 24} h`;
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(seconds % 60)}`
    : `${minutes}:${two(seconds % 60)}`;
}

/** How long ago: "now", "12 s ago", "3 min ago", "5 h ago", "2 days ago". */
export function formatAgo(time: Time, now: number): string {
  const ms = now - millisOf(time);
  if (!Number.isFinite(ms)) return NONE;
  if (ms < 1000) return "now";
  return `${formatAge(ms)} ago`;
}

/** "12 s", "3 min", "5 h", "2 days": whole units, rounded down. */
export function formatAge(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}

/** Time left of something that is `progress` percent done after `elapsedMs`; null: cannot be told. */
export function timeLeft(progress: number, elapsedMs: number): number | null {
  if (!(progress > 0) || progress > 100 || !(elapsedMs >= 0)) return null;
  return (elapsedMs * (100 - progress)) / progress;
}
