// How strongly a cell of a heat map is tinted.

/** From 0 (lowest) to 1 (highest); `signed`: from -1 to 1, where 0 is a value of 0. */
export function heatShare(value: number, all: readonly number[], signed: boolean): number {
  if (signed) {
    const most = all.reduce((max, each) => Math.max(max, Math.abs(each)), 0);
    return most === 0 ? 0 : value / most;
  }
  const low = all.reduce((min, each) => Math.min(min, each), Number.POSITIVE_INFINITY);
  const high = all.reduce((max, each) => Math.max(max, each), Number.NEGATIVE_INFINITY);
  return high <= low ? 0 : (value - low) / (high - low);
}
