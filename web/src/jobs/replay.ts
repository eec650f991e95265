// What the tape has of a running job since it began, for a page that comes later: points of its curve
// ride along with records, and no endpoint has them before the end.

import { queryText } from "../api/client.ts";

interface Told {
  readonly topic: string;
  readonly time: string;
  readonly data: unknown;
}

/** Calls `tell` with each record since `since`. Ends by itself soon after the newest, or when stopped. */
export function replay(topic: string, since: string, tell: (record: Told) => void): () => void {
  const query = { topics: topic, since, named: false, snapshot: false };
  const source = new EventSource(`/api/v1/stream${queryText(query)}`);
  const stop = (): void => source.close();
  source.onmessage = ({ data }: MessageEvent<string>) => {
    const event = JSON.parse(data) as Partial<Told> & { readonly server_time?: string };
    if (event.topic !== undefined) tell(event as Told);
    // A heartbeat, never the hello before the records: by then all of them have been here.
    else if (event.server_time !== undefined && !("resume" in event)) stop();
  };
  // The stream of the page goes on; what this one would have told is an ornament.
  source.onerror = stop;
  return stop;
}
