import { describe, expect, it } from "vitest";
import { csvCell, csvFileName, csvText } from "./csv.ts";
import { compareDecimals, typedDecimal } from "./decimals.ts";
import {
  decimalsOf,
  decimalsOfTick,
  formatCompact,
  formatFractionChange,
  formatMoney,
  formatMoneyChange,
  formatPercentChange,
  formatPrice,
  formatQuantity,
  formatRatio,
  formatShare,
  leastDecimals,
  shown,
} from "./numbers.ts";
import {
  formatAge,
  formatAgo,
  formatDate,
  formatDateTime,
  formatDuration,
  formatMillis,
  formatTime,
  timeLeft,
  zoneName,
} from "./times.ts";

describe("numbers", () => {
  it.each([
    [1, 2],
    [187.345, 3],
    [1e-8, 8],
    [1.5e-7, 8],
    [1e-12, 9],
    [64253, 2],
  ])("%d needs %i decimals", (price, decimals) => {
    expect(decimalsOf(price)).toBe(decimals);
  });

  it.each([
    [formatPrice(61837.5), "61,837.50"],
    [formatPrice(-0.5, 4), "−0.5000"],
    [formatPrice(null), "–"],
    [formatPrice(Number.NaN), "–"],
    [formatQuantity(1250), "1,250"],
    [formatQuantity(0.00015), "0.00015"],
    [formatMoney(1234.5), "$1,234.50"],
    [formatMoney(-5), "−$5.00"],
    [formatMoney(-0.001), "$0.00"],
    [formatCompact(12345), "12.35K"],
    [formatCompact(3_400_000), "3.4M"],
    [formatCompact(212), "212"],
    [formatCompact(0.72702), "0.727"],
    [formatShare(-0.0123), "−1.23 %"],
    [formatRatio(1.234), "1.23"],
    [formatRatio(Number.POSITIVE_INFINITY), "–"],
  ])("%s", (text, expected) => {
    expect(text).toBe(expected);
  });

  it.each([
    [187.34, "187.34"],
    [187.3333333, "187.33"],
    [1, "1.00"],
    [0, "0.00"],
    [0.5, "0.5000"],
    [-0.0123456, "−0.01235"],
    [0.00001234, "0.00001234"],
    [1.234e-7, "0.000000123"],
    [Number.NaN, "–"],
  ])("a price of %d is shown as %s", (price, text) => {
    expect(formatPrice(price, leastDecimals(price))).toBe(text);
  });

  it("a price keeps usual decimals that are more", () => {
    expect([leastDecimals(1.0835, 4), leastDecimals(0.12345, 5), leastDecimals(1e-5, 4)]).toEqual([
      4, 5, 8,
    ]);
  });

  it("gains and losses have sign and arrow; what rounds to zero has neither", () => {
    expect(formatPercentChange(1.27)).toEqual({
      direction: "up",
      arrow: "▲",
      text: "+1.27 %",
      spoken: "up 1.27 %",
    });
    expect(formatFractionChange(-0.02)).toMatchObject({ arrow: "▼", text: "−2.00 %" });
    expect(formatMoneyChange(-1412.55)).toMatchObject({ direction: "down", text: "−$1,412.55" });
    expect(formatMoneyChange(0.001)).toMatchObject({ direction: "flat", arrow: "", text: "$0.00" });
    expect(formatPercentChange(null).text).toBe("–");
  });

  it("ticks give decimals, texts give numbers to show", () => {
    expect([decimalsOfTick("0.0001"), decimalsOfTick(5), decimalsOfTick("x")]).toEqual([4, 2, 2]);
    expect(shown("187.29")).toBe(187.29);
    expect([shown(""), shown(null), shown("x")]).toEqual([NaN, NaN, NaN]);
  });
});

