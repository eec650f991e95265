// Curves that grow while a job runs: points come along with its progress, thinned by the server, and
// once more from its endpoint after a reload. Kept in order, each place once, never more than a limit.

export interface Curve {
  /** Ascending. */
  readonly at: readonly number[];
  /** One list of values for each name. */
  readonly values: readonly (readonly (number | null)[])[];
}

export type Point = readonly [at: number, ...values: (number | null)[]];

const POINTS_MAX = 4000;

/** `curve` with `points` in their places; a newer point of a place counts. */
export function withPoints(curve: Curve, points: readonly Point[], most = POINTS_MAX): Curve {
  if (points.length === 0) return curve;
  const width = Math.max(curve.values.length, (points[0]?.length ?? 1) - 1);
  const rows = new Map<number, readonly (number | null)[]>();
  for (const [i, at] of curve.at.entries())
    rows.set(
      at,
      curve.values.map((list) => list[i] ?? null),
    );
  for (const [at, ...values] of points) rows.set(at, values);
  const at = [...rows.keys()].sort((a, b) => a - b);
  const whole = {
    at,
    values: Array.from({ length: width }, (_, w) =>
      at.map((place) => rows.get(place)?.[w] ?? null),
    ),
  };
  return at.length <= most ? whole : thinned(whole, most / 2);
}

/** The lowest and the highest point (of the first values) of each stretch, and the ends. */
export function thinned(curve: Curve, most: number): Curve {
  const { length } = curve.at;
  const main = curve.values[0] ?? [];
  const kept = new Set([0, length - 1]);
  const stretches = Math.max(1, Math.floor(most / 2) - 1);
  for (let stretch = 0; stretch < stretches; stretch++) {
    const from = Math.floor((stretch * length) / stretches);
    const end = Math.floor(((stretch + 1) * length) / stretches);
    let low = from;
    let high = from;
    for (let i = from; i < end; i++) {
      if ((main[i] ?? 0) < (main[low] ?? 0)) low = i;
      if ((main[i] ?? 0) > (main[high] ?? 0)) high = i;
    }
    if (end > from) kept.add(low).add(high);
  }
  const places = [...kept].sort((a, b) => a - b);
  return {
    at: places.map((i) => curve.at[i] ?? 0),
    values: curve.values.map((list) => places.map((i) => list[i] ?? null)),
  };
}

export const EMPTY_CURVE: Curve = { at: [], values: [] };

type Fields = Readonly<Record<string, unknown>>;
const number = (value: unknown): number | null => (typeof value === "number" ? value : null);
const list = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value : []);

/** Points [seconds, equity] that ride along with a backtest's progress. */
export function equityPoints(data: Fields): Point[] {
  const results = data["results"] as Fields | null | undefined;
  return list(results?.["equity"]).map((point) => [
    Date.parse(String(point["time"])) / 1000,
    number(point["equity"]),
  ]);
}

export const ROUND_VALUES = ["loss", "val_loss", "accuracy", "val_accuracy"] as const;

/** Points [round, loss, val_loss, accuracy, val_accuracy]. */
export function roundPoints(rounds: unknown): Point[] {
  return list(rounds).map((round) => [
    Number(round["round"]),
    ...ROUND_VALUES.map((name) => number(round[name])),
  ]);
}

/** Fraction below the highest value so far, 0 or negative. */
export function drawdown(values: readonly (number | null)[]): number[] {
  let peak = Number.NEGATIVE_INFINITY;
  return values.map((value) => {
    if (value === null) return 0;
    peak = Math.max(peak, value);
    return peak > 0 ? value / peak - 1 : 0;
  });
}

/** Fractions above or below the first value that is known. */
export function sinceStart(values: readonly (number | null)[]): (number | null)[] {
  const first = values.find((value) => value !== null && value !== 0) ?? null;
  return values.map((value) => (value === null || first === null ? null : value / first - 1));
}

/** Several curves over one axis: between its own points each keeps its last value. */
export function aligned(curves: readonly Curve[]): Curve {
  const at = [...new Set(curves.flatMap((curve) => curve.at))].sort((a, b) => a - b);
  const values = curves.map((curve) => {
    let next = 0;
    let last: number | null = null;
    const end = curve.at.at(-1) ?? Number.NEGATIVE_INFINITY;
    return at.map((place) => {
      while (next < curve.at.length && (curve.at[next] ?? 0) <= place) {
        last = curve.values[0]?.[next] ?? last;
        next++;
      }
      return place > end ? null : last;
    });
  });
  return { at, values };
}
