// The server's rows of jobs of any kind, and the curves of those that have one.

import * as api from "../api/jobs.ts";
import { ApiError } from "../api/problem.ts";
import type { Schema } from "../api/types.ts";
import { type Curve, EMPTY_CURVE, equityPoints, roundPoints, withPoints } from "./curve.ts";
import type { Kind, Row } from "./job.ts";

export type StatusFilter = Schema<"JobStatusFilter">;

const CURVE_POINTS = 2000;

export async function rowsOf(
  kind: Kind,
  status: StatusFilter,
  limit: number,
): Promise<{ rows: readonly Row[]; total: number }> {
  const filter = { limit, status };
  if (kind === "backtest") {
    const { backtests, total } = await api.listBacktests(filter);
    return { rows: backtests, total };
  }
  if (kind === "training") {
    const { trainings, total } = await api.listTrainings(filter);
    return { rows: trainings, total };
  }
  const { imports, total } = await api.listImports(filter);
  return { rows: imports, total };
}

const READ: Record<Kind, (id: string) => Promise<Row>> = {
  backtest: api.backtest,
  training: api.training,
  import: api.importJob,
};

/** Null: the server has no such job. */
export async function rowOf(kind: Kind, id: string): Promise<Row | null> {
  try {
    return await READ[kind](id);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

export async function curveOf(kind: Kind, id: string): Promise<Curve> {
  if (kind === "import") return EMPTY_CURVE;
  if (kind === "training") {
    const { rounds } = await api.trainingRounds(id, { limit: CURVE_POINTS });
    return withPoints(EMPTY_CURVE, roundPoints(rounds));
  }
  const { equity } = await api.backtestEquity(id, { limit: CURVE_POINTS });
  return withPoints(EMPTY_CURVE, equityPoints({ results: { equity } }));
}
