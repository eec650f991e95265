// A sparkline as the path of an SVG element. Pure.

export const WIDTH = 120;
export const HEIGHT = 28;
const MARGIN = 2;

/** From edge to edge, lowest at the bottom; a price that stands still is a line in the middle. */
export function sparklinePath(points: readonly number[]): string {
  if (points.length < 2) return "";
  const low = Math.min(...points);
  const span = Math.max(...points) - low;
  const step = WIDTH / (points.length - 1);
  const height = HEIGHT - 2 * MARGIN;
  const steps = points.map((price, index) => {
    const share = span > 0 ? (price - low) / span : 0.5;
    return `${(index * step).toFixed(1)} ${(MARGIN + height * (1 - share)).toFixed(1)}`;
  });
  return `M${steps.join("L")}`;
}
