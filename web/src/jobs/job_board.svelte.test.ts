import { flushSync } from "svelte";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { stream } from "../stream/client";
import { JobBoard } from "./job_board.svelte";

const LISTS: Record<string, unknown> = {
  "/api/v1/backtests": { backtests: [], total: 0 },
  "/api/v1/trainings": { trainings: [], total: 0 },
  "/api/v1/imports": { imports: [], total: 0 },
};
let reads = 0;
let stop = () => {};

/** News of a job that no row has. */
function told(id: string): void {
  const time = "2026-11-20T10:00:05Z";
  const data = { status: "running", progress: 50 };
  stream.jobs.put([{ id, topic: `jobs/training/${id}`, time, type: "", data }]);
  stream.jobs.flush();
}

beforeEach(() => {
  vi.useFakeTimers();
  reads = 0;
  vi.stubGlobal("fetch", (url: string) => {
    const path = url.split("?")[0] ?? "";
    if (path.endsWith("/trainings")) ++reads;
    return Promise.resolve(new Response(JSON.stringify(LISTS[path])));
  });
});
afterEach(() => {
  stop();
  stream.jobs.clear();
  stream.jobs.flush();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it("reads its rows again while news come without a pause", async () => {
  const board = new JobBoard();
  stop = board.follow();
  await vi.advanceTimersByTimeAsync(0);
  expect(reads).toBe(1);
  for (let i = 0; i < 30; ++i) {
    told(`job-${i}`);
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(reads).toBe(1 + 4);
  await vi.advanceTimersByTimeAsync(5000);
  expect(board.jobs).toHaveLength(30);
  expect(reads).toBe(1 + 5);
});

it("does so when it is followed anew, and not when it is not", async () => {
  const board = new JobBoard();
  stop = board.follow();
  await vi.advanceTimersByTimeAsync(0);
  told("first");
  stop();
  await vi.advanceTimersByTimeAsync(5000);
  expect(reads).toBe(1);
  stop = board.follow();
  await vi.advanceTimersByTimeAsync(0);
  told("second");
  await vi.advanceTimersByTimeAsync(5000);
  expect(reads).toBe(3);
});

it("is followed once by an effect, whatever was told before", async () => {
  told("first");
  const board = new JobBoard();
  let follows = 0;
  stop = $effect.root(() => {
    $effect(() => {
      ++follows;
      return board.follow();
    });
  });
  flushSync();
  await vi.advanceTimersByTimeAsync(5000);
  expect(board.jobs).toHaveLength(1);
  expect(follows).toBe(1);
});
