import { describe, expect, it } from "vitest";
import { oldPrice } from "./freshness.ts";
import { FLUSH_MS, MarketBoard } from "./market_board.ts";
import { NewestRecords } from "./newest_records.ts";
import { QUOTE_FIELDS } from "./protocol.ts";
import { copyOf, QuoteTable } from "./quote_table.ts";

const quote = (price: number) => ({ price, bid: price - 1, ask: price + 1, volume: 7 });

function tableOf(...symbols: string[]): QuoteTable {
  const table = new QuoteTable();
  for (const [place, symbol] of symbols.entries()) table.apply(symbol, quote(place));
  return table;
}

describe("MarketBoard", () => {
  it("shows what the table has, also of symbols that come later and beyond its first size", () => {
    const table = new QuoteTable();
    const board = new MarketBoard();
    board.apply(table.whole());
    for (let one = 0; one < 1000; ++one) {
      table.apply(`S${one}`, quote(one));
      if (one % 7 === 0) board.apply(table.takeChanged() ?? table.whole());
    }
    board.apply(table.takeChanged() ?? table.whole());
    expect(board.size).toBe(1000);
    for (let one = 0; one < 1000; ++one) {
      expect(board.value(board.row(`S${one}`), "ask")).toBe(one + 1);
    }
    expect(board.value(0, "bid_size")).toBeNaN();
    expect(board.row("none")).toBe(-1);
  });

  it("keeps a symbol's row when another worker numbers them otherwise", () => {
    const board = new MarketBoard();
    board.apply(tableOf("A", "B").whole());
    const row = board.row("A");
    board.apply(tableOf("C", "B", "A").whole());
    expect(board.row("A")).toBe(row);
    expect(board.value(row, "price")).toBe(2);
    expect(board.size).toBe(3);
  });

  it("tells each changed row once a flush, and flushes at most 20 times a second", () => {
    const table = tableOf("A", "B");
    const board = new MarketBoard();
    board.apply(table.takeChanged() ?? table.whole());
    expect(board.flush(1000)).toBe(true);
    const told: number[] = [];
    const stop = board.watch(board.row("A"), (row) => told.push(row));
    const all: number[][] = [];
    board.watchAll((changed) => all.push([...changed]));
    for (let one = 0; one < 5; ++one) {
      table.apply("A", quote(one));
      board.apply(table.takeChanged() ?? table.whole());
    }
    expect(board.flush(1000 + FLUSH_MS - 1)).toBe(false);
    expect(told).toEqual([]);
    expect(board.flush(1000 + FLUSH_MS)).toBe(true);
    expect(told).toEqual([0]);
    expect(all).toEqual([[0]]);
    expect(board.dirty).toBe(false);
    stop();
    table.apply("A", quote(9));
    board.apply(table.takeChanged() ?? table.whole());
    board.flush(0);
    expect(told).toEqual([0]);
  });
});

