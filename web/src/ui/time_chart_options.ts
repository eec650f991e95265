// How a TimeChart looks, as uPlot wants to be told.

import type uPlot from "uplot";

import { chartColours, faded } from "./colours";
import type { TimeSeries } from "./TimeChart.svelte";

interface Wanted {
  series: readonly TimeSeries[];
  zone: string | undefined;
  numbered: boolean;
  /** Pixels that a value axis takes at least. */
  axisMin: number;
  /** The value axis has its zero, as drawdowns want it. */
  withZero: boolean;
  width: number;
  height: number;
  onPointed: (plot: uPlot) => void;
}

const SECOND = 1;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const FORMATS = {
  second: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
  minute: { hour: "2-digit", minute: "2-digit" },
  day: { day: "numeric", month: "short" },
  month: { month: "short", year: "numeric" },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

/** Pixels for the half of "00:00:00" or "Sept 2026" that stands right of a mark at the edge. */
const HALF_TIME = 28;

/** How fine the words at a time axis must be for ticks this many seconds apart. */
export function axisGrain(increment: number): keyof typeof FORMATS {
  if (increment < MINUTE) return "second";
  if (increment < DAY) return "minute";
  return increment < 28 * DAY ? "day" : "month";
}

/** Pixels for the longest of an axis's texts; uPlot asks first without any. */
export function axisWidth(texts: readonly string[] | null): number {
  const longest = (texts ?? []).reduce((most, text) => Math.max(most, text.length), 0);
  return Math.max(40, Math.ceil(longest * 6.6) + 14);
}

/** From the lowest to the highest value with zero among them, and a little room. */
export function aroundZero(low: number, high: number): [number, number] {
  const [from, to] = [Math.min(0, low), Math.max(0, high)];
  return from === to ? [-1e-4, 0] : [from * 1.1, to * 1.1];
}

/** No word twice: an hour of the next day is told by its day, once. */
export function distinct(words: readonly string[], days: readonly string[]): string[] {
  const seen = new Set<string>();
  return words.map((word, i) => {
    const told = [word, days[i] ?? ""].find((each) => !seen.has(each)) ?? "";
    seen.add(told);
    return told;
  });
}

function timeWords(zone: string | undefined): uPlot.Axis.DynamicValues {
  const formats = new Map<string, Intl.DateTimeFormat>();
  const { format: days } = new Intl.DateTimeFormat("en-GB", {
    ...FORMATS.day,
    ...(zone === undefined ? {} : { timeZone: zone }),
  });
  return (_plot, splits, _axis, _space, increment) => {
    const grain = axisGrain(increment);
    let format = formats.get(grain);
    if (!format) {
      format = new Intl.DateTimeFormat("en-GB", {
        ...FORMATS[grain],
        ...(zone === undefined ? {} : { timeZone: zone }),
      });
      formats.set(grain, format);
    }
    const { format: words } = format;
    return distinct(
      splits.map((at) => words(at * 1000)),
      splits.map((at) => days(at * 1000)),
    );
  };
}

function curve({ label, area, dashed, right }: TimeSeries, stroke: string): uPlot.Series {
  return {
    label,
    stroke,
    width: 1.5,
    scale: right ? "right" : "left",
    points: { show: false },
    ...(area ? { fill: faded(stroke, 0.12) } : {}),
    ...(dashed ? { dash: [4, 4] } : {}),
  };
}

export function timeChartOptions(wanted: Wanted): uPlot.Options {
  const colours = chartColours();
  const { series } = wanted;
  const axis: uPlot.Axis = {
    stroke: colours.quiet,
    font: `11px ${colours.font}`,
    grid: { stroke: colours.line, width: 1 },
    ticks: { show: false },
  };
  const valueAxis = (right: boolean): uPlot.Axis => {
    const format = series.find((each) => Boolean(each.right) === right)?.format ?? String;
    return {
      ...axis,
      scale: right ? "right" : "left",
      side: right ? 1 : 3,
      size: (_plot, texts) => Math.max(wanted.axisMin, axisWidth(texts)),
      grid: right ? { show: false } : { stroke: colours.line, width: 1 },
      values: (_plot, splits) => splits.map((value) => format(value)),
    };
  };
  const hasRight = series.some((each) => each.right);
  return {
    width: wanted.width,
    height: wanted.height,
    padding: [10, wanted.numbered || hasRight ? 12 : HALF_TIME, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: true, y: false }, points: { size: 7 } },
    scales: {
      x: { time: !wanted.numbered },
      ...(wanted.withZero && {
        left: { range: (_plot: uPlot, low: number, high: number) => aroundZero(low, high) },
      }),
    },
    hooks: { setCursor: [wanted.onPointed] },
    axes: [
      {
        ...axis,
        space: 72,
        size: 28,
        ...(wanted.numbered ? {} : { values: timeWords(wanted.zone) }),
      },
      ...(series.some((each) => !each.right) ? [valueAxis(false)] : []),
      ...(hasRight ? [valueAxis(true)] : []),
    ],
    series: [{}, ...series.map((each) => curve(each, colours[each.colour]))],
  };
}
