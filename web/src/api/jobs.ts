// Backtests, sweeps, trainings and imports: start, follow, cancel, again, and their results.

import { path, request } from "./client.ts";
import type { Page, Schema, Typed } from "./types.ts";

export type Strategy = Schema<"Strategy">;
export type Backtest = Schema<"Backtest">;
export type BacktestSummary = Schema<"BacktestSummary">;
export type BacktestWish = Typed<Schema<"BacktestRequest">>;
export type Training = Schema<"Training">;
export type TrainingSummary = Schema<"TrainingSummary">;
export type TrainingWish = Schema<"TrainingRequest">;
export type Import = Schema<"Import">;
export type JobStatus = Schema<"JobStatus">;

export interface JobFilter extends Page {
  readonly status?: Schema<"JobStatusFilter">;
}

/** The path's word of each kind of job. */
export type JobKind = "backtests" | "trainings" | "imports";

const list =
  <Body>(kind: JobKind) =>
  (filter: JobFilter = {}, signal?: AbortSignal) =>
    request<Body>("GET", `/api/v1/${kind}`, { query: { ...filter }, ...(signal && { signal }) });

const read =
  <Body>(kind: JobKind, part = "") =>
  (id: string, page: Page = {}, signal?: AbortSignal) =>
    request<Body>("GET", path`/api/v1/${kind}/${id}` + part, {
      query: { ...page },
      ...(signal && { signal }),
    });

export const listStrategies = (signal?: AbortSignal) =>
  request<Schema<"Strategies">>("GET", "/api/v1/strategies", signal ? { signal } : {});

export const listBacktests = list<Schema<"Backtests">>("backtests");
export const listTrainings = list<Schema<"Trainings">>("trainings");
export const listImports = list<Schema<"Imports">>("imports");

export const backtest = read<Backtest>("backtests");
export const backtestTrades = read<Schema<"BacktestTrades">>("backtests", "/trades");
export const backtestFills = read<Schema<"BacktestFills">>("backtests", "/fills");
/** `limit`: 4 to 100,000 points. */
export const backtestEquity = read<Schema<"BacktestCurve">>("backtests", "/equity");
export const backtestSweep = read<Schema<"SweepTable">>("backtests", "/sweep");
export const training = read<Training>("trainings");
export const trainingRounds = read<Schema<"TrainingRounds">>("trainings", "/rounds");
export const importJob = read<Import>("imports");

export const startBacktest = (body: BacktestWish) =>
  request<Schema<"BacktestStanding">>("POST", "/api/v1/backtests", { body });
export const startTraining = (body: TrainingWish) =>
  request<Schema<"TrainingStanding">>("POST", "/api/v1/trainings", { body });

export interface ImportWish {
  readonly symbol?: string;
  readonly timeframe?: string;
  readonly format?: Schema<"ImportFormat">;
  readonly asset_class?: Schema<"AssetClass">;
  readonly day?: string;
  readonly file_name?: string;
}

/** A file of any size; it has an hour. */
export const startImport = (file: Blob | string, wish: ImportWish, signal?: AbortSignal) =>
  request<Schema<"ImportStanding">>("POST", "/api/v1/imports", {
    query: { ...wish },
    file,
    contentType: "text/csv",
    timeoutMs: 3_600_000,
    ...(signal && { signal }),
  });

export const cancelJob = (kind: JobKind, id: string) =>
  request<unknown>("DELETE", path`/api/v1/${kind}/${id}`);
export const restartJob = (kind: JobKind, id: string) =>
  request<unknown>("POST", path`/api/v1/${kind}/${id}/restart`);
