// A small curve without axes on a canvas.

/** Points of the polyline in a box, y downwards; [] when there is nothing to connect. */
export function sparkPoints(
  values: ArrayLike<number>,
  width: number,
  height: number,
  inset = 1,
): Float32Array {
  const count = values.length;
  if (count < 2) return new Float32Array();
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i++) {
    const value = values[i] ?? 0;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const points = new Float32Array(count * 2);
  const flat = high === low;
  const inner = height - 2 * inset;
  for (let i = 0; i < count; i++) {
    points[2 * i] = inset + (i / (count - 1)) * (width - 2 * inset);
    const share = flat ? 0.5 : ((values[i] ?? 0) - low) / (high - low);
    points[2 * i + 1] = inset + (1 - share) * inner;
  }
  return points;
}

/** Draws `values` in the canvas's box, sharp on any screen. */
export function drawSparkline(
  canvas: HTMLCanvasElement,
  values: ArrayLike<number>,
  colour: string,
  width: number,
  height: number,
): void {
  const ratio = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const context = canvas.getContext("2d");
  if (!context) return;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  const points = sparkPoints(values, width, height);
  if (points.length === 0) return;
  context.beginPath();
  for (let i = 0; i < points.length; i += 2) {
    context.lineTo(points[i] ?? 0, points[i + 1] ?? 0);
  }
  context.strokeStyle = colour;
  context.lineWidth = 1.25;
  context.lineJoin = "round";
  context.stroke();
}
