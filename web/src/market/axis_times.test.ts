import { expect, it } from "vitest";

import { barTimeText, dayOf, tickText } from "./axis_times.ts";

const at = (text: string) => Date.parse(text) / 1000;

it("calls a mark by the time in the page's zone", () => {
  const midnightUtc = at("2026-11-21T00:00:00Z");
  expect(tickText(midnightUtc, 2, "1m", "utc")).toBe("11-21");
  expect(tickText(midnightUtc, 2, "1m", "market")).toBe("19:00");
  expect(tickText(at("2026-11-21T05:00:00Z"), 3, "1m", "market")).toBe("11-21");
  expect(tickText(at("2026-11-21T15:04:05Z"), 4, "1s", "utc")).toBe("15:04:05");
});

it("gives days their own date in every zone", () => {
  expect(dayOf(at("2026-11-20T00:00:00Z"))).toBe("2026-11-20");
  expect(dayOf(at("2026-11-20T05:00:00Z"))).toBe("2026-11-20");
  expect(tickText(at("2026-11-20T00:00:00Z"), 2, "1d", "market")).toBe("11-20");
  expect(tickText(at("2026-11-01T00:00:00Z"), 1, "1d", "market")).toBe("2026-11");
  expect(tickText(at("2026-01-01T00:00:00Z"), 0, "1d", "market")).toBe("2026");
});

it("says seconds only where bars have them", () => {
  const time = at("2026-11-20T15:04:00Z");
  expect(barTimeText(time, "1m", "market")).toBe("2026-11-20 10:04");
  expect(barTimeText(time, "1s", "utc")).toBe("2026-11-20 15:04:00");
  expect(barTimeText(time, "1d", "utc")).toBe("2026-11-20");
});
