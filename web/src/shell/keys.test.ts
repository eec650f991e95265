import { describe, expect, it } from "vitest";

import { isPlain, KeySequence, type Stroke, strokeText } from "./keys";

const stroke = (key: string, more: Partial<Stroke> = {}): Stroke => ({
  key,
  code: /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : "",
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
});

describe("a stroke", () => {
  it("is written as actions write their keys", () => {
    expect(strokeText(stroke("k", { ctrlKey: true }))).toBe("Ctrl+K");
    expect(strokeText(stroke("k", { metaKey: true }))).toBe("Ctrl+K");
    expect(strokeText(stroke("?", { shiftKey: true }))).toBe("?");
    expect(strokeText(stroke("g"))).toBe("G");
    expect(strokeText(stroke("G", { shiftKey: true }))).toBe("Shift+G");
    expect(strokeText(stroke("ArrowUp", { shiftKey: true }))).toBe("Shift+ArrowUp");
    expect(strokeText(stroke(" "))).toBe(" ");
  });

  it("goes by the key's place where Alt makes another letter of it", () => {
    const option = stroke("˚", { code: "KeyK", altKey: true, shiftKey: true });
    expect(strokeText(option)).toBe("Alt+Shift+K");
  });

  it("is none while only modifiers are down", () => {
    expect(strokeText(stroke("Control", { ctrlKey: true }))).toBeNull();
  });

  it("is plain without Ctrl and Alt", () => {
    expect(["?", "G", "Shift+G", "Ctrl+K", "Alt+Shift+K"].map(isPlain)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});

describe("two strokes", () => {
  const known = ["G then M", "G then T", "T", "?"];

  it("are one key if they come soon after each other", () => {
    const keys = new KeySequence();
    expect(keys.press("G", known, 1000)).toBeNull();
    expect(keys.press("T", known, 1800)).toBe("G then T");
    expect(keys.press("T", known, 1900)).toBe("T");
  });

  it("are two when time has passed", () => {
    const keys = new KeySequence();
    keys.press("G", known, 1000);
    expect(keys.press("T", known, 2300)).toBe("T");
  });

  it("start anew after a stroke that fits nothing", () => {
    const keys = new KeySequence();
    keys.press("G", known, 1000);
    expect(keys.press("X", known, 1100)).toBeNull();
    expect(keys.press("M", known, 1200)).toBeNull();
  });
});
