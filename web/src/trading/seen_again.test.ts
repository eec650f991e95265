import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { onSeenAgain } from "./seen_again";

const hide = (hidden: boolean): void => {
  vi.spyOn(document, "hidden", "get").mockReturnValue(hidden);
  document.dispatchEvent(new Event("visibilitychange"));
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("tells how long the document was hidden, once it is seen again", () => {
  const told: number[] = [];
  const stop = onSeenAgain((hiddenMs) => told.push(hiddenMs));
  hide(true);
  vi.advanceTimersByTime(90_000);
  expect(told).toEqual([]);
  hide(false);
  hide(false);
  expect(told).toEqual([90_000]);
  stop();
  hide(true);
  hide(false);
  expect(told).toEqual([90_000]);
});

it("counts from its own beginning where the document is hidden then", () => {
  vi.spyOn(document, "hidden", "get").mockReturnValue(true);
  const told: number[] = [];
  const stop = onSeenAgain((hiddenMs) => told.push(hiddenMs));
  vi.advanceTimersByTime(5000);
  hide(false);
  stop();
  expect(told).toEqual([5000]);
});
