import { beforeEach, expect, it } from "vitest";

import { leaveOff, takeUp } from "./left_off.ts";

beforeEach(() => sessionStorage.clear());

it("a page that is loaded anew goes on where it was left, once", () => {
  leaveOff(sessionStorage, "e-7", 1000);
  expect(takeUp(sessionStorage, 2000)).toBe("e-7");
  expect(takeUp(sessionStorage, 2000)).toBeNull();
});

it("a page that is opened later begins anew, as one that had no record", () => {
  leaveOff(sessionStorage, "e-7", 1000);
  expect(takeUp(sessionStorage, 70_000)).toBeNull();
  leaveOff(sessionStorage, null, 1000);
  expect(takeUp(sessionStorage, 1000)).toBeNull();
});
