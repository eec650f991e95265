// One abuse of one fresh server, with the healthy beside it: before, during and after.

import assert from 'node:assert/strict';
import os from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

import { request } from '../harness/raw.mjs';
import { Server } from '../harness/server.mjs';
import { PATIENCE_MS, until } from '../harness/until.mjs';
import { ABUSES } from './abuses.mjs';
import { Helper } from './helper.mjs';
import { levelsOf, returned } from './levels.mjs';

const SUBSCRIBERS = 20;
const ATTACK_WITHIN_MS = 300_000;
const PROBE_MS = 250;
// Records that the healthy are watched for before and after: time is what is measured there.
const CALM_RECORDS = { full: 200, small: 10 };

const set = (...values) => values.flatMap((value) => ['--set', value]);
// A small ring and tape, so that the level of memory does not grow with records that are kept.
const SETTINGS = [
  ...['--source', 'none'],
  ...set('tape.ring=4096', 'tape.keep_records=50000', 'log.level=warning', 'jobs.workers=1'),
];

/** Server and clients on different cores, where time is judged and there are two. */
const pins = (scale) =>
  scale === 'full' && os.availableParallelism() > 1
    ? [
        ['taskset', '-c', '0'],
        ['taskset', '-c', '1'],
      ]
    : [[], []];

export const quantile = (sorted, share) =>
  sorted.length ? sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] : NaN;

/** Asks for /healthz all the while, and looks at the memory. */
class Watch {
  slowestMs = 0;
  peak = 0;

  constructor(server) {
    this.server = server;
    this.over = false;
    this.done = this.#run();
    this.done.catch(() => {}); // told when it is stopped
  }

  async #run() {
    while (!this.over) {
      const began = performance.now();
      const { status } = await request(this.server, '/healthz');
      assert.equal(status, 200, '/healthz');
      this.slowestMs = Math.max(this.slowestMs, performance.now() - began);
      this.peak = Math.max(this.peak, this.server.residentBytes());
      await pause(PROBE_MS);
    }
  }

  async stop() {
    this.over = true;
    await this.done;
  }
}

/** What was seen; throws when something did not hold. */
export async function perform(name, scale) {
  const abuse = ABUSES[name];
  const [onServerCore, onClientCore] = pins(scale);
  const server = await Server.start([...SETTINGS, ...(abuse.settings ?? [])], { wrapper: onServerCore });
  const healthy = new Helper('./healthy.mjs', onClientCore);
  const attacker = new Helper('./attack.mjs', onClientCore);
  try {
    return await act({ name, scale, abuse, server, healthy, attacker });
  } finally {
    await Promise.all([healthy.end(), attacker.end()]);
    if (server.running) await server.stop();
  }
}

async function act({ name, scale, abuse, server, healthy, attacker }) {
  const ask = async (message) => {
    const answer = await healthy.ask(message, 2 * PATIENCE_MS);
    if (answer.error) throw new Error(answer.error);
    return answer;
  };
  const calm = async () => {
    const { records } = await ask({ command: 'phase' });
    const enough = async () => (await progress()) >= records + CALM_RECORDS[scale];
    const latencies = [];
    const progress = async () => {
      const answer = await ask({ command: 'phase' });
      latencies.push(...answer.latencies);
      return answer.records;
    };
    await until('the healthy publish', enough, { within: 3 * PATIENCE_MS, every: 100 });
    return latencies.sort((a, b) => a - b);
  };

  await ask({ command: 'begin', port: server.port, count: SUBSCRIBERS });
  const before = await calm();
  const levels = await levelsOf(server);

  const watch = new Watch(server);
  const began = performance.now();
  const attack = await attacker.ask({ name, scale, port: server.port }, ATTACK_WITHIN_MS);
  const seconds = (performance.now() - began) / 1000;
  await watch.stop();
  if (attack.error) throw new Error(attack.error);
  const during = (await ask({ command: 'phase' })).latencies;

  const back = await returned(server, levels, abuse.allowanceMib);
  const after = await calm();
  const { faults, records, refused } = await ask({ command: 'finish' });
  assert.deepEqual(faults, [], 'no healthy subscriber is cut, slowed or misses a record');
  assert.ok(server.running, 'the server lives');
  return {
    ...{ seconds, counts: attack.counts, records, refused },
    p99: [before, during, after].map((latencies) => quantile(latencies, 0.99)),
    p50: [before, during, after].map((latencies) => quantile(latencies, 0.5)),
    slowestHealthMs: watch.slowestMs,
    resident: { before: levels.resident, peak: watch.peak, after: back.after.resident },
    returnedMs: back.ms,
  };
}
