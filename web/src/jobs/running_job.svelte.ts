// One job and its result: read from the server, moved on by the stream, read again when it ends or
// begins anew. Its curve grows with the points that ride along with its progress.

import { untrack } from "svelte";

import { cancelJob, restartJob } from "../api/jobs";
import { wordsOfError } from "../api/problem";
import { stream } from "../stream/client";
import { encodeSegment } from "../stream/topics";
import { type Curve, EMPTY_CURVE, equityPoints, roundPoints, withPoints } from "./curve";
import {
  foreignJob,
  isOver,
  type Job,
  jobOf,
  type Kind,
  movedOn,
  type News,
  newsOf,
  pathOf,
  type Row,
} from "./job";
import { replay } from "./replay";
import { curveOf, rowOf } from "./rows";

export class RunningJob {
  readonly kind: Kind;
  readonly id: string;
  job = $state.raw<Job | null>(null);
  /** The server's row, with the result of a job that is over; null: it is of another program. */
  row = $state.raw<Row | null>(null);
  curve = $state.raw<Curve>(EMPTY_CURVE);
  /** What was told last, beside status and words. */
  told = $state.raw<Readonly<Record<string, unknown>>>({});
  fault = $state<string | null>(null);
  acting = $state(false);

  #reading = false;
  /** Something was told while the server was being read: its answer may be the older of the two. */
  #toldMeanwhile = false;
  #replayed = "";
  #stopReplay: (() => void) | undefined;

  constructor(kind: Kind, id: string) {
    this.kind = kind;
    this.id = id;
  }

  get #topic(): string {
    return `jobs/${this.kind}/${encodeSegment(this.id)}`;
  }

  follow(): () => void {
    void this.read();
    const stops = [
      stream.onRecord(this.#topic, (record) => this.#tell(record)),
      stream.onGap(() => void this.read()),
      // It is called at once too: whoever follows must not do so anew with each change of the job.
      stream.jobs.subscribe(() => untrack(() => this.#found())),
    ];
    return () => {
      for (const stop of stops) stop();
      this.#stopReplay?.();
    };
  }

  #tell(record: Parameters<typeof newsOf>[0]): void {
    const news = newsOf(record);
    if (!news) return;
    this.#toldMeanwhile = this.#reading;
    if (!this.job) return;
    const before = this.job.status;
    this.job = movedOn(this.job, news);
    this.told = news.data;
    if (news.status === "queued") this.curve = EMPTY_CURVE;
    this.#draw(news);
    if (isOver(news.status) || (isOver(before) && !isOver(this.job.status))) void this.read();
  }

  /** A task of another program may be told only after it was looked for. */
  #found(): void {
    if (this.job !== null || this.fault === null || this.#reading) return;
    const record = stream.jobs.get(this.#topic);
    if (record && newsOf(record)) void this.read();
  }

  #draw({ data }: News): void {
    const metrics = data["metrics"] as { rounds?: unknown } | null | undefined;
    const points = [...equityPoints(data), ...roundPoints(metrics?.rounds)];
    this.curve = withPoints(this.curve, points);
  }

  /** Once for each run: what was told of it before this page was there. */
  #replay(startedAt: string): void {
    if (this.#replayed === startedAt) return;
    this.#replayed = startedAt;
    this.#stopReplay?.();
    this.#stopReplay = replay(this.#topic, startedAt, (record) => {
      const news = newsOf(record);
      if (news) this.#draw(news);
    });
  }

  async read(): Promise<void> {
    if (this.#reading) {
      this.#toldMeanwhile = true;
      return;
    }
    this.#reading = true;
    do {
      this.#toldMeanwhile = false;
      await this.#readOnce();
    } while (this.#toldMeanwhile);
    this.#reading = false;
  }

  async #readOnce(): Promise<void> {
    try {
      const row = await rowOf(this.kind, this.id);
      if (row === null) {
        this.#readForeign();
        return;
      }
      const curve = await curveOf(this.kind, this.id);
      this.row = row;
      this.job = jobOf(row);
      // While it runs, the stream may have told of more than the endpoint has.
      const told = isOver(row.status) ? EMPTY_CURVE : this.curve;
      this.curve = told.at.length > curve.at.length ? told : curve;
      this.fault = null;
      if (row.status === "running" && row.started_at) this.#replay(row.started_at);
    } catch (error) {
      this.fault = wordsOfError(error);
    }
  }

  #readForeign(): void {
    const record = stream.jobs.get(this.#topic);
    const news = record && newsOf(record);
    this.job = news ? foreignJob(news) : null;
    this.told = news?.data ?? {};
    this.fault = news
      ? null
      : "The server has no such job. The oldest go when there are more than 1,000.";
  }

  async act(what: "cancel" | "restart"): Promise<void> {
    this.acting = true;
    try {
      await (what === "cancel" ? cancelJob : restartJob)(pathOf(this.kind), this.id);
      await this.read();
    } catch (error) {
      this.fault = wordsOfError(error);
    } finally {
      this.acting = false;
    }
  }
}
