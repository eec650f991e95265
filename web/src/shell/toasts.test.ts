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

it("pushes the oldest out, bad ones last", () => {
  toasts.show({ title: "bad", tone: "bad" });
  for (const title of ["1", "2", "3", "4"]) toasts.show({ title });
  expect(titles()).toEqual(["bad", "3", "4"]);
  for (const title of ["a", "b", "c"]) toasts.show({ title, tone: "bad" });
  expect(titles()).toEqual(["a", "b", "c"]);
});

it("folds repeats into one that counts them", () => {
  const refused = { tone: "bad", many: "orders refused in paper" } as const;
  toasts.show({ ...refused, title: "Order refused: buy 1 ACME", text: "first" });
  expect(titles()).toEqual(["Order refused: buy 1 ACME"]);
  toasts.show({ title: "Filled" });
  toasts.show({ ...refused, title: "Order refused: buy 2 ACME" });
  toasts.show({ ...refused, title: "Order refused: buy 3 ACME", text: "last" });
  expect(titles()).toEqual(["Filled", "3 orders refused in paper"]);
  expect(toasts.shown[1]?.text).toBe("last");
  toasts.show({ ...refused, title: "", count: 2 });
  expect(titles()).toEqual(["Filled", "5 orders refused in paper"]);
});
