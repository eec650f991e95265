// Real clients: the npm package eventsource, curl, and what all of them see when the server stops.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { EventSource } from 'eventsource';

import { run } from './harness/command.mjs';
import { RawClient, readAnswer, requestText } from './harness/raw.mjs';
import { Server, serve } from './harness/server.mjs';
import { isPrice, openStream } from './harness/sse.mjs';
import { inTime, until } from './harness/until.mjs';

describe('eventsource', () => {
  test('receives prices as JSON', async (t) => {
    const server = await serve(t, []);
    const source = new EventSource(`${server.url}/stream?symbols=BTC&interval=50ms`);
    t.after(() => source.close());
    const prices = [];
    source.onmessage = (message) => prices.push(JSON.parse(message.data));
    await until('five prices', () => prices.length >= 5);
    assert.equal(source.readyState, EventSource.OPEN);
    for (const { asset, price } of prices) {
      assert.equal(asset, 'BTC');
      assert.equal(typeof price, 'number');
    }
  });

  test('comes back by itself when the server was restarted', async (t) => {
    const args = ['--set', 'server.drain_s=1', '--set', 'sse.retry_ms=100,200'];
    const first = await Server.start(args);
    const source = new EventSource(`${first.url}/stream?interval=50ms`);
    t.after(() => source.close());
    const seen = { prices: 0, drains: [], opens: 0, refused: 0 };
    source.onopen = () => seen.opens++;
    source.onmessage = () => seen.prices++;
    source.onerror = ({ code }) => {
      if (code !== undefined && code !== 200) seen.refused++;
    };
    source.addEventListener('drain', (event) => seen.drains.push(JSON.parse(event.data)));
    await until('prices', () => seen.prices > 0);

    await first.stop();
    await until('drain', () => seen.drains.length === 1);
    assert.ok(Number.isInteger(seen.drains[0].after_ms));

    const second = await first.again();
    t.after(() => second.stop());
    const before = seen.prices;
    await until('prices of the second server', () => seen.opens === 2 && seen.prices > before);
    assert.equal(seen.refused, 0);
  });

  test('gives up on an unknown symbol', async (t) => {
    const server = await serve(t, ['--source', 'none']);
    const source = new EventSource(`${server.url}/sse/NOPE`);
    t.after(() => source.close());
    const error = await inTime('error', new Promise((resolve) => (source.onerror = resolve)));
    assert.equal(error.code, 404);
    assert.equal(source.readyState, EventSource.CLOSED);
  });
});

describe('curl', () => {
  test('reads events for as long as it likes', async (t) => {
    const server = await serve(t, []);
    const { status, stdout } = await run('curl', [
      '-sSN',
      '--max-time',
      '5',
      `${server.url}/stream?interval=50ms`,
    ]);
    assert.equal(status, 28, 'curl stopped by its own time limit');
    assert.match(stdout, /^retry: \d+\n\ndata: \{"asset":/);
    assert.ok(stdout.match(/^data: /gm).length > 5, stdout);
  });

  test('speaks HTTP/1.0, and sees the headers of a stream', async (t) => {
    const server = await serve(t, ['--source', 'none']);
    const old = await run('curl', ['-sSN0i', '--max-time', '5', `${server.url}/sse`]);
    assert.match(old.stdout, /^HTTP\/1\.[01] 200 /);
    assert.match(old.stdout, /\r\n\r\nretry: \d+\n\ndata: The current time is /);
    const head = await run('curl', ['-sSI', `${server.url}/stream`]);
    assert.equal(head.status, 0);
    assert.match(head.stdout, /content-type: text\/event-stream; charset=utf-8\r\n/i);
  });

  test('loads a plain answer', async (t) => {
    const server = await serve(t, ['--source', 'none']);
    const { status, stdout } = await run('curl', ['-sS', '--fail', `${server.url}/healthz`]);
    assert.equal(status, 0);
    assert.ok(stdout.length > 0);
  });
});

describe('drain', () => {
  const DRAIN_S = 4;

  test('each stream is told when to return, each another time, and ends cleanly', async (t) => {
    const server = await Server.start(['--set', `server.drain_s=${DRAIN_S}`]);
    const paths = [
      '/stream',
      '/stream?interval=0',
      '/sse',
      '/sse/AAPL',
      '/stream?symbols=BTC&interval=10s',
    ];
    const streams = [];
    for (let i = 0; i < 15; ++i) streams.push(await openStream(t, server, paths[i % paths.length]));
    const old = await openStream(t, server, '/stream', { version: '1.0' });
    for (const stream of [...streams, old]) {
      assert.equal((await stream.next('retry')).event, undefined);
    }
    const idle = await RawClient.connect(server.port);
    idle.send(requestText(server.port, { path: '/healthz' }));
    assert.equal((await readAnswer(idle)).status, 200);

    await server.stop(); // asserts exit status 0

    const retries = [];
    for (const stream of [...streams, old]) {
      const blocks = await stream.rest();
      assert.ok(stream.endedCleanly, `${stream.head.version}: last bytes are the end of the body`);
      const at = blocks.findIndex((block) => block.event === 'drain');
      assert.ok(at >= 0, `a drain event in ${JSON.stringify(blocks)}`);
      const last = blocks.slice(at);
      assert.ok(!last.some(isPrice), 'nothing but the farewell follows');
      const { after_ms } = JSON.parse(last[0].data);
      const { retry } = last.find((block) => block.retry !== undefined);
      for (const ms of [after_ms, retry]) assert.ok(ms >= 500 && ms <= DRAIN_S * 1000, `${ms}`);
      assert.equal(last[0].id, undefined);
      retries.push(retry);
    }
    assert.ok(new Set(retries).size > 8, `spread: ${retries}`);
    await idle.takeAll();
    assert.equal(idle.reset, false);
    idle.close();
    await assert.rejects(RawClient.connect(server.port), /ECONNREFUSED/);
  });

  test('a stream asked for in the middle of it is told the same', async (t) => {
    const server = await Server.start(['--set', 'server.drain_s=2']);
    const witness = await openStream(t, server, '/sse/AAPL?interval=10s');
    const late = await RawClient.connect(server.port);
    t.after(() => late.close());
    // Behind a whole request, so that the answer shows that the half one has come too.
    const stream = requestText(server.port, { path: '/stream' });
    late.send(requestText(server.port, { path: '/healthz' }) + stream.slice(0, 20));
    assert.equal((await readAnswer(late)).status, 200);

    const stopped = server.stop();
    await witness.next('drain', (block) => block.event === 'drain');
    late.send(stream.slice(20));
    const answer = await readAnswer(late);
    assert.equal(answer.status, 200);
    assert.match(answer.text, /^event: drain\ndata: \{"after_ms":\d+\}\n\nretry: \d+\n\n$/);
    await stopped;
  });

  test('a client that does not read cannot hold up the end', async (t) => {
    const server = await Server.start(['--set', 'server.drain_s=0.5', '--set', 'market.rate=4000']);
    const stuck = await openStream(t, server, '/stream?interval=0');
    stuck.client.pause();
    const other = await openStream(t, server, '/stream?interval=0');
    // What the other reads in the meantime fills the buffers of the one that does not.
    while (other.bytesRead < 6_000_000) await other.next('price', isPrice);
    other.close();
    await server.stop();
  });
});
