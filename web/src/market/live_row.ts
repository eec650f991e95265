// Keeps the cells of one shown symbol at its newest quote, without the framework: a price that ticks
// only changes texts and attributes of elements that are there. Cells are marked data-cell="price",
// "change", "bid", "ask", "spark" and so on; those that an element lacks are left out.

import { type Change, formatPercentChange, formatPrice } from "../format/numbers.ts";
import type { MarketBoard } from "../stream/market_board.ts";
import { drawSparkline } from "../ui/sparkline.ts";
import { FLASH_MS, type Flashes } from "./flash.ts";
import type { HourCurves } from "./hour_curves.ts";
import { priceDecimals } from "./price_decimals.ts";

/** A curve of an hour: its end moves seldom by more than a pixel. */
const SPARK_MS = 2000;
/** Not measured: that would lay out the page again for each row. */
export const SPARK_WIDTH = 72;
export const SPARK_HEIGHT = 20;

export interface RowLook {
  readonly up: string;
  readonly down: string;
  readonly quiet: string;
  /** Null: no tints, as the system asks for less motion. */
  readonly flashes: Flashes<HTMLElement> | null;
  readonly curves: HourCurves | null;
}

/** Returns how to stop. `row` is the symbol's number on the board. */
export function followRow(
  element: HTMLElement,
  board: MarketBoard,
  row: number,
  look: RowLook,
): () => void {
  const symbol = board.symbol(row);
  const cell = (name: string) => element.querySelector<HTMLElement>(`[data-cell="${name}"]`);
  const price = cell("price");
  const texts = (["bid", "ask"] as const).map((field) => ({ field, cell: cell(field) }));
  const change = cell("change");
  const spark = cell("spark") as HTMLCanvasElement | null;
  let drawnAt = Number.NEGATIVE_INFINITY;
  let before = board.value(row, "price");

  function paint(): void {
    const now = performance.now();
    const last = board.value(row, "price");
    const decimals = priceDecimals.of(symbol, last, board.value(row, "bid"));
    setText(price, formatPrice(last, decimals));
    element.dataset["stale"] = String(board.old(row));
    for (const each of texts)
      setText(each.cell, formatPrice(board.value(row, each.field), decimals));
    if (change) setChange(change, formatPercentChange(board.value(row, "change")));
    if (price && last !== before && look.flashes?.begin(price, now)) {
      price.dataset["flash"] = last > before ? "up" : "down";
      scheduleOver(look.flashes);
    }
    before = last;
    if (now - drawnAt >= SPARK_MS) drawCurve();
  }

  function drawCurve(): void {
    if (!spark || !look.curves) return;
    drawnAt = performance.now();
    const hour = look.curves.of(symbol);
    drawSpark(spark, [...hour.slice(0, -1), board.value(row, "price")], look);
  }

  paint();
  const stop = board.watch(row, paint);
  const stopCurve = spark && look.curves?.follow(symbol, drawCurve);
  return () => {
    stop();
    stopCurve?.();
    if (!price) return;
    look.flashes?.forget(price);
    delete price.dataset["flash"];
  };
}

export function setText(cell: Element | null, text: string): void {
  const node = cell?.firstChild;
  if (!(node instanceof Text)) cell?.append(text);
  else if (node.data !== text) node.data = text;
}

/** Sign and arrow say what colour says; the arrow is not read out. */
export function setChange(cell: HTMLElement, change: Change): void {
  const [arrow, text] = cell.children;
  setText(arrow ?? null, change.arrow);
  setText(text ?? null, change.text);
  if (cell.dataset["direction"] !== change.direction) cell.dataset["direction"] = change.direction;
}

function drawSpark(canvas: HTMLCanvasElement, points: readonly number[], look: RowLook): void {
  const first = points[0] ?? 0;
  const last = points.at(-1) ?? 0;
  const colour = last > first ? look.up : last < first ? look.down : look.quiet;
  drawSparkline(canvas, points, colour, SPARK_WIDTH, SPARK_HEIGHT);
}

// One timer for all rows that are lit.
const waiting = new Set<Flashes<HTMLElement>>();

function scheduleOver(flashes: Flashes<HTMLElement>): void {
  if (waiting.has(flashes)) return;
  waiting.add(flashes);
  setTimeout(() => {
    waiting.delete(flashes);
    for (const cell of flashes.over(performance.now())) delete cell.dataset["flash"];
    if (flashes.lit > 0) scheduleOver(flashes);
  }, FLASH_MS);
}
