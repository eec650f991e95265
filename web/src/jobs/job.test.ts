import { describe, expect, it } from "vitest";

import type { BacktestSummary } from "../api/jobs.ts";
import type { StreamRecord } from "../stream/protocol.ts";
import { foreignJob, grouped, jobOf, movedOn, namesOf, newsOf } from "./job.ts";
import { ToldJobs } from "./told_jobs.ts";

const row = (change: Partial<BacktestSummary> = {}): BacktestSummary => ({
  backtest_id: "b-1",
  status: "running",
  progress: 10,
  records: 5,
  message: "",
  created_at: "2026-11-20T10:00:00Z",
  started_at: "2026-11-20T10:00:01Z",
  ended_at: null,
  results: null,
  request: {
    strategy: "sma_cross",
    params: { fast: [5, 10], slow: 30 },
    symbols: ["A", "B", "C", "D"],
    timeframe: "1d",
    cash: 1,
    fee: 0,
    fee_min: 0,
    fee_per_share: 0,
    slippage_bps: 0,
    close_at_end: "close",
    fractional: false,
    rank_by: "sharpe_ratio",
  },
  ...change,
});

const record = (
  status: string,
  { id = "b-1", time = "2026-11-20T10:00:05Z", progress = 50 } = {},
): StreamRecord => ({
  id: "e-1",
  topic: `jobs/backtest/${id}`,
  type: "backtest_progress",
  time,
  data: { backtest_id: id, status, progress, message: "5 of 10 bars" },
});

const newsFrom = (...from: Parameters<typeof record>) => {
  const news = newsOf(record(...from));
  if (!news) throw new Error("no news");
  return news;
};

describe("a job", () => {
  it("says what it is and on what", () => {
    expect(jobOf(row())).toMatchObject({
      kind: "backtest",
      title: "sma_cross",
      detail: "A, B, C and 1 more · 1d · fast 5, 10 · slow 30",
      sweep: true,
    });
    expect(namesOf(["A", "B"])).toBe("A, B");
    const { request } = row();
    const params = { fast: [2, 3, 4, 5, 6, 7, 8] };
    expect(jobOf(row({ request: { ...request, params } })).detail).toContain("fast 2, 3 … 8");
  });

  it("is moved on by news", () => {
    expect(movedOn(jobOf(row()), newsFrom("running"))).toMatchObject({
      status: "running",
      progress: 50,
      message: "5 of 10 bars",
    });
    expect(newsFrom("started").status).toBe("running");
  });

  it("is not moved by another job's news, or by old ones", () => {
    const ended = jobOf(row({ status: "completed", ended_at: "2026-11-20T10:00:09Z" }));
    expect(movedOn(ended, newsFrom("running"))).toBe(ended);
    expect(movedOn(ended, newsFrom("running", { id: "b-2" }))).toBe(ended);
  });

  it("begins anew when it is restarted", () => {
    const ended = jobOf(row({ status: "failed", ended_at: "2026-11-20T10:00:09Z" }));
    const again = newsFrom("queued", { time: "2026-11-20T11:00:00Z", progress: 0 });
    expect(movedOn(ended, again).status).toBe("queued");
  });

  it("cannot be read out of anything else", () => {
    const { topic } = record("running");
    expect(newsOf({ topic: "jobs/other/x", time: "", data: {} })).toBeUndefined();
    expect(newsOf({ topic, time: "", data: { status: "odd" } })).toBeUndefined();
    expect(newsOf({ topic, time: "", data: null })).toBeUndefined();
  });
});

describe("what the stream tells of jobs", () => {
  it("is taken once", () => {
    const told = new ToldJobs();
    const one = record("running");
    expect(told.fresh([one])).toHaveLength(1);
    expect(told.fresh([one])).toHaveLength(0);
    expect(told.fresh([one, record("running", { progress: 60 })])).toHaveLength(1);
  });

  it("is remembered only as long as the tab holds it", () => {
    const told = new ToldJobs();
    const one = record("running");
    told.fresh([one]);
    told.fresh([]);
    expect(told.fresh([one])).toHaveLength(1);
  });

  it("makes rows be read again when a job ends or is not listed", () => {
    const told = new ToldJobs();
    const job = jobOf(row());
    expect(told.tell(newsFrom("running"), job)).toBe(false);
    expect(told.tell(newsFrom("completed"), job)).toBe(true);
    expect(told.tell(newsFrom("running", { id: "new" }), undefined)).toBe(true);
    expect(told.takeUnknown(told.unknown(), [job]).map(({ id }) => id)).toEqual(["new"]);
    expect(told.unknown().size).toBe(0);
  });

  it("asks for no job that was told of after the rows were asked for", () => {
    const told = new ToldJobs();
    told.tell(newsFrom("running", { id: "before" }), undefined);
    const asked = told.unknown();
    told.tell(newsFrom("running", { id: "after" }), undefined);
    told.tell(newsFrom("running", { id: "before", progress: 70 }), undefined);
    const taken = told.takeUnknown(asked, []);
    expect(taken.map(({ id, progress }) => [id, progress])).toEqual([["before", 70]]);
    expect([...told.unknown()]).toEqual(["after"]);
  });

  it("keeps jobs of other programs and moves them on without reading", () => {
    const told = new ToldJobs();
    told.keepApart(foreignJob(newsFrom("running", { id: "mine" })));
    expect(told.tell(newsFrom("running", { id: "mine", progress: 70 }), undefined)).toBe(false);
    expect(told.apart("all", "all", []).map(({ id, progress }) => [id, progress])).toEqual([
      ["mine", 70],
    ]);
    expect(told.apart("training", "all", [])).toEqual([]);
    expect(told.apart("all", "completed", [])).toEqual([]);
  });
});

it("groups the large numbers of a message, and nothing else", () => {
  expect(grouped("1419190 of 6810070 bars")).toBe("1,419,190 of 6,810,070 bars");
  expect(grouped("2024-01-31 in 1234 s, 0.123456, file-20240131.csv, bt_1234567")).toBe(
    "2024-01-31 in 1234 s, 0.123456, file-20240131.csv, bt_1234567",
  );
});
