import { expect, it, vi } from "vitest";

import { ask, wordsOf } from "./ask";

it("says what the server said", () => {
  expect(wordsOf(422, { detail: "state is wrong" }).text).toBe("state is wrong");
  expect(wordsOf(404, { code: 1, message: "no such" }).text).toBe("no such");
  expect(wordsOf(500, null).text).toBe("The server answered 500.");
  expect(wordsOf(401, {}).title).toMatch(/sign in/i);
});

it("gives the value of a good answer", async () => {
  vi.spyOn(globalThis, "fetch").mockResolvedValue(new Response('{"a":1}'));
  expect(await ask("/x", { method: "PUT", body: { b: 2 } })).toEqual({ ok: true, value: { a: 1 } });
  expect(fetch).toHaveBeenCalledWith("/x", expect.objectContaining({ body: '{"b":2}' }));
});

it("says when nobody answered", async () => {
  vi.spyOn(globalThis, "fetch").mockRejectedValue(new TypeError("failed"));
  expect(await ask("/x")).toMatchObject({ ok: false, refused: { status: 0 } });
  vi.spyOn(globalThis, "fetch").mockRejectedValue(new DOMException("late", "TimeoutError"));
  expect(await ask("/x")).toHaveProperty("refused.title", expect.stringContaining("in time"));
});
