// What a server holds: memory, descriptors, connections. After an abuse it must be as before.

import { readdirSync } from 'node:fs';

import { metric } from '../harness/metrics.mjs';
import { until } from '../harness/until.mjs';

const MIB = 2 ** 20;
const DESCRIPTORS = 8; // files that its stores and jobs have opened meanwhile
const WITHIN_MS = 60_000;

export async function levelsOf(server) {
  return {
    resident: server.residentBytes(),
    descriptors: readdirSync(`/proc/${server.child.pid}/fd`).length,
    connections: await metric(server, 'livetape_http_connections'),
  };
}

/** How long it takes until all is back, in ms. Throws when it takes too long. */
export async function returned(server, before, allowanceMib) {
  const began = performance.now();
  let now;
  const mib = (bytes) => (bytes / MIB).toFixed(1);
  const told = () =>
    `levels return: ${mib(before.resident)} to ${mib(now.resident)} MiB (${allowanceMib} allowed), ` +
    `${before.descriptors} to ${now.descriptors} descriptors, ` +
    `${before.connections} to ${now.connections} connections`;
  await until(
    told,
    async () => {
      now = await levelsOf(server);
      return (
        now.resident <= before.resident + allowanceMib * MIB &&
        now.descriptors <= before.descriptors + DESCRIPTORS &&
        now.connections <= before.connections
      );
    },
    { within: WITHIN_MS, every: 100 },
  );
  return { ms: performance.now() - began, after: now };
}