describe("times", () => {
  const winter = "2026-11-20T15:04:05.123456Z";
  const summer = "2026-07-01T00:00:00Z";

  it("in the market's zone and in UTC, summer and winter", () => {
    expect(formatTime(winter, "utc")).toBe("15:04:05");
    expect(formatTime(winter, "market")).toBe("10:04:05");
    expect(formatMillis(winter, "utc")).toBe("15:04:05.123");
    expect(formatDateTime(summer, "market")).toBe("2026-06-30 20:00:00");
    expect(formatDate(summer, "utc")).toBe("2026-07-01");
    expect(formatTime(summer, "utc")).toBe("00:00:00");
    expect(zoneName("market", Date.parse(winter))).toBe("EST");
    expect(zoneName("market", Date.parse(summer))).toBe("EDT");
    expect(zoneName("utc", 0)).toBe("UTC");
  });

  it("in the reader's own zone", () => {
    const time = new Date(winter);
    const two = (part: number) => String(part).padStart(2, "0");
    expect(formatTime(time.getTime(), "local").slice(0, 5)).toBe(
      `${two(time.getHours())}:${two(time.getMinutes())}`,
    );
  });

  it.each([null, undefined, "x", Number.NaN])("%s is not a time", (time) => {
    expect(formatTime(time, "utc")).toBe("–");
  });

  it.each([
    [850, "850 ms"],
    [12_440, "12.4 s"],
    [59_999, "59.9 s"],
    [185_000, "3:05"],
    [3_723_000, "1:02:03"],
    [187_200_000, "2 d 4 h"],
    [-1, "–"],
  ])("%i ms last %s", (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it.each([
    [-5, "0 s"],
    [119_999, "119 s"],
    [120_000, "2 min"],
    [7_200_000, "2 h"],
    [200_000_000, "2 days"],
  ])("an age of %i ms is %s", (ms, text) => {
    expect(formatAge(ms)).toBe(text);
  });

  it("ages and what is left", () => {
    expect(formatAgo(0, 12_500)).toBe("12 s ago");
    expect(formatAgo(500, 600)).toBe("now");
    expect(formatAge(7_300_000)).toBe("2 h");
    expect(timeLeft(25, 1000)).toBe(3000);
    expect(timeLeft(0, 1000)).toBe(null);
  });
});

describe("decimals", () => {
  const rules = { name: "Price", decimals: 9 };
  it.each([
    ["12.50", "12.5"],
    [" 007 ", "7"],
    [".5", "0.5"],
    ["5.", "5"],
    ["-0.0", "0"],
    ["−3", "-3"],
    ["1,250.5", "1250.5"],
    ["0.123456789", "0.123456789"],
    ["99999999999.999999999", "99999999999.999999999"],
  ])("%s goes to the server as %s", (typed, text) => {
    expect(typedDecimal(typed, rules)).toEqual({ text, fault: null });
  });

  it.each([
    "",
    ".",
    "1e5",
    "12,5",
    "1,25",
    "abc",
    "1.2.3",
    "0x10",
    "Infinity",
    "0.1234567891",
    "1234567890123",
  ])("%j is refused with a sentence", (typed) => {
    const { text, fault } = typedDecimal(typed, rules);
    expect(text).toBe(null);
    expect(fault).toMatch(/^Price .*\.$/);
  });

  it("can be told to be positive, whole, or missing", () => {
    expect(typedDecimal("0", { name: "Quantity", positive: true }).fault).toBe(
      "Quantity must be more than 0.",
    );
    expect(typedDecimal("1.5", { name: "Quantity", decimals: 0 }).fault).toContain("whole");
    expect(typedDecimal("", { name: "Stop", optional: true })).toEqual({ text: "", fault: null });
  });

  it("are compared digit by digit", () => {
    const rising = ["-10", "-9.99", "-0.1", "0", "0.09", "0.1", "9", "10", "10.000000001"];
    for (const [i, a] of rising.entries()) {
      for (const [j, b] of rising.entries()) {
        expect(Math.sign(compareDecimals(a, b))).toBe(Math.sign(i - j));
      }
    }
    expect(compareDecimals("-0.0", "0")).toBe(0);
    expect(compareDecimals("9007199254740993", "9007199254740992")).toBe(1);
    expect(() => compareDecimals("x", "1")).toThrow(RangeError);
  });
});

describe("csv", () => {
  it.each([
    ["plain", "plain"],
    ['say "hi"', '"say ""hi"""'],
    ["a,b", '"a,b"'],
    ["two\nlines", '"two\nlines"'],
    ["=1+1", "'=1+1"],
    ["@x", "'@x"],
    ["+cmd", "'+cmd"],
    ["-5.25", "-5.25"],
    ["\tx", "'\tx"],
    [' lead"', '" lead"""'],
    [-5, "-5"],
    [Number.NaN, ""],
    [null, ""],
    [true, "true"],
  ])("%j is %s", (cell, text) => {
    expect(csvCell(cell)).toBe(text);
  });

  it("a cell that would be cut in two stays one, also as a formula", () => {
    expect(csvCell("\r=1")).toBe('"\'\r=1"');
    expect(csvCell('=HYPERLINK("x","y")')).toBe('"\'=HYPERLINK(""x"",""y"")"');
  });

  it("has a head and CRLF after each line", () => {
    const columns = [
      { name: "symbol", cell: (row: [string, number]) => row[0] },
      { name: "qty", cell: (row: [string, number]) => row[1] },
    ];
    expect(csvText(columns, [["A", 1]])).toBe("symbol,qty\r\nA,1\r\n");
    expect(csvFileName("trades", "a/b", Date.parse("2026-11-20T15:04:05.9Z"))).toBe(
      "livetape-trades-a_b-20261120T150405Z.csv",
    );
  });
});
