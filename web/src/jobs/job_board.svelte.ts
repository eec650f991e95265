// The list of jobs: the server's rows, moved on by the records of the stream. A job that the list
// does not know, or that has ended, makes it read the rows again. Tasks that other programs tell of
// are in no list of the server: they are shown by what is told.

import { untrack } from "svelte";

import { wordsOfError } from "../api/problem";
import { millisOf } from "../format/times";
import { type Freshness, stream } from "../stream/client";
import { foreignJob, type Job, jobOf, KINDS, type Kind, movedOn, type News } from "./job";
import { rowOf, rowsOf, type StatusFilter } from "./rows";
import { ToldJobs } from "./told_jobs";

export type KindFilter = Kind | "all";
export type { StatusFilter };

const PAGE = 50;
const ROWS_MAX = 1000;
/** Rows are read again so much after the first news that want it. */
const AGAIN_MS = 700;

const isConnected = ({ state }: Freshness): boolean =>
  state !== "connecting" && state !== "offline";

export class JobBoard {
  kind = $state<KindFilter>("all");
  status = $state<StatusFilter>("all");
  /** Newest first. */
  jobs = $state.raw<readonly Job[]>([]);
  total = $state(0);
  known = $state(false);
  fault = $state<string | null>(null);
  readonly #told = new ToldJobs();
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
    // What ended after the rows were read and before the stream began is told by neither.
    let connected = isConnected(stream.freshness.get());
    const stops = [
      stream.freshness.subscribe((freshness) => {
        const before = connected;
        connected = isConnected(freshness);
        if (connected && !before) this.#again();
      }),
      // It is called at once too: whoever follows must not do so anew with each change of the jobs.
      stream.jobs.subscribe((records) =>
        untrack(() => {
          for (const news of this.#told.fresh(records)) this.#tell(news);
        }),
      ),
      stream.onGap(() => this.#again()),
    ];
    return () => {
      for (const stop of stops) stop();
      window.clearTimeout(this.#timer);
      this.#timer = undefined;
    };
  }

  #tell(news: News): void {
    const place = this.jobs.findIndex(({ id }) => id === news.id);
    const job = this.jobs[place];
    if (job) this.jobs = this.jobs.with(place, movedOn(job, news));
    if (this.#told.tell(news, job)) this.#again();
  }

  #again(): void {
    // News that come without a pause must not put it off.
    this.#timer ??= window.setTimeout(() => {
      this.#timer = undefined;
      void this.read();
    }, AGAIN_MS);
  }

  async read(): Promise<void> {
    if (this.#reading) {
      this.#asked = true;
      return;
    }
    this.#reading = true;
    try {
      const asked = this.#told.unknown();
      const kinds = this.kind === "all" ? KINDS : [this.kind];
      const lists = await Promise.all(kinds.map((kind) => rowsOf(kind, this.status, this.#limit)));
      const listed = lists.flatMap(({ rows }) => rows.map(jobOf));
      for (const news of this.#told.takeUnknown(asked, listed)) {
        // Where all rows have been read, it is in none: no need to ask.
        const list = lists[kinds.indexOf(news.kind)];
        const whole = this.status === "all" && list !== undefined && list.rows.length >= list.total;
        const row = whole ? null : await rowOf(news.kind, news.id);
        this.#told.keepApart(row ? jobOf(row) : foreignJob(news));
      }
      const apart = this.#told.apart(this.kind, this.status, listed);
      this.total = lists.reduce((sum, { total }) => sum + total, apart.length);
      this.jobs = [...listed, ...apart]
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
