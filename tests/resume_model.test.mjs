// Publishing, subscribing, leaving, coming back, slow reading, retention and crashes in a random
// order, against a model that is one array. LIFE_STEPS sets how many (600), LIFE_SEED repeats a run.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { publishLines } from './harness/api.mjs';
import { randomFrom, seedFrom } from './harness/random.mjs';
import { Server } from './harness/server.mjs';
import { EventStream, payload } from './harness/sse.mjs';
import { until } from './harness/until.mjs';

const STEPS = Number(process.env.LIFE_STEPS ?? 600);
const SEED = seedFrom('LIFE_SEED');
const TOPICS = ['life/a', 'life/b', 'life/c/d', 'other/a'];
const PATTERNS = {
  'life/*': (topic) => topic === 'life/a' || topic === 'life/b',
  'life/**': (topic) => topic.startsWith('life/'),
  'life/c/d': (topic) => topic === 'life/c/d',
  'other/*,life/a': (topic) => topic === 'other/a' || topic === 'life/a',
};
const WATCHERS_MAX = 12;
const CUT_AFTER_MS = 25_000; // the server's 30 s, less what its clock and ours may differ
const SMALL = ['tape.ring=1024', 'tape.keep_records=3000'].flatMap((each) => ['--set', each]);

/** All that was ever acknowledged, in order. */
class Model {
  records = []; // {id, topic}
  #places = new Map();

  add(id, topic) {
    this.#places.set(id, this.records.length);
    this.records.push({ id, topic });
  }

  /** How many records an id stands behind. */
  through(id) {
    const at = this.#places.get(id);
    if (at !== undefined) return at + 1;
    assert.match(id, /-0$/, `${id} was never acknowledged`);
    return 0;
  }
}

/** A client that checks each id it is sent, and can leave and come back. */
class Watcher {
  constructor(model, pattern) {
    Object.assign(this, { model, pattern, matches: PATTERNS[pattern] });
    this.through = undefined; // records of the model that are behind it
    this.lastId = undefined;
    this.gaps = 0;
    this.read = 0;
    this.mayBeCut = false; // it has not read for so long that the server gives it up
  }

  pause() {
    this.pausedAt = performance.now();
    this.stream.client.pause();
  }

  resume() {
    if (this.paused && performance.now() - this.pausedAt > CUT_AFTER_MS) this.mayBeCut = true;
    this.paused = false;
    this.stream.client.resume();
  }

  /** `from` is a cursor, or undefined to begin at the present. */
  async join(server, from = this.lastId) {
    const headers = from === undefined ? {} : { 'Last-Event-ID': from };
    if (from !== undefined) this.through = this.model.through(from);
    this.lastId = from;
    this.mayBeCut = false;
    const path = `/api/v1/stream?topics=${this.pattern}`;
    this.stream = await EventStream.open(server, path, { headers });
    this.reading = this.#read(server, this.stream);
  }

  async #read(server, stream) {
    try {
      for (;;) this.#check(await stream.next('more', ({ id }) => id !== undefined, 600_000));
    } catch (error) {
      if (error.code === 'ERR_ASSERTION') this.fault = error;
      else if (server.killed || stream !== this.stream) return;
      else if (this.mayBeCut)
        await this.join(server).catch((fault) => (this.fault = server.killed ? undefined : fault));
      else this.fault = error;
    }
  }

  #check(block) {
    // It stands at the gap that it announces, which is the next event.
    if (block.event === 'hello' && payload(block).resume === 'gap') return;
    const here = this.model.through(block.id);
    if (block.event === 'gap') {
      const { reason, resumed_at } = payload(block);
      assert.equal(reason, 'expired', block.data);
      assert.equal(resumed_at, block.id);
      assert.ok(here > this.through, 'a gap goes forward');
      this.gaps++;
    } else {
      this.through ??= here;
      const isRecord = block.event === 'message';
      const expected = this.#nextMatch();
      if (isRecord) assert.equal(block.id, this.model.records[expected]?.id, this.pattern);
      else assert.ok(expected >= here, `${block.event} ${block.id} passes over a record`);
      this.read += isRecord ? 1 : 0;
    }
    this.through = Math.max(this.through, here);
    this.lastId = block.id;
  }

  /** The place of the next record that it must be sent. */
  #nextMatch() {
    let at = this.through;
    while (at < this.model.records.length && !this.matches(this.model.records[at].topic)) ++at;
    return at;
  }

  get upToDate() {
    if (this.fault) throw this.fault;
    return this.through !== undefined && this.#nextMatch() === this.model.records.length;
  }

  async leave() {
    const { stream, reading } = this;
    this.stream = undefined;
    stream.close();
    await reading;
  }
}

