// kill -9 at random moments: whatever was acknowledged is there once and in order, and whoever
// comes back with Last-Event-ID has seen each record once.
//
// CRASH_ROUNDS sets how often (50), CRASH_SEED repeats a run's choices.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { NDJSON, linesOf } from './harness/api.mjs';
import { readLog } from './harness/log.mjs';
import { randomFrom, seedFrom } from './harness/random.mjs';
import { RawClient, readAnswer, requestBytes } from './harness/raw.mjs';
import { Server } from './harness/server.mjs';
import { EventStream, payload } from './harness/sse.mjs';

const ROUNDS = Number(process.env.CRASH_ROUNDS ?? 50);
const SEED = seedFrom('CRASH_SEED');
const LIFE_MS = 120; // at most, of one process
const PUBLISHERS = 4;
const LINES_MAX = 20;

/**
 * Publishes numbered batches to its own topic, one request after the other on one connection. With
 * `keyed` a request whose answer was lost is sent again with the same Idempotency-Key; without, it
 * is given up and its outcome is unknown.
 */
class Publisher {
  constructor(name, random, keyed) {
    Object.assign(this, { name, random, keyed });
    this.topic = `crash/${name}`;
    this.next = 0;
    this.batches = []; // {from, to, ids: array when acknowledged}
  }

  #newBatch() {
    const from = this.next;
    this.next += 1 + Math.floor(this.random() * LINES_MAX);
    const batch = { from, to: this.next, ids: undefined };
    this.batches.push(batch);
    return batch;
  }

  async #send(client, port, batch) {
    const items = [];
    for (let n = batch.from; n < batch.to; ++n) items.push({ topic: this.topic, data: n });
    const key = this.keyed ? { 'Idempotency-Key': `${this.name}-${batch.from}` } : {};
    const body = linesOf(items);
    const headers = { ...NDJSON, ...key };
    client.send(requestBytes(port, { method: 'POST', path: '/api/v1/publish', headers, body }));
    const answer = await readAnswer(client);
    assert.equal(answer.status, 200, answer.text);
    batch.ids = answer.json().ids;
    assert.equal(batch.ids.length, items.length);
  }

  /** Publishes until the connection breaks; resolves then. */
  async work(server) {
    let client;
    try {
      client = await RawClient.connect(server.port);
      const unsure = this.batches.at(-1);
      if (this.keyed && unsure && !unsure.ids) await this.#send(client, server.port, unsure);
      while (server.running && !server.killed)
        await this.#send(client, server.port, this.#newBatch());
    } catch (error) {
      if (!server.killed) throw error;
    } finally {
      client?.close();
    }
  }

  /** Settles the last batch when the server lives again. */
  async settle(server) {
    const unsure = this.batches.at(-1);
    if (!this.keyed || !unsure || unsure.ids) return;
    const client = await RawClient.connect(server.port);
    await this.#send(client, server.port, unsure);
    client.close();
  }
}

/** Reads a pattern, and comes back with the last id it has seen. */
class Subscriber {
  constructor(topics) {
    this.path = `/api/v1/stream?topics=${topics}`;
    this.lastId = undefined;
    this.seen = [];
  }

  /** Reads until the stream breaks, or until it has seen `last`. */
  async work(server, last) {
    const headers = this.lastId === undefined ? {} : { 'Last-Event-ID': this.lastId };
    const path = this.lastId === undefined ? `${this.path}&since=earliest` : this.path;
    let stream;
    try {
      stream = await EventStream.open(server, path, { headers });
      while (last === undefined || this.lastId !== last) {
        const block = await stream.next('more', (each) => each.id !== undefined);
        assert.notEqual(block.event, 'gap', block.data);
        this.lastId = block.id;
        if (block.event === 'message') this.seen.push({ id: block.id, ...payload(block) });
      }
    } catch (error) {
      if (!server.killed) throw error;
    } finally {
      stream?.close();
    }
  }
}

function assertAsAcknowledged(publisher, log) {
  const numbers = new Map(log.map(({ id, data }) => [data, id]));
  assert.equal(numbers.size, log.length, `${publisher.name}: a number came twice`);
  for (let i = 1; i < log.length; ++i)
    assert.ok(log[i].data > log[i - 1].data, `${publisher.name}: ${log[i].data} out of order`);
  for (const { from, to, ids } of publisher.batches) {
    const kept = [];
    for (let n = from; n < to; ++n) if (numbers.has(n)) kept.push(numbers.get(n));
    if (ids) assert.deepEqual(kept, ids, `${publisher.name}: batch from ${from}`);
    else assert.ok([0, to - from].includes(kept.length), `half a batch from ${from}`);
    if (publisher.keyed) assert.ok(ids, `${publisher.name}: no answer for the batch from ${from}`);
  }
}

test(`${ROUNDS} crashes, seed ${SEED}`, async (t) => {
  t.diagnostic(`CRASH_SEED=${SEED} CRASH_ROUNDS=${ROUNDS}`);
  const random = randomFrom(SEED);
  const publishers = Array.from(
    { length: PUBLISHERS },
    (_, i) => new Publisher(`p${i}`, random, i % 2 === 0),
  );
  const subscribers = ['crash/*', 'crash/**', 'crash/p1'].map((topics) => new Subscriber(topics));
  const began = performance.now();
  let server = await Server.start(['--source', 'none']);
  for (let round = 0; round < ROUNDS; ++round) {
    const work = [...publishers, ...subscribers].map((each) => each.work(server));
    await pause(random() * LIFE_MS);
    await server.kill();
    await Promise.all(work);
    server = await server.again();
  }
  for (const publisher of publishers) await publisher.settle(server);
  const seconds = (performance.now() - began) / 1000;

  const log = await readLog(server, 'crash/*');
  const ids = log.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length, 'an id came twice');
  for (const publisher of publishers)
    assertAsAcknowledged(
      publisher,
      log.filter(({ topic }) => topic === publisher.topic),
    );
  for (const subscriber of subscribers) {
    const expected = log.filter(
      ({ topic }) => !subscriber.path.endsWith('/p1') || topic === 'crash/p1',
    );
    await subscriber.work(server, expected.at(-1)?.id);
    assert.deepEqual(
      subscriber.seen.map(({ id, data }) => [id, data]),
      expected.map(({ id, data }) => [id, data]),
      subscriber.path,
    );
  }
  await server.stop();
  const acknowledged = publishers.flatMap(({ batches }) => batches.filter(({ ids }) => ids)).length;
  assert.ok(acknowledged >= ROUNDS, `only ${acknowledged} requests were acknowledged`);
  t.diagnostic(
    `${log.length} records, ${acknowledged} acknowledged requests, ${seconds.toFixed(1)} s`,
  );
});
