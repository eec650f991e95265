// Candles with volume, an account's fills and its open orders, drawn by lightweight-charts. Nothing
// of ours but this file knows that library.

import {
  CandlestickSeries,
  createChart,
  createSeriesMarkers,
  HistogramSeries,
  type IChartApi,
  type IPriceLine,
  type ISeriesApi,
  type ISeriesMarkersPluginApi,
  type UTCTimestamp,
} from "lightweight-charts";

import type { Timeframe } from "../api/market";
import { formatCompact, formatPrice } from "../format/numbers";
import type { Zone } from "../format/times";
import { type ChartColours, faded } from "../ui/colours";
import { barTimeText, type TickKind, tickText } from "./axis_times";
import type { Candle } from "./candles";
import type { FillMark, OrderLine } from "./marks";

/** How wide a bar is at first, and how many are in sight at least. */
const BAR_PX = 8;
const SEEN_LEAST = 40;
/** Room for the bars to come. */
const AHEAD = 6;
/** How many bars may be left before older ones are asked for. */
const NEAR_BEGINNING = 30;
/** History that the server made up is drawn fainter. */
const SYNTHETIC_ALPHA = 0.5;

export interface PlotEvents {
  /** The beginning of the history comes into sight. */
  nearBeginning(): void;
  /** The bar under the crosshair; null: none. */
  pointed(time: number | null): void;
  /** A double click, at a price. */
  chosen(price: number): void;
}

const at = (seconds: number) => seconds as UTCTimestamp;

export class CandlePlot {
  readonly #chart: IChartApi;
  readonly #candles: ISeriesApi<"Candlestick">;
  readonly #volume: ISeriesApi<"Histogram">;
  readonly #marks: ISeriesMarkersPluginApi<UTCTimestamp>;
  readonly #lines = new Map<string, IPriceLine>();
  readonly #timeframe: Timeframe;
  #colours: ChartColours;
  #fills: readonly FillMark[] = [];
  #orders: readonly OrderLine[] = [];
  #count = 0;
  #lastTime = Number.NEGATIVE_INFINITY;