test(`${STEPS} random steps, seed ${SEED}`, async (t) => {
  const random = randomFrom(SEED);
  const below = (count) => Math.floor(random() * count);
  const pick = (list) => list[below(list.length)];
  const model = new Model();
  const watchers = new Set();
  const all = [];
  let server = await Server.start(['--source', 'none', ...SMALL]);
  t.after(() => server.running && server.kill()); // or what has failed would wait for it

  const steps = {
    async publish() {
      const topics = Array.from({ length: 1 + below(120) }, () => pick(TOPICS));
      const items = topics.map((topic) => ({ topic, data: 'x'.repeat(below(200)) }));
      const known = publishLines(server, items).then((ids) =>
        ids.forEach((id, i) => model.add(id, topics[i])),
      );
      // Who reads sees a record before its publisher's answer has come here.
      for (const watcher of watchers) if (!watcher.paused) watcher.stream.client.pause();
      await known;
      for (const watcher of watchers) if (!watcher.paused) watcher.stream.client.resume();
    },
    async subscribe() {
      if (watchers.size >= WATCHERS_MAX) return;
      const watcher = new Watcher(model, pick(Object.keys(PATTERNS)));
      const past = random() < 0.5 ? pick(model.records)?.id : undefined;
      await watcher.join(server, past);
      watchers.add(watcher);
      all.push(watcher);
    },
    async leaveAndReturn() {
      const watcher = pick([...watchers]);
      if (!watcher || watcher.lastId === undefined) return;
      watchers.delete(watcher);
      await watcher.leave();
      watcher.paused = false;
      for (let n = below(30); n > 0; --n) await steps.publish();
      await watcher.join(server);
      watchers.add(watcher);
    },
    async leave() {
      const watcher = pick([...watchers]);
      if (!watcher) return;
      watchers.delete(watcher);
      await watcher.leave();
    },
    async pauseOrResume() {
      const watcher = pick([...watchers]);
      if (!watcher) return;
      if (watcher.paused) return watcher.resume();
      watcher.paused = true;
      watcher.pause();
    },
    async crash() {
      await server.kill();
      for (const { stream, reading } of watchers) {
        stream.client.resume();
        await reading;
      }
      server = await server.again();
      for (const watcher of watchers) {
        watcher.paused = false;
        await watcher.join(server);
      }
    },
  };
  const weights = { publish: 50, subscribe: 12, leaveAndReturn: 15, leave: 6, pauseOrResume: 15 };
  const bag = Object.entries(weights).flatMap(([name, weight]) => Array(weight).fill(name));
  bag.push('crash');

  const faultless = () => all.every((watcher) => !watcher.fault);
  for (let step = 0; step < STEPS && faultless(); ++step) await steps[pick(bag)]();
  for (const watcher of watchers) watcher.resume();
  await until('everybody is up to date', () => [...watchers].every((each) => each.upToDate));
  for (const watcher of watchers) await watcher.leave();
  for (const { fault } of all) if (fault) throw fault;
  await server.stop();
  const sum = (of) => all.reduce((total, watcher) => total + of(watcher), 0);
  t.diagnostic(
    `LIFE_SEED=${SEED}: ${model.records.length} records, ${all.length} watchers, ` +
      `${sum(({ read }) => read)} read, ${sum(({ gaps }) => gaps)} gaps`,
  );
});
