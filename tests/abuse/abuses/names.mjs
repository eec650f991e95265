// As many different names as can be made up: topics that are published, keys of state, patterns of
// streams.

import assert from 'node:assert/strict';

import { closed, connect, crowd, requestOf, statusOf, statusOn } from '../sockets.mjs';

const NDJSON = { 'Content-Type': 'application/x-ndjson' };
const BATCH = 5000;
const PATTERNS = 100; // of a stream, at most
const STREAMS = 100; // of an address, at most
const long = (...parts) => `${parts.join('-')}-${'n'.repeat(90)}`;

async function publishing(port, act) {
  const socket = await connect(port);
  await act((items) => {
    const body = items.map((item) => `${JSON.stringify(item)}\n`).join('');
    return statusOn(socket, requestOf(port, 'POST', '/api/v1/publish', NDJSON, body));
  });
  socket.destroy();
}

const batchFrom = (first, itemOf) => Array.from({ length: BATCH }, (_, i) => itemOf(first + i));

async function manyTopics(port, { topics }, tally) {
  await publishing(port, async (publish) => {
    for (let n = 0; n < topics; n += BATCH) {
      const status = await publish(batchFrom(n, (i) => ({ topic: `abuse/t${i}`, data: i })));
      // 503 says: later.
      if (status === 503) n -= BATCH;
      else assert.equal(status, 200);
      tally.add(status === 200 ? 'topics' : 'answered 503', status === 200 ? BATCH : 1);
    }
    const nine = await publish([{ topic: 'a/b/c/d/e/f/g/h/i', data: 1 }]);
    assert.equal(nine, 422, 'nine segments');
    assert.equal(await publish([{ topic: `abuse/${'x'.repeat(129)}`, data: 1 }]), 422);
    assert.equal(await publish(Array(10_001).fill({ topic: 'abuse/x', data: 1 })), 413);
  });
}

/** Fills the table of state (the server has a key of its own), is refused beyond it, and leaves nothing. */
async function manyKeys(port, { keys, over }, tally) {
  const item = (data) => (i) => ({ topic: `abuse/k${i}`, class: 'state', data });
  await publishing(port, async (publish) => {
    for (let n = 0; n < keys; n += BATCH) {
      const status = await publish(batchFrom(n, item(n)));
      assert.equal(status, 200, `after ${n} keys`);
      tally.add('keys', BATCH);
    }
    for (let n = 0; n < over; ++n) {
      assert.equal(await publish(batchFrom(keys, item(n))), 507);
      tally.add('answered 507');
    }
    for (let n = 0; n < keys; n += BATCH) {
      assert.equal(await publish(batchFrom(n, item(null))), 200);
    }
  });
}

async function stream(port, index, patterns) {
  const topics = encodeURIComponent(patterns.join(','));
  const socket = await connect(port, index);
  const request = requestOf(port, 'GET', `/api/v1/stream?topics=${topics}`);
  return { socket, status: await statusOn(socket, request) };
}

/** Streams of 100 patterns each that nobody has used before, over and over. */
async function manyPatterns(port, { streams, addresses }, tally) {
  const patternsOf = (s) => Array.from({ length: PATTERNS }, (_, i) => `${long('p', s, i)}/*`);
  const open = [];
  const closeAll = async () => {
    const ends = open.map((socket) => closed(socket));
    for (const socket of open.splice(0)) socket.destroy();
    await Promise.all(ends);
  };
  for (let done = 0; done < streams; done += addresses * STREAMS) {
    await crowd(Math.min(addresses * STREAMS, streams - done), 20, async (i) => {
      const { socket, status } = await stream(port, i % addresses, patternsOf(done + i));
      // Those of the round before may still be there for a moment.
      assert.ok(status === 200 || status === 429, `a stream of 100 patterns: ${status}`);
      tally.add(status === 200 ? 'patterns' : 'answered 429', status === 200 ? PATTERNS : 1);
      open.push(socket);
    });
    await closeAll();
  }
  const tooMany = await stream(port, addresses, Array.from({ length: PATTERNS + 1 }, (_, i) => `a${i}/*`));
  const tooLong = await stream(port, addresses, [['x', 'y', 'z'].map((c) => c.repeat(100)).join('/')]);
  assert.deepEqual([tooMany.status, tooLong.status], [422, 422]);
  open.push(tooMany.socket, tooLong.socket);
  for (let i = 0; i < STREAMS; ++i) open.push((await stream(port, addresses, ['a/*'])).socket);
  const over = requestOf(port, 'GET', '/api/v1/stream?topics=a/*');
  assert.equal(await statusOf(port, over, addresses), 429, 'the 101st stream of an address');
  await closeAll();
}

/** Streams of 100 patterns with one beginning, under which there are many keys, and records to it. */
async function manyUnderOne(port, { keys, streams, addresses, records }, tally) {
  const open = [];
  await publishing(port, async (publish) => {
    for (let n = 0; n < keys; n += BATCH) {
      const item = (i) => ({ topic: `one/k${i}`, class: 'state', data: i });
      assert.equal(await publish(batchFrom(n, item)), 200, `after ${n} keys`);
    }
    const patternsOf = (s) => Array.from({ length: PATTERNS }, (_, i) => `one/*/${s}-${i}`);
    await crowd(streams, 20, async (i) => {
      const { socket, status } = await stream(port, i % addresses, patternsOf(i));
      assert.equal(status, 200, 'a stream of 100 patterns');
      tally.add('patterns', PATTERNS);
      open.push(socket);
    });
    for (let n = 0; n < records; n += BATCH) {
      const status = await publish(batchFrom(n, (i) => ({ topic: 'one/k', data: i })));
      if (status === 503) n -= BATCH;
      tally.add(status === 200 ? 'records' : 'answered 503', status === 200 ? BATCH : 1);
    }
    for (let n = 0; n < keys; n += BATCH) {
      const item = (i) => ({ topic: `one/k${i}`, class: 'state', data: null });
      assert.equal(await publish(batchFrom(n, item)), 200);
    }
  });
  const ends = open.map((socket) => closed(socket));
  for (const socket of open) socket.destroy();
  await Promise.all(ends);
}

export const abuses = {
  topics: {
    about: 'a topic of its own for every record',
    full: { topics: 1_000_000 },
    small: { topics: 50_000 },
    allowanceMib: 24, // the ring of records is full now
    attack: manyTopics,
  },
  keys: {
    about: 'as many keys of state as there may be, and more; then all are deleted',
    full: { keys: 995_000, over: 20 },
    small: { keys: 50_000, over: 0 },
    allowanceMib: 160, // the table keeps its places, and 65,536 deletions
    attack: manyKeys,
  },
  patterns: {
    about: 'streams of 100 patterns that nobody else uses, over and over',
    full: { streams: 10_000, addresses: 10 },
    small: { streams: 100, addresses: 1 },
    allowanceMib: 24,
    attack: manyPatterns,
  },
  'one-beginning': {
    about: 'streams of 100 patterns under one beginning, among many keys and records that match none',
    full: { keys: 200_000, streams: 500, addresses: 5, records: 200_000 },
    small: { keys: 10_000, streams: 20, addresses: 1, records: 10_000 },
    allowanceMib: 96, // the ring of records is full, the table keeps its places and deletions
    attack: manyUnderOne,
  },
};
