import { describe, expect, it } from "vitest";

import { scrolledTo, visibleRows } from "./visible";

describe("visible rows", () => {
  it("are those in the box and a few around", () => {
    expect(visibleRows(0, 280, 28, 200, 0)).toEqual({ first: 0, end: 10 });
    expect(visibleRows(285, 280, 28, 200, 2)).toEqual({ first: 8, end: 23 });
  });

  it("end with the list", () => {
    expect(visibleRows(5400, 280, 28, 200)).toEqual({ first: 186, end: 200 });
    expect(visibleRows(0, 280, 28, 3)).toEqual({ first: 0, end: 3 });
    expect(visibleRows(0, 280, 28, 0)).toEqual({ first: 0, end: 0 });
  });

  it("are at least one when the list has shrunk above the place", () => {
    expect(visibleRows(9999, 280, 28, 5)).toEqual({ first: 4, end: 5 });
  });

  it("come into sight with the least scrolling", () => {
    expect(scrolledTo(2, 100, 280, 28)).toBe(56);
    expect(scrolledTo(20, 100, 280, 28)).toBe(308);
    expect(scrolledTo(5, 100, 280, 28)).toBe(100);
  });
});
