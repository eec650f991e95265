// Clients that stop reading: they are told what they missed, others notice nothing, and the
// server's memory does not grow with what they did not take.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { metric } from './harness/metrics.mjs';
import { request } from './harness/raw.mjs';
import { serve } from './harness/server.mjs';
import { isPrice, openStream } from './harness/sse.mjs';
import { until } from './harness/until.mjs';

const SYMBOLS = Array.from({ length: 100 }, (_, i) => `SYM${i}`);
const BUSY = ['--set', `market.symbols=${SYMBOLS}`, '--set', 'market.rate=100'];
const MIB = 1024 * 1024;

/** Reads a stream without pause and checks that no symbol ever goes back in time. */
class Reader {
  constructor(stream) {
    this.stream = stream;
    this.newest = new Map(); // timestamp by symbol
    this.latest = ''; // timestamp of any
    this.others = []; // blocks that are not prices
    this.prices = 0;
  }

  async readUntil(what, done) {
    while (!done()) {
      const block = await this.stream.next(what);
      if (!isPrice(block)) {
        this.others.push(block);
        continue;
      }
      const { asset, timestamp } = JSON.parse(block.data);
      const before = this.newest.get(asset) ?? '';
      assert.ok(timestamp >= before, `${asset}: ${timestamp} after ${before}`);
      this.newest.set(asset, timestamp);
      if (timestamp > this.latest) this.latest = timestamp;
      this.prices++;
    }
  }
}

describe('a client that stops reading', () => {
  test('is told what it skipped, then sees the newest; others are untouched', async (t) => {
    const server = await serve(t, BUSY);
    // How much is sent is seen on a reader of everything, which on a busy machine may itself fall
    // behind. The one that must notice nothing takes little: its socket never fills.
    const all = new Reader(await openStream(t, server, '/stream?interval=0'));
    const calm = new Reader(await openStream(t, server, `/stream?symbols=${SYMBOLS[0]}&interval=1s`));
    const stuck = [];
    for (let i = 0; i < 20; ++i)
      stuck.push(new Reader(await openStream(t, server, '/stream?interval=0')));
    for (const { stream } of stuck) await stream.next('retry');
    const [slow] = stuck;
    await slow.readUntil('all symbols once', () => slow.newest.size === SYMBOLS.length);
    await all.readUntil('all symbols once', () => all.newest.size === SYMBOLS.length);
    await calm.readUntil('a price', () => calm.prices > 0);
    for (const { stream } of stuck) stream.client.pause();

    const memory = server.residentBytes();
    const enough = all.stream.bytesRead + 8 * MIB; // more than a socket's buffers hold
    await all.readUntil('8 MiB of prices', () => all.stream.bytesRead > enough);
    const grown = server.residentBytes() - memory;
    assert.ok(grown < 24 * MIB, `20 stuck clients cost ${grown} bytes`);

    const resumedAt = all.latest;
    slow.stream.client.resume();
    await slow.readUntil('event: slow', () => slow.others.some((block) => block.event === 'slow'));
    const told = slow.others.find((block) => block.event === 'slow');
    assert.deepEqual(Object.keys(told).sort(), ['data', 'event']);
    const { skipped, ...rest } = JSON.parse(told.data);
    assert.ok(Number.isInteger(skipped) && skipped > 0, told.data);
    assert.deepEqual(rest, {});
    await slow.readUntil('newest of every symbol', () =>
      SYMBOLS.every((symbol) => slow.newest.get(symbol) > resumedAt),
    );

    const more = all.prices + 2000;
    await all.readUntil('prices go on', () => all.prices > more);
    await calm.readUntil('prices of that time', () => calm.latest > resumedAt);
    const complaints = calm.others.filter((block) => block.event !== undefined);
    assert.deepEqual(complaints, [], 'the healthy client was told nothing');
    assert.equal((await request(server, '/healthz')).status, 200);
  });

  test('is closed after 30 s without progress', async (t) => {
    const server = await serve(t, BUSY);
    const stuck = await openStream(t, server, '/stream?interval=0');
    await stuck.next('retry');
    stuck.client.pause();
    assert.equal(await metric(server, 'livetape_streams_open'), 1);
    await until(
      'the stuck stream is gone',
      async () => (await metric(server, 'livetape_streams_open')) === 0,
      { within: 90_000, every: 500 },
    );

    stuck.client.resume();
    await assert.doesNotReject(stuck.rest().catch(() => {})); // whatever the kernel still held
    assert.equal(stuck.endedCleanly, false, 'it was cut, not ended');
  });
});
