// Alerts of both ways, the live stream and the list of the server, in one form; and acknowledging.
// Pure but for the request.

import { type Alert, acknowledgeAlert, type Severity } from "../api/alerts.ts";
import { isFields } from "../stream/decode.ts";
import type { StreamRecord } from "../stream/protocol.ts";

export type AlertFacts = Alert["data"];

/** An alert as the stream has told it: nobody has acknowledged it. */
export function alertOf(record: StreamRecord): Alert | null {
  const { data } = record;
  if (!isFields(data) || typeof data["message"] !== "string") return null;
  const severity = record.topic.split("/")[1] as Severity;
  return {
    id: record.id,
    timestamp: record.time,
    acknowledged: false,
    acknowledged_by: null,
    acknowledged_at: null,
    // The server has checked it; the topic says its severity in any case.
    data: { ...(data as AlertFacts), severity },
  };
}

/** Newest first, those of one account or program only if `entity` is given. */
export function openAlerts(records: readonly StreamRecord[], entity: string | null): Alert[] {
  return records
    .flatMap((record) => alertOf(record) ?? [])
    .filter(({ data }) => entity === null || data.entity_id === entity)
    .sort((a, b) => Date.parse(b.timestamp) - Date.parse(a.timestamp));
}

/** Acknowledges one after the other; stops at the first that is refused, and throws why. */
export async function acknowledgeAll(
  ids: readonly string[],
  done: (id: string) => void,
): Promise<void> {
  for (const id of ids) {
    await acknowledgeAlert(id);
    done(id);
  }
}
