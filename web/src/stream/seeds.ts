// What the stream cannot tell a new reader, because it happened before: unfinished jobs and alerts
// that nobody has acknowledged, read from the server's lists as if they were records. Pure.

import { isFields } from "./decode.ts";
import type { StreamRecord } from "./protocol.ts";

interface SeedList {
  readonly path: string;
  /** Member of the answer that holds the list. */
  readonly member: string;
  record(item: Readonly<Record<string, unknown>>): StreamRecord | null;
}

const text = (value: unknown) => (typeof value === "string" ? value : "");

function jobs(kind: string, member: string, idField: string, status: string): SeedList {
  return {
    path: `/api/v1/${member}?limit=100&status=${status}`,
    member,
    record(item) {
      const id = text(item[idField]);
      if (id === "") return null;
      const time = text(item["created_at"]);
      return { id: "", topic: `jobs/${kind}/${id}`, type: `${kind}_progress`, time, data: item };
    },
  };
}

export const SEED_LISTS: readonly SeedList[] = [
  ...["queued", "running"].flatMap((status) => [
    jobs("backtest", "backtests", "backtest_id", status),
    jobs("training", "trainings", "task_id", status),
    jobs("import", "imports", "import_id", status),
  ]),
  {
    path: "/api/v1/alerts?acknowledged=false&limit=200",
    member: "alerts",
    record(item) {
      const id = text(item["id"]);
      const data = item["data"];
      if (id === "" || !isFields(data)) return null;
      const topic = `alerts/${text(data["severity"])}`;
      return { id, topic, type: "risk_alert", time: text(item["timestamp"]), data };
    },
  },
];

/** `answer` is what the list's path gave. */
export function seedsOf(list: SeedList, answer: unknown): StreamRecord[] {
  const items = isFields(answer) ? answer[list.member] : null;
  if (!Array.isArray(items)) return [];
  return items.flatMap((item) => {
    const record = isFields(item) ? list.record(item) : null;
    return record === null ? [] : [record];
  });
}
