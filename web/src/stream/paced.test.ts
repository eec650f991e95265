import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { paced } from "./paced";
import { Value } from "./value";

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

it("tells all who read the same at the same time", () => {
  const source = new Value(0);
  const store = paced(source, 200);
  const told: string[] = [];
  const read = (name: string) => store.subscribe((value) => told.push(`${name}${value}`));
  const stopA = read("a");
  source.set(1);
  vi.advanceTimersByTime(100);
  const stopB = read("b");
  expect(told).toEqual(["a0", "b0"]);
  vi.advanceTimersByTime(100);
  expect(told).toEqual(["a0", "b0", "a1", "b1"]);
  stopA();
  source.set(2);
  vi.advanceTimersByTime(200);
  expect(told.slice(4)).toEqual(["b2"]);
  stopB();
  source.set(3);
  vi.advanceTimersByTime(1000);
  read("c");
  expect(told.slice(5)).toEqual(["c3"]);
});
