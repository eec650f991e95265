import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { Value } from "../stream/value";
import { paced } from "./paced";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("tells the first at once and then the newest at its pace", () => {
  const source = new Value(0);
  const told: number[] = [];
  const stop = paced(source, 200).subscribe((value) => told.push(value));
  for (let i = 1; i <= 9; i++) source.set(i);
  expect(told).toEqual([0]);
  vi.advanceTimersByTime(200);
  expect(told).toEqual([0, 9]);
  source.set(10);
  expect(told).toEqual([0, 9]);
  vi.advanceTimersByTime(1000);
  source.set(11);
  expect(told).toEqual([0, 9, 10, 11]);
  source.set(12);
  stop();
  vi.advanceTimersByTime(1000);
  expect(told).toEqual([0, 9, 10, 11]);
});
