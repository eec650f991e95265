import { expect, it } from "vitest";

import { FLASH_EVERY_MS, FLASH_MS, Flashes } from "./flash.ts";

it("tints a row at most once in a while", () => {
  const flashes = new Flashes<string>();
  expect(flashes.begin("A", 0)).toBe(true);
  expect(flashes.begin("A", FLASH_EVERY_MS - 1)).toBe(false);
  expect(flashes.begin("B", FLASH_EVERY_MS - 1)).toBe(true);
  expect(flashes.begin("A", FLASH_EVERY_MS)).toBe(true);
});

it("gives back the rows whose time is over, once", () => {
  const flashes = new Flashes<string>();
  flashes.begin("A", 0);
  flashes.begin("B", 100);
  expect(flashes.over(FLASH_MS - 1)).toEqual([]);
  expect(flashes.over(FLASH_MS)).toEqual(["A"]);
  expect(flashes.lit).toBe(1);
  expect(flashes.over(FLASH_MS + 100)).toEqual(["B"]);
  expect(flashes.lit).toBe(0);
});

it("goes on when the clock is set back", () => {
  const flashes = new Flashes<string>();
  flashes.begin("A", 10_000);
  expect(flashes.begin("A", 5)).toBe(true);
  expect(flashes.over(1)).toEqual(["A"]);
});

it("forgets a row that is gone", () => {
  const flashes = new Flashes<string>();
  flashes.begin("A", 0);
  flashes.forget("A");
  expect(flashes.over(10_000)).toEqual([]);
  expect(flashes.begin("A", 1)).toBe(true);
});
