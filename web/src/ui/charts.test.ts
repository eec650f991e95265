import { describe, expect, it } from "vitest";

import { faded } from "./colours";
import { sparkPoints } from "./sparkline";
import { aroundZero, axisGrain, axisWidth, distinct } from "./time_chart_options";

describe("a sparkline", () => {
  it("spans its box from lowest to highest", () => {
    expect([...sparkPoints([1, 3, 2], 12, 12)]).toEqual([1, 11, 6, 1, 11, 6]);
  });

  it("is a line in the middle where nothing moves", () => {
    expect([...sparkPoints([5, 5], 12, 12)]).toEqual([1, 6, 11, 6]);
  });

  it("needs two points", () => {
    expect(sparkPoints([1], 10, 10)).toHaveLength(0);
    expect(sparkPoints([], 10, 10)).toHaveLength(0);
  });
});

describe("a time axis", () => {
  it("says as much as its ticks need", () => {
    expect([10, 60, 3600, 86_400, 40 * 86_400].map(axisGrain)).toEqual([
      "second",
      "minute",
      "minute",
      "day",
      "month",
    ]);
  });
});

describe("the words of an axis", () => {
  it("are never told twice", () => {
    const days = ["20 Nov", "20 Nov", "21 Nov", "21 Nov"];
    expect(distinct(["00:00", "12:00", "00:00", "12:00"], days)).toEqual([
      "00:00",
      "12:00",
      "21 Nov",
      "",
    ]);
  });
});

describe("a faded colour", () => {
  it("gets an alpha byte", () => {
    expect(faded("#4aa3ff", 0.5)).toBe("#4aa3ff80");
    expect(faded("#4aa3ff", 2)).toBe("#4aa3ffff");
    expect(faded("red", 0.5)).toBe("red");
  });
});

describe("a value axis", () => {
  it("is as wide as its longest text", () => {
    expect(axisWidth(null)).toBe(40);
    expect(axisWidth(["$1", "$102,500.00"])).toBe(87);
  });
});

it("a value axis has its zero where it is wanted", () => {
  expect(aroundZero(-0.2, -0.1)).toEqual([-0.22000000000000003, 0]);
  expect(aroundZero(0, 0)).toEqual([-1e-4, 0]);
  expect(aroundZero(-1, 2)).toEqual([-1.1, 2.2]);
});