  constructor(box: HTMLElement, timeframe: Timeframe, colours: ChartColours, events: PlotEvents) {
    this.#timeframe = timeframe;
    this.#colours = colours;
    this.#chart = createChart(box, {
      autoSize: true,
      // Its notice and link stand on the About page; it would need text to become elements.
      layout: { attributionLogo: false },
      rightPriceScale: { scaleMargins: { top: 0.12, bottom: 0.24 } },
      timeScale: { rightOffset: AHEAD, minBarSpacing: 1 },
      // A finger that moves up and down scrolls the page.
      handleScroll: { vertTouchDrag: false },
    });
    this.#candles = this.#chart.addSeries(CandlestickSeries, { borderVisible: false });
    this.#volume = this.#chart.addSeries(HistogramSeries, {
      priceScaleId: "volume",
      priceFormat: { type: "custom", formatter: formatCompact, minMove: 1e-6 },
      lastValueVisible: false,
      priceLineVisible: false,
    });
    this.#volume.priceScale().applyOptions({ scaleMargins: { top: 0.82, bottom: 0 } });
    this.#marks = createSeriesMarkers(this.#candles) as ISeriesMarkersPluginApi<UTCTimestamp>;
    this.#chart.timeScale().subscribeVisibleLogicalRangeChange((range) => {
      if (range && this.#count > 0 && range.from < NEAR_BEGINNING) events.nearBeginning();
    });
    this.#chart.subscribeCrosshairMove(({ time }) => {
      events.pointed(typeof time === "number" ? time : null);
    });
    this.#chart.subscribeDblClick(({ point }) => {
      const price = point && this.#candles.coordinateToPrice(point.y);
      if (typeof price === "number") events.chosen(price);
    });
    this.setColours(colours);
  }

  destroy(): void {
    this.#chart.remove();
  }

  /** The candles are to be given again afterwards: each has its own colour. */
  setColours(colours: ChartColours): void {
    this.#colours = colours;
    const { up, down, line, quiet, surface, font } = colours;
    this.#chart.applyOptions({
      layout: {
        background: { color: surface },
        textColor: quiet,
        fontFamily: font,
        fontSize: 11,
      },
      grid: { vertLines: { color: faded(line, 0.6) }, horzLines: { color: faded(line, 0.6) } },
      rightPriceScale: { borderColor: line },
      timeScale: { borderColor: line },
      crosshair: {
        vertLine: { color: quiet, labelBackgroundColor: line },
        horzLine: { color: quiet, labelBackgroundColor: line },
      },
    });
    this.#candles.applyOptions({
      upColor: up,
      downColor: down,
      wickUpColor: up,
      wickDownColor: down,
    });
    this.#drawFills();
    this.#drawOrders([]);
    this.#drawOrders(this.#orders);
  }

  setZone(zone: Zone): void {
    const timeframe = this.#timeframe;
    this.#chart.applyOptions({
      localization: { timeFormatter: (time: number) => barTimeText(time, timeframe, zone) },
      timeScale: {
        timeVisible: timeframe !== "1d",
        secondsVisible: timeframe === "1s",
        tickMarkFormatter: (time: number, kind: number) =>
          tickText(time, kind as TickKind, timeframe, zone),
      },
    });
  }

  setDecimals(decimals: number): void {
    const formatter = (price: number) => formatPrice(price, decimals);
    this.#candles.applyOptions({
      priceFormat: { type: "custom", formatter, minMove: 10 ** -decimals },
    });
  }

  setCandles(candles: readonly Candle[]): void {
    const first = this.#count === 0 && candles.length > 0;
    this.#count = candles.length;
    this.#lastTime = candles.at(-1)?.time ?? Number.NEGATIVE_INFINITY;
    this.#candles.setData(candles.map((candle) => this.#candle(candle)));
    this.#volume.setData(candles.map((candle) => this.#bar(candle)));
    if (first) this.showNewest();
  }

  /** Candles at the end that have changed, or newer ones. */
  addLatest(candles: readonly Candle[]): void {
    for (const candle of candles) {
      const past = candle.time < this.#lastTime;
      if (candle.time > this.#lastTime) ++this.#count;
      this.#lastTime = Math.max(this.#lastTime, candle.time);
      this.#candles.update(this.#candle(candle), past);
      this.#volume.update(this.#bar(candle), past);
    }
  }

  setFills(fills: readonly FillMark[]): void {
    this.#fills = fills;
    this.#drawFills();
  }

  setOrders(orders: readonly OrderLine[]): void {
    this.#orders = orders;
    this.#drawOrders(orders);
  }

  /** How many order lines are above and below what is seen of the prices; empty: none. */
  unseenOrders(): string {
    const { height } = this.#chart.paneSize();
    let above = 0;
    let below = 0;
    for (const { price } of this.#orders) {
      const y = this.#candles.priceToCoordinate(price) ?? 0;
      if (y < 0) ++above;
      if (y > height) ++below;
    }
    return above + below > 0 ? `${above} above, ${below} below` : "";
  }

  showNewest(): void {
    const scale = this.#chart.timeScale();
    const fit = Math.round(scale.width() / BAR_PX) || SEEN_LEAST;
    const seen = Math.max(SEEN_LEAST, Math.min(fit, this.#count + AHEAD));
    const to = this.#count - 1 + AHEAD;
    scale.setVisibleLogicalRange({ from: to - seen, to });
  }

  /** By a tenth of what is seen; below 0: to the past. */
  scroll(direction: number): void {
    this.#change((from, to) => [
      from + direction * (to - from) * 0.1,
      to + direction * (to - from) * 0.1,
    ]);
  }

  /** Above 1: closer. */
  zoom(factor: number): void {
    this.#change((from, to) => [to - (to - from) / factor, to]);
  }

  #change(next: (from: number, to: number) => [number, number]): void {
    const scale = this.#chart.timeScale();
    const range = scale.getVisibleLogicalRange();
    if (!range) return;
    const [from, to] = next(range.from, range.to);
    scale.setVisibleLogicalRange({ from, to });
  }

  #candle(candle: Candle) {
    const { time, open, high, low, close, synthetic } = candle;
    const bar = { time: at(time), open, high, low, close };
    if (!synthetic) return bar;
    const colour = faded(this.#colourOf(candle), SYNTHETIC_ALPHA);
    return { ...bar, color: colour, wickColor: colour };
  }

  #bar(candle: Candle) {
    const color = faded(this.#colourOf(candle), candle.synthetic ? 0.2 : 0.4);
    return { time: at(candle.time), value: candle.volume, color };
  }

  #colourOf({ open, close }: Candle): string {
    return close >= open ? this.#colours.up : this.#colours.down;
  }

  #drawFills(): void {
    const { up, down } = this.#colours;
    this.#marks.setMarkers(
      this.#fills.map(({ time, side }) => ({
        time: at(time),
        position: side === "buy" ? "belowBar" : "aboveBar",
        shape: side === "buy" ? "arrowUp" : "arrowDown",
        color: side === "buy" ? up : down,
      })),
    );
  }

  // Lines that stay are changed in place: a new one would flicker.
  #drawOrders(orders: readonly OrderLine[]): void {
    const { up, down } = this.#colours;
    const ids = new Set(orders.map(({ id }) => id));
    for (const [id, line] of this.#lines) {
      if (ids.has(id)) continue;
      this.#candles.removePriceLine(line);
      this.#lines.delete(id);
    }
    for (const { id, side, price, title, stop } of orders) {
      const look = {
        price,
        title,
        color: side === "buy" ? up : down,
        lineStyle: stop ? 1 : 2, // dotted, dashed
        lineWidth: 1,
        axisLabelVisible: true,
      } as const;
      const line = this.#lines.get(id);
      if (line) line.applyOptions(look);
      else this.#lines.set(id, this.#candles.createPriceLine(look));
    }
  }
}
