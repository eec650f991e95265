import { flushSync } from "svelte";
import { afterEach, describe, expect, it, vi } from "vitest";

import { isListOfTexts, oneOf, Remembered, readStored, storage } from "./remembered.svelte";

afterEach(() => localStorage.clear());

const isTheme = oneOf("dark", "light");

describe("what is stored", () => {
  it("is taken when it is accepted", () => {
    expect(readStored('"dark"', "light", isTheme)).toBe("dark");
    expect(readStored('["A","B"]', [], isListOfTexts)).toEqual(["A", "B"]);
  });

  it("gives way to the default when it is of no use", () => {
    for (const text of [null, "", "{", '"pink"', "7", "null"]) {
      expect(readStored(text, "light", isTheme)).toBe("light");
    }
    expect(readStored('["A",1]', ["X"], isListOfTexts)).toEqual(["X"]);
  });
});

describe("a remembered value", () => {
  it("outlives its page", () => {
    new Remembered("t", "light", isTheme).value = "dark";
    expect(new Remembered("t", "light", isTheme).value).toBe("dark");
  });

  it("follows another tab", () => {
    const theme = new Remembered("t", "light", isTheme);
    window.dispatchEvent(new StorageEvent("storage", { key: "livetape.t", newValue: '"dark"' }));
    flushSync();
    expect(theme.value).toBe("dark");
    window.dispatchEvent(new StorageEvent("storage", { key: "livetape.t", newValue: null }));
    expect(theme.value).toBe("light");
  });

  it("lasts as long as the page where the browser keeps nothing, and says so", () => {
    const theme = new Remembered("t", "light", isTheme);
    expect(storage.keeps).toBe(true);
    vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
      throw new DOMException("full", "QuotaExceededError");
    });
    theme.value = "dark";
    expect(theme.value).toBe("dark");
    expect(storage.keeps).toBe(false);
  });
});
