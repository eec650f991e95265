// Reading the whole log back, as a client that comes late does.

import { publish } from './api.mjs';
import { EventStream, named, payload } from './sse.mjs';

/** All records of `topics` that are kept, oldest first, as {id, topic, data}, with the `mark` behind
 * them, and `gap` if told. */
export async function readLog(server, topics, cursor = 'earliest', headers = {}) {
  const path = `/api/v1/stream?snapshot=false&topics=${encodeURIComponent(`${topics},end/mark`)}`;
  const stream = await EventStream.open(server, `${path}&since=${cursor}`, { headers });
  // The mark is behind all that was there before.
  const [mark] = await publish(server, { topic: 'end/mark', data: 0, type: 'mark' });
  const records = [];
  let gap;
  for (;;) {
    const block = await stream.next('the mark', (each) => each.data !== undefined);
    if (block.id === mark && block.event === 'mark') break;
    if (block.event === 'gap') gap = payload(block);
    if (named('hello', 'heartbeat', 'gap', 'mark')(block)) continue;
    const { topic, data } = payload(block);
    records.push({ id: block.id, topic, data });
  }
  stream.close();
  return Object.assign(records, { gap, mark });
}
