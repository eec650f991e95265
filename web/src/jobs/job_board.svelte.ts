// The list of jobs: the server's rows, moved on by the records of the stream. A job that the list
// does not know, or that has ended, makes it read the rows again.

import { listBacktests, listImports, listTrainings } from "../api/jobs";
import { wordsOfError } from "../api/problem";
import type { Schema } from "../api/types";
import { millisOf } from "../format/times";
import { stream } from "../stream/client";
import { isOver, type Job, jobOf, KINDS, type Kind, movedOn, newsOf, type Row } from "./job";

export type KindFilter = Kind | "all";
export type StatusFilter = Schema<"JobStatusFilter">;

const PAGE = 50;
const ROWS_MAX = 1000;
/** Rows are read again no sooner than so much later. */
const AGAIN_MS = 700;

async function rowsOf(kind: Kind, status: StatusFilter, limit: number) {
  const filter = { limit, status };
  if (kind === "backtest") {
    const { backtests, total } = await listBacktests(filter);
    return { rows: backtests as Row[], total };
  }
  if (kind === "training") {
    const { trainings, total } = await listTrainings(filter);
    return { rows: trainings as Row[], total };
  }
  const { imports, total } = await listImports(filter);
  return { rows: imports as Row[], total };
}

export class JobBoard {
  kind = $state<KindFilter>("all");
  status = $state<StatusFilter>("all");
  /** Newest first. */
  jobs = $state.raw<readonly Job[]>([]);
  total = $state(0);
  known = $state(false);
  fault = $state<string | null>(null);
  #limit = PAGE;
  #reading = false;
  #asked = false;
  #timer: number | undefined;

  get more(): boolean {
    return this.jobs.length < this.total && this.#limit < ROWS_MAX;
  }

  showMore(): void {
    this.#limit = Math.min(ROWS_MAX, this.#limit * 4);
    void this.read();
  }

  /** Follows the stream until the returned function is called. */
  follow(): () => void {
    void this.read();
    const stops = [
      stream.onRecord("jobs/*/*", (record) => {
        const news = newsOf(record);
        if (!news) return;
        const place = this.jobs.findIndex(({ id }) => id === news.id);
        const job = this.jobs[place];
        if (job) this.jobs = this.jobs.with(place, movedOn(job, news));
        if (!job || isOver(news.status)) this.#again();
      }),
      stream.onGap(() => this.#again()),
    ];
    return () => {
      for (const stop of stops) stop();
      window.clearTimeout(this.#timer);
    };
  }

  #again(): void {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.read(), AGAIN_MS);
  }

  async read(): Promise<void> {
    if (this.#reading) {
      this.#asked = true;
      return;
    }
    this.#reading = true;
    try {
      const kinds = this.kind === "all" ? KINDS : [this.kind];
      const lists = await Promise.all(kinds.map((kind) => rowsOf(kind, this.status, this.#limit)));
      this.total = lists.reduce((sum, { total }) => sum + total, 0);
      this.jobs = lists
        .flatMap(({ rows }) => rows.map(jobOf))
        .sort((a, b) => millisOf(b.createdAt) - millisOf(a.createdAt))
        .slice(0, this.#limit);
      this.known = true;
      this.fault = null;
    } catch (error) {
      this.fault = wordsOfError(error);
    } finally {
      this.#reading = false;
    }
    if (!this.#asked) return;
    this.#asked = false;
    await this.read();
  }
}
