import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Board, POINTS_MAX, ROWS_MAX } from "../src/board.ts";
import { decimalsOf, formatChange, formatPrice, formatTime } from "../src/format.ts";
import { parseQuote, type Quote } from "../src/quote.ts";
import { HEIGHT, sparklinePath, WIDTH } from "../src/sparkline.ts";

const quote = (asset: string, price: number, time = 0): Quote => ({
  asset,
  price,
  change: null,
  time,
});

describe("parseQuote", () => {
  it("reads what /stream sends", () => {
    const data =
      '{"asset":"AAPL","price":187.34,"change":1.27,"timestamp":"2026-11-20T15:04:05.123456Z"}';
    assert.deepEqual(parseQuote(data), {
      asset: "AAPL",
      price: 187.34,
      change: 1.27,
      time: Date.UTC(2026, 10, 20, 15, 4, 5, 123),
    });
  });

  it("takes a change that is null", () => {
    const data = '{"asset":"A","price":1,"change":null,"timestamp":"2026-11-20T15:04:05Z"}';
    assert.equal(parseQuote(data)?.change, null);
  });

  for (const data of [
    "",
    "AAPL price is 187.34",
    "null",
    "[]",
    '{"asset":"","price":1,"timestamp":"2026-11-20T15:04:05Z"}',
    '{"asset":"A","price":"1","timestamp":"2026-11-20T15:04:05Z"}',
    '{"asset":"A","price":1,"timestamp":"soon"}',
  ]) {
    it(`refuses ${data || "nothing"}`, () => assert.equal(parseQuote(data), null));
  }
});

describe("Board", () => {
  it("keeps the newest quote of each symbol and hands out each change once", () => {
    const board = new Board();
    board.apply(quote("A", 1, 1000));
    board.apply(quote("B", 2, 1000));
    board.apply(quote("A", 3, 1100));
    const rows = board.takeChanged();
    assert.deepEqual(
      rows.map((row) => [row.symbol, row.quote.price]),
      [
        ["A", 3],
        ["B", 2],
      ],
    );
    assert.deepEqual(board.takeChanged(), []);
  });

  it("does not go back in time", () => {
    const board = new Board();
    board.apply(quote("A", 2, 2000));
    board.apply(quote("A", 1, 1999));
    assert.equal(board.takeChanged()[0]?.quote.price, 2);
  });

  it("keeps one point a second, the last one, and only so many", () => {
    const board = new Board();
    board.apply(quote("A", 1, 1000));
    board.apply(quote("A", 2, 1999));
    board.apply(quote("A", 3, 2000));
    assert.deepEqual(board.takeChanged()[0]?.points, [2, 3]);
    for (let second = 3; second < 500; ++second) board.apply(quote("A", second, second * 1000));
    const points = board.takeChanged()[0]?.points;
    assert.equal(points?.length, POINTS_MAX);
    assert.equal(points?.at(-1), 499);
  });

  it("never shows fewer decimals than before", () => {
    const board = new Board();
    board.apply(quote("A", 1.2345, 0));
    board.apply(quote("A", 2, 1));
    assert.equal(board.takeChanged()[0]?.decimals, 4);
  });

  it("counts what does not fit", () => {
    const board = new Board();
    for (let i = 0; i < ROWS_MAX + 3; ++i) board.apply(quote(`S${i}`, 1));
    board.apply(quote(`S${ROWS_MAX}`, 2));
    assert.equal(board.size, ROWS_MAX);
    assert.equal(board.leftOut, 3);
  });
});

describe("formatPrice", () => {
  it("has fixed decimals and groups of thousands", () => {
    assert.equal(formatPrice(61837.5, 2), "61,837.50");
    assert.equal(formatPrice(-0.5, 2), "−0.50");
    assert.equal(formatPrice(0.00001234, 8), "0.00001234");
  });

  it("takes as many decimals as the price has, 2 to 8", () => {
    assert.equal(decimalsOf(187), 2);
    assert.equal(decimalsOf(187.345), 3);
    assert.equal(decimalsOf(1e-8), 8);
    assert.equal(decimalsOf(1.5e-7), 8);
    assert.equal(decimalsOf(1e-12), 8);
    assert.equal(decimalsOf(1e21), 2);
  });
});

describe("formatChange", () => {
  it("says the direction by sign and arrow", () => {
    assert.deepEqual(formatChange(1.274), { direction: "up", arrow: "▲", text: "+1.27 %" });
    assert.deepEqual(formatChange(-0.4), { direction: "down", arrow: "▼", text: "−0.40 %" });
  });

  it("is flat for what rounds to zero and for what is not known", () => {
    assert.deepEqual(formatChange(-0.004), { direction: "flat", arrow: "", text: "0.00 %" });
    assert.deepEqual(formatChange(null), { direction: "flat", arrow: "", text: "–" });
  });
});

describe("formatTime", () => {
  it("is the time of day with two digits each", () => {
    assert.equal(formatTime(new Date(2026, 10, 20, 5, 4, 3).getTime()), "05:04:03");
  });
});

describe("sparklinePath", () => {
  it("needs two points", () => {
    assert.equal(sparklinePath([]), "");
    assert.equal(sparklinePath([1]), "");
  });

  it("runs from edge to edge, the highest price on top", () => {
    assert.equal(sparklinePath([1, 3, 2]), `M0.0 26.0L60.0 2.0L${WIDTH}.0 14.0`);
  });

  it("is a line in the middle when nothing moves", () => {
    assert.equal(sparklinePath([5, 5]), `M0.0 ${HEIGHT / 2}.0L${WIDTH}.0 ${HEIGHT / 2}.0`);
  });
});
