// One job and its result: read from the server, moved on by the stream, read again when it ends or
// begins anew. Its curve grows with the points that ride along with its progress.

import * as api from "../api/jobs";
import { wordsOfError } from "../api/problem";
import { stream } from "../stream/client";
import { type Curve, EMPTY_CURVE, equityPoints, roundPoints, withPoints } from "./curve";
import { isOver, type Job, jobOf, type Kind, movedOn, newsOf, pathOf, type Row } from "./job";

const CURVE_POINTS = 2000;

async function curveOf(kind: Kind, id: string): Promise<Curve> {
  if (kind === "import") return EMPTY_CURVE;
  if (kind === "training") {
    const { rounds } = await api.trainingRounds(id, { limit: CURVE_POINTS });
    return withPoints(EMPTY_CURVE, roundPoints(rounds));
  }
  const { equity } = await api.backtestEquity(id, { limit: CURVE_POINTS });
  return withPoints(EMPTY_CURVE, equityPoints({ results: { equity } }));
}

const READ: Record<Kind, (id: string) => Promise<Row>> = {
  backtest: api.backtest,
  training: api.training,
  import: api.importJob,
};

export class RunningJob<Result extends Row = Row> {
  readonly kind: Kind;
  readonly id: string;
  job = $state.raw<Job | null>(null);
  /** The server's row, with the result of a job that is over. */
  row = $state.raw<Result | null>(null);
  curve = $state.raw<Curve>(EMPTY_CURVE);
  fault = $state<string | null>(null);
  acting = $state(false);

  constructor(kind: Kind, id: string) {
    this.kind = kind;
    this.id = id;
  }

  follow(): () => void {
    void this.read();
    const stops = [
      stream.onRecord(`jobs/${this.kind}/${this.id}`, (record) => {
        const news = newsOf(record);
        if (!news || !this.job) return;
        const before = this.job.status;
        this.job = movedOn(this.job, news);
        if (news.status === "queued") this.curve = EMPTY_CURVE;
        this.curve = withPoints(this.curve, [
          ...equityPoints(news.data),
          ...roundPoints((news.data["metrics"] as { rounds?: unknown } | null | undefined)?.rounds),
        ]);
        if (isOver(news.status) || (isOver(before) && !isOver(this.job.status))) void this.read();
      }),
      stream.onGap(() => void this.read()),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }

  async read(): Promise<void> {
    try {
      const [row, curve] = await Promise.all([
        READ[this.kind](this.id),
        curveOf(this.kind, this.id),
      ]);
      this.row = row as Result;
      this.job = jobOf(row);
      // Points of the stream may be newer than those of the endpoint, while it runs.
      const live = isOver(row.status) ? EMPTY_CURVE : this.curve;
      this.curve = live.at.length > curve.at.length ? live : curve;
      this.fault = null;
    } catch (error) {
      this.fault = wordsOfError(error);
    }
  }

  async act(what: "cancel" | "restart"): Promise<void> {
    this.acting = true;
    try {
      const kind = pathOf(this.kind);
      await (what === "cancel" ? api.cancelJob(kind, this.id) : api.restartJob(kind, this.id));
      await this.read();
    } catch (error) {
      this.fault = wordsOfError(error);
    } finally {
      this.acting = false;
    }
  }
}
