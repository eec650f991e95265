import { expect, it } from "vitest";

import { findActions } from "./palette";

const ALL = [
  { title: "Go to Market", group: "Pages" },
  { title: "Go to Trading", group: "Pages", words: "orders positions" },
  { title: "Halt trading", group: "Safety", words: "kill switch" },
  { title: "Theme: dark", group: "Appearance" },
];
const titles = (text: string) => findActions(ALL, text).map(({ title }) => title);

it("finds everything for an empty text, in the order it was given", () => {
  expect(titles(" ")).toEqual(ALL.map(({ title }) => title));
});

it("puts the beginning of a word before letters anywhere", () => {
  expect(titles("trading")).toEqual(["Go to Trading", "Halt trading"]);
  expect(titles("ha")[0]).toBe("Halt trading");
  expect(titles("thd")).toEqual(["Theme: dark"]);
});

it("finds by further words and wants all words to fit", () => {
  expect(titles("kill")).toEqual(["Halt trading"]);
  expect(titles("go orders")).toEqual(["Go to Trading"]);
  expect(titles("go nowhere")).toEqual([]);
});
