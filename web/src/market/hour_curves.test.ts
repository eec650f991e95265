import { describe, expect, it, vi } from "vitest";

import { ApiError } from "../api/problem";
import { HourCurves } from "./hour_curves.ts";

/** A server whose answers come when they are told to. */
function slowServer() {
  const asked: string[] = [];
  const answers = new Map<string, (prices: number[]) => void>();
  const faults = new Map<string, (fault: Error) => void>();
  const read = (symbol: string) =>
    new Promise<number[]>((answer, fail) => {
      asked.push(symbol);
      answers.set(symbol, answer);
      faults.set(symbol, fail);
    });
  const settled = () => new Promise<void>((done) => setTimeout(done));
  return {
    asked,
    read,
    async answer(symbol: string, prices: number[]) {
      answers.get(symbol)?.(prices);
      await settled();
    },
    async fail(symbol: string) {
      faults.get(symbol)?.(new ApiError("The server cannot be reached.", "unreachable"));
      await settled();
    },
  };
}

describe("the curves of rows in sight", () => {
  it("are read a few at a time, and tell when they are there", async () => {
    const server = slowServer();
    const curves = new HourCurves(server.read, () => 0);
    const changed = vi.fn();
    for (const symbol of ["A", "B", "C", "D", "E"]) curves.follow(symbol, changed);
    expect(server.asked).toEqual(["A", "B", "C", "D"]);
    expect(curves.of("A")).toEqual([]);
    await server.answer("A", [1, 2]);
    expect(curves.of("A")).toEqual([1, 2]);
    expect(changed).toHaveBeenCalledOnce();
    expect(server.asked).toEqual(["A", "B", "C", "D", "E"]);
  });

  it("are not read when their row has gone before its turn", async () => {
    const server = slowServer();
    const curves = new HourCurves(server.read, () => 0);
    for (const symbol of ["A", "B", "C", "D"]) curves.follow(symbol, () => {});
    curves.follow("E", () => {})();
    await server.answer("A", []);
    expect(server.asked).not.toContain("E");
  });

  it("are read again when they are old and still followed", async () => {
    const server = slowServer();
    let now = 0;
    const curves = new HourCurves(server.read, () => now);
    curves.follow("A", () => {});
    curves.follow("B", () => {})();
    await server.answer("A", [1]);
    await server.answer("B", [1]);
    curves.refresh();
    expect(server.asked).toEqual(["A", "B"]);
    now = 60_000;
    curves.refresh();
    expect(server.asked).toEqual(["A", "B", "A"]);
  });

  it("do without one that cannot be read, and the others follow", async () => {
    const server = slowServer();
    const curves = new HourCurves(server.read, () => 0);
    for (const symbol of ["A", "B", "C", "D", "E"]) curves.follow(symbol, () => {});
    await server.fail("A");
    expect(curves.of("A")).toEqual([]);
    expect(server.asked).toContain("E");
  });
});
