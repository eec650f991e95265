import { expect, it } from "vitest";

import { heatShare } from "./heat";

it("spans from the lowest to the highest value", () => {
  expect([1, 2, 3].map((value) => heatShare(value, [1, 2, 3], false))).toEqual([0, 0.5, 1]);
  expect(heatShare(7, [7, 7], false)).toBe(0);
});

it("spans both ways from zero when signs matter", () => {
  expect([-2, 0, 4].map((value) => heatShare(value, [-2, 0, 4], true))).toEqual([-0.5, 0, 1]);
  expect(heatShare(0, [0], true)).toBe(0);
});