describe("the age of a symbol's own price", () => {
  it("makes its row old, told once, while others are fresh", () => {
    const table = new QuoteTable();
    const board = new MarketBoard();
    const hear = (symbol: string, now: number) => {
      table.apply(symbol, quote(1), now);
      board.apply(table.takeChanged() ?? table.whole());
      board.flush(now);
    };
    hear("A", 100_000);
    const told: number[] = [];
    board.watch(0, (row) => told.push(row));
    for (let now = 101_000; now <= 113_000; now += 1000) {
      hear("B", now);
      board.check(now);
      board.flush(now + FLUSH_MS);
    }
    expect(told).toEqual([0]);
    expect([board.old(0, 113_000), board.old(1, 113_000), board.old(-1, 113_000)]).toEqual([
      true,
      false,
      false,
    ]);
    expect(oldPrice(board, "A", 113_500)).toBe("A: price is 13 s old");
    expect(oldPrice(board, "B", 113_500) + oldPrice(board, "C", 113_500)).toBe("");
    hear("A", 114_000);
    expect(board.old(0, 114_000)).toBe(false);
  });

  it("counts from when the server had it, by the server's clock", () => {
    const table = new QuoteTable();
    const heard = () => table.whole().values[QUOTE_FIELDS.indexOf("heard")];
    const time = "1970-01-01T00:01:00Z";
    table.apply("A", { price: 1, time }, 500_000, 90_000);
    expect(heard()).toBe(470_000);
    table.apply("A", { price: 2, time }, 501_000);
    // A new connection begins with what is known already.
    table.apply("A", { price: 2, time }, 520_000, 200_000);
    expect(heard()).toBe(501_000);
  });

  it("counts by a recording's own clock where that is of another day", () => {
    const now = Date.parse("2026-11-23T10:00:00Z");
    const heardOf = (times: readonly string[]) => {
      const table = new QuoteTable();
      for (const [place, time] of times.entries()) {
        table.apply(`S${place}`, { price: 1, time }, now, now);
      }
      table.apply("no time", { price: 1 }, now - 1, now);
      table.aged(700, now);
      const { at, values } = table.takeChanged() ?? table.whole();
      return [...at].map((_, row) => now - (values[(row + 1) * QUOTE_FIELDS.length - 1] ?? NaN));
    };
    expect(heardOf(["2024-03-05T15:00:01Z", "2024-03-05T15:00:04Z"])).toEqual([3700, 700, 1]);
    // A program's clock is ahead of the market's: nothing becomes fresh by that.
    expect(heardOf(["2026-11-23T09:50:00Z", "2026-11-23T09:59:00Z"])).toEqual([600_000, 60_000, 1]);
  });
});

describe("QuoteTable", () => {
  it("has a limit and counts what is left out", () => {
    const table = new QuoteTable(2);
    for (const symbol of ["A", "B", "C", "D", "C"]) table.apply(symbol, quote(1));
    expect(table.whole()).toMatchObject({ symbols: ["A", "B"], leftOut: 2 });
  });

  it("passes over what is no quote", () => {
    const table = new QuoteTable();
    expect(table.apply("A", null)).toBe(false);
    expect(table.apply("A", { open: 1, close: 2 })).toBe(false);
    expect(table.takeChanged()).toBe(null);
  });

  it("knows a price that came without a book", () => {
    const of = (quote: object) => {
      const table = new QuoteTable();
      table.apply("A", { price: 5, ...quote });
      return [...table.whole().values.subarray(0, 5)];
    };
    expect(of({ bid: 5, ask: 5, bid_size: 0, ask_size: 0 })).toEqual([5, NaN, NaN, NaN, NaN]);
    expect(of({ bid: 5, ask: 5, bid_size: 1, ask_size: 0 })).toEqual([5, 5, 5, 1, 0]);
    expect(of({ bid: 4, ask: 6, bid_size: 0, ask_size: 0 })).toEqual([5, 4, 6, 0, 0]);
  });

  it("reads times, and copies share nothing", () => {
    const table = new QuoteTable();
    table.apply("A", { price: 1, time: "1970-01-01T00:00:01.500000Z" });
    const frame = table.whole();
    const copy = copyOf(frame);
    copy.values.fill(0);
    expect(frame.values[7]).toBe(1500);
  });
});

describe("NewestRecords", () => {
  it("keeps the newest of each key, newest last, and says what it forgot", () => {
    const rows = new NewestRecords<[string, number]>(2, ([key]) => key);
    const seen: number[] = [];
    const stop = rows.subscribe((now) => seen.push(now.length));
    rows.put([["a", 1]]);
    rows.put([
      ["b", 2],
      ["a", 3],
    ]);
    expect(rows.list()).toEqual([
      ["b", 2],
      ["a", 3],
    ]);
    expect(rows.dirty).toBe(true);
    rows.flush();
    rows.flush();
    rows.put([["c", 4]]);
    expect(rows.get("b")).toBe(undefined);
    expect(rows.dropped).toBe(1);
    rows.flush();
    expect(seen).toEqual([0, 2, 2]);
    stop();
    rows.remove("a");
    rows.clear();
    rows.flush();
    expect(rows.size).toBe(0);
    expect(seen.length).toBe(3);
  });
});
