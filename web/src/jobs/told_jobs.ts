// What the stream tells of jobs, beside the server's rows: which rows are to be moved on or read
// again, and the jobs that no row has, of other programs or too old for the rows that are read.

import type { StreamRecord } from "../stream/protocol.ts";
import { isOver, type Job, type Kind, movedOn, type News, newsOf } from "./job.ts";

/** More jobs of other programs push the oldest out. */
const APART_MAX = 500;

export class ToldJobs {
  #seen = new Map<string, StreamRecord>();
  readonly #unknown = new Map<string, News>();
  readonly #apart = new Map<string, Job>();

  /** News of the newest records of each job, once each; `records` are all that the tab holds. */
  fresh(records: readonly StreamRecord[]): News[] {
    const before = this.#seen;
    this.#seen = new Map(records.map((record) => [record.topic, record]));
    return records
      .filter((record) => before.get(record.topic) !== record)
      .flatMap((record) => newsOf(record) ?? []);
  }

  /** `row`: the job as listed, if it is. True: the rows are to be read again. */
  tell(news: News, row: Job | undefined): boolean {
    const apart = this.#apart.get(news.id);
    if (apart) this.#apart.set(news.id, movedOn(apart, news));
    if (row) return apart === undefined && isOver(news.status);
    if (apart) return false;
    this.#unknown.set(news.id, news);
    return true;
  }

  /** Ids of jobs that no row had when they were told of. */
  unknown(): ReadonlySet<string> {
    return new Set(this.#unknown.keys());
  }

  /**
   * Jobs of `asked` to ask for one by one, as they are in no row; each is given once. What was not
   * yet told when the rows were asked for may be missing in them: it waits for the next ones.
   */
  takeUnknown(asked: ReadonlySet<string>, listed: readonly Job[]): News[] {
    const ids = new Set(listed.map(({ id }) => id));
    const taken = [...this.#unknown.values()].filter(({ id }) => asked.has(id));
    for (const { id } of taken) this.#unknown.delete(id);
    return taken.filter(({ id }) => !ids.has(id));
  }

  keepApart(job: Job): void {
    this.#apart.set(job.id, job);
    const [oldest] = this.#apart.keys();
    if (this.#apart.size > APART_MAX && oldest !== undefined) this.#apart.delete(oldest);
  }

  /** Of a kind and a state, "all" for any; without those that are listed. */
  apart(kind: Kind | "all", status: string, listed: readonly Job[]): Job[] {
    const ids = new Set(listed.map(({ id }) => id));
    return [...this.#apart.values()].filter(
      (job) =>
        !ids.has(job.id) &&
        (kind === "all" || kind === job.kind) &&
        (status === "all" || status === job.status),
    );
  }
}
