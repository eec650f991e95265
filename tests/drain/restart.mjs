// A restart under many subscribers: when they come back, and whether they have missed anything.

import assert from 'node:assert/strict';

import { publish } from '../harness/api.mjs';
import { Server } from '../harness/server.mjs';
import { until } from '../harness/until.mjs';
import { Client } from './client.mjs';
import { Histogram } from './histogram.mjs';

const TOPIC = 'drain/records';
const PER_ADDRESS = 5000;
const CONNECTING = 200;
const WITHIN_MS = 60_000;
const RECORDS = 20; // before the restart, while they return, and after

class Crowd {
  constructor(port, count) {
    Object.assign(this, { opened: 0, listening: 0, refused: 0, away: 0 });
    this.restart = undefined; // {began, told, attempts, arrivals} from SIGTERM on
    const path = `/api/v1/stream?topics=${TOPIC}`;
    this.clients = Array.from(
      { length: count },
      (_, i) => new Client(port, path, `127.3.0.${1 + Math.floor(i / PER_ADDRESS)}`, this),
    );
  }

  async begin() {
    await until(
      () => `${this.listening} of ${this.clients.length} listen`,
      () => {
        const most = Math.min(this.clients.length, this.listening + CONNECTING);
        while (this.opened < most) this.clients[this.opened++].open();
        return this.listening === this.clients.length;
      },
      { within: WITHIN_MS, every: 1 },
    );
  }

  get #sinceRestart() {
    return performance.now() - this.restart.began;
  }

  /** One has its stream. */
  arrived() {
    ++this.listening;
    this.restart?.arrivals.add(this.#sinceRestart);
  }

  /** One connects again. */
  returning() {
    this.restart?.attempts.add(this.#sinceRestart);
  }

  /** `retryMs`: when it will connect again, as it was told. */
  ended(listened, retryMs) {
    if (listened) {
      --this.listening;
      this.restart?.told.add(retryMs);
    } else {
      ++this.refused;
    }
  }

  expectRestart() {
    this.restart = {
      began: performance.now(),
      told: new Histogram(),
      attempts: new Histogram(),
      arrivals: new Histogram(),
    };
  }

  get faults() {
    return this.clients.flatMap(({ faults }, i) => faults.map((fault) => `client ${i}: ${fault}`));
  }

  behind(n) {
    return this.clients.filter(({ latest }) => latest < n).length;
  }

  close() {
    for (const client of this.clients) client.close();
  }
}

/** {told, attempts, arrivals, downMs, refused, records}. Throws when somebody missed something. */
export async function restartUnder(subscribers, drainSeconds) {
  const settings = ['--source', 'none', '--set', 'limits.streams_per_address=0'];
  const drain = ['--set', `server.drain_s=${drainSeconds}`, '--set', 'log.level=warning'];
  let server = await Server.start([...settings, ...drain], { quiet: true });
  const crowd = new Crowd(server.port, subscribers);
  let n = 0;
  const records = async () => {
    for (let i = 0; i < RECORDS; ++i) await publish(server, { topic: TOPIC, data: { n: n++ } });
  };
  const allHave = () =>
    until(
      () => `${crowd.behind(n - 1)} of ${subscribers} have not got record ${n - 1}`,
      () => crowd.behind(n - 1) === 0,
      { within: WITHIN_MS, every: 50 },
    );
  try {
    await crowd.begin();
    await records();
    await allHave();

    crowd.expectRestart();
    await server.stop();
    server = await server.again();
    const downMs = performance.now() - crowd.restart.began;
    const back = crowd.listening;
    await records(); // most are not back yet: these they get by resume
    await until(
      () => `${crowd.listening} of ${subscribers} are back`,
      () => crowd.listening === subscribers,
      { within: WITHIN_MS + 2000 * drainSeconds, every: 50 },
    );
    await records();
    await allHave();
    assert.deepEqual(crowd.faults.slice(0, 5), [], 'nobody misses a record or is told wrongly');
    const { told, attempts, arrivals } = crowd.restart;
    return { told, attempts, arrivals, downMs, refused: crowd.refused, records: n, back };
  } finally {
    crowd.close();
    if (server.running) await server.stop();
  }
}
