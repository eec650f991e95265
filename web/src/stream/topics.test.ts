import { describe, expect, it } from "vitest";
import { decodeSegment, encodeSegment, matches, patternFault } from "./topics.ts";

describe("patterns", () => {
  it.each([
    ["market/*", "market/AAPL", true],
    ["market/*", "market", false],
    ["market/*", "market/a/b", false],
    ["jobs/**", "jobs/a/b", true],
    ["jobs/**", "jobs", false],
    ["**", "a/b", true],
    ["a/*/c", "a/b/c", true],
    ["a/*/c", "a/b/d", false],
    ["a", "a", true],
  ])("%s and %s: %s", (pattern, topic, fits) => {
    expect(matches(pattern, topic)).toBe(fits);
  });

  it.each(["market/*", "jobs/**", "a.b/BTC%2FUSD"])("%s is well-formed", (pattern) => {
    expect(patternFault(pattern)).toBe(null);
  });

  it.each(["", "a//b", "**/a", "a b", "a/b/c/d/e/f/g/h/i", "x".repeat(257), "BTC%2"])(
    "%j is not, and says why",
    (pattern) => {
      expect(patternFault(pattern)).toMatch(/\.$/);
    },
  );
});

it.each(["BTC/USD", "é x", "plain", "100%"])("%s survives being a segment", (name) => {
  expect(decodeSegment(encodeSegment(name))).toBe(name);
  expect(encodeSegment(name)).toMatch(/^[\w.:@~|+%-]+$/);
});

it("a broken escape stays as it is", () => {
  expect(decodeSegment("a%FF")).toBe("a%FF");
});
