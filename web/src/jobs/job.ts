// A job as the list and its own page show it: backtest, training and import in one shape, read from
// the server's rows and moved on by the records of the stream. Pure.

import type {
  BacktestSummary,
  Import,
  JobKind,
  JobStatus,
  Training,
  TrainingSummary,
} from "../api/jobs.ts";
import { millisOf } from "../format/times.ts";

export type Kind = "backtest" | "training" | "import";
export const KINDS: readonly Kind[] = ["backtest", "training", "import"];
export const isKind = (word: string | undefined): word is Kind =>
  (KINDS as readonly (string | undefined)[]).includes(word);

/** The kind's word in the paths of the API. */
export const pathOf = (kind: Kind): JobKind => `${kind}s`;

export interface Job {
  readonly kind: Kind;
  readonly id: string;
  readonly status: JobStatus;
  /** Percent. */
  readonly progress: number;
  readonly message: string;
  /** What it is: "sma_cross", "prices.csv". */
  readonly title: string;
  /** On what: "SP500 · 1d · fast 5, 10". */
  readonly detail: string;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  /** The figure by which it is remembered; null: it has none yet. */
  readonly figure: { readonly name: string; readonly value: number } | null;
  /** It has many combinations and no curve. */
  readonly sweep: boolean;
}

export type Row = BacktestSummary | TrainingSummary | Training | Import;

const ENDED: readonly string[] = ["completed", "failed", "cancelled"];
export const isOver = (status: string): boolean => ENDED.includes(status);

export const STATUS_WORDS: Record<JobStatus, string> = {
  queued: "Waiting",
  running: "Running",
  completed: "Done",
  failed: "Failed",
  cancelled: "Cancelled",
};

export function jobOf(row: Row): Job {
  const facts = {
    status: row.status,
    progress: row.progress,
    message: row.message,
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
  };
  if ("backtest_id" in row) {
    const { strategy, symbols, timeframe, params } = row.request;
    const total = row.results?.total_return ?? null;
    return {
      ...facts,
      kind: "backtest",
      id: row.backtest_id,
      title: strategy,
      detail: joined(namesOf(symbols), timeframe, ...Object.entries(params).map(parameterWords)),
      figure: total === null ? null : { name: "Return", value: total },
      sweep: Object.values(params).some(Array.isArray),
    };
  }
  if ("task_id" in row) {
    const { model, symbols, timeframe, rounds, params } = row.request;
    const accuracy = row.metrics?.val_accuracy ?? null;
    return {
      ...facts,
      kind: "training",
      id: row.task_id,
      title: `${model} model`,
      detail: joined(
        namesOf(symbols),
        timeframe,
        `${rounds} rounds`,
        ...Object.entries(params).map(parameterWords),
      ),
      figure: accuracy === null ? null : { name: "Accuracy", value: accuracy },
      sweep: false,
    };
  }
  const { symbol, timeframe, file_name } = row.request;
  return {
    ...facts,
    kind: "import",
    id: row.import_id,
    title: file_name,
    detail: joined(symbol || "symbols of the file", timeframe),
    figure: row.report ? { name: "Bars", value: row.report.imported } : null,
    sweep: false,
  };
}

const joined = (...words: readonly string[]): string => words.filter(Boolean).join(" · ");

/** "AAPL, MSFT and 8 more". */
export function namesOf(symbols: readonly string[], shown = 3): string {
  if (symbols.length <= shown) return symbols.join(", ");
  return `${symbols.slice(0, shown).join(", ")} and ${symbols.length - shown} more`;
}

const LIST_SHOWN = 6;

/** "fast 5, 10"; of a long list its ends: "fast 2, 3 … 91". */
function parameterWords([name, value]: [string, unknown]): string {
  if (!Array.isArray(value)) return `${name} ${value}`;
  if (value.length <= LIST_SHOWN) return `${name} ${value.join(", ")}`;
  return `${name} ${value.slice(0, 2).join(", ")} … ${value.at(-1)}`;
}

/** What a record of the stream tells of its job; undefined: it is none that can be read. */
export interface News {
  readonly kind: Kind;
  readonly id: string;
  readonly time: string;
  readonly status: JobStatus;
  readonly progress: number;
  readonly message: string;
  /** The record's own data, for curves that ride along. */
  readonly data: Readonly<Record<string, unknown>>;
}

export function newsOf(record: { topic: string; time: string; data: unknown }): News | undefined {
  const [, kind, id] = record.topic.split("/");
  const { data } = record;
  if (!isKind(kind) || id === undefined || typeof data !== "object" || data === null) return;
  const facts = data as Readonly<Record<string, unknown>>;
  const said = facts["status"] === "started" ? "running" : facts["status"];
  if (typeof said !== "string" || !(said in STATUS_WORDS)) return;
  return {
    kind,
    id: decodeURIComponent(id),
    time: record.time,
    status: said as JobStatus,
    progress: Number(facts["progress"] ?? 0),
    message: typeof facts["message"] === "string" ? facts["message"] : "",
    data: facts,
  };
}

/** The job after the news; the same one if the news are older than what the server's row says. */
export function movedOn(job: Job, news: News | undefined): Job {
  if (!news || news.id !== job.id) return job;
  if (job.endedAt !== null && millisOf(news.time) <= millisOf(job.endedAt)) return job;
  if (job.endedAt !== null && isOver(news.status)) return job;
  return { ...job, status: news.status, progress: news.progress, message: news.message };
}

/** A task of which only records tell: another program works at it. */
export function foreignJob(news: News): Job {
  return {
    ...news,
    title: news.id,
    detail: "",
    createdAt: news.time,
    startedAt: null,
    endedAt: null,
    figure: null,
    sweep: false,
  };
}

/** "1419190 of 6810070 bars" with its thousands apart; years and names stay. */
export const grouped = (message: string): string =>
  message.replace(/(?<![\w.:/-])\d{5,}(?![\w/-]|\.\d|:\d)/g, (digits) =>
    digits.replace(/\B(?=(\d{3})+$)/g, ","),
  );
