import { afterEach, expect, it } from "vitest";

import { toasts } from "./toasts.svelte";

afterEach(() => {
  for (const { id } of toasts.shown) toasts.close(id);
});

const titles = () => toasts.shown.map(({ title }) => title);

it("shows news until they are closed", () => {
  const close = toasts.show({ title: "Filled" });
  toasts.show({ title: "Refused", tone: "bad" });
  close();
  expect(titles()).toEqual(["Refused"]);
});

it("pushes the oldest out, bad ones last, and counts them", () => {
  toasts.show({ title: "bad", tone: "bad" });
  for (const title of ["1", "2", "3", "4", "5"]) toasts.show({ title });
  expect(titles()).toEqual(["bad", "3", "4", "5"]);
  expect(toasts.pushedOut).toBe(2);
  for (const title of ["a", "b", "c", "d"]) toasts.show({ title, tone: "bad" });
  expect(titles()).toEqual(["a", "b", "c", "d"]);
});
