// How many streams one client address may hold, and what the next one is told.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { request } from './harness/raw.mjs';
import { serve } from './harness/server.mjs';
import { openStream } from './harness/sse.mjs';
import { until } from './harness/until.mjs';

const CURSORS = [
  { path: '/stream', headers: { 'Last-Event-ID': 'any' } },
  { path: '/stream?last_event_id=any' },
  { path: '/sse?since=any' },
];

async function assertRefused(server, path = '/stream') {
  const answer = await request(server, path);
  assert.equal(answer.status, 429);
  assert.equal(answer.headers.get('content-type'), 'application/problem+json');
  assert.equal(answer.json().status, 429);
  assert.match(answer.headers.get('retry-after'), /^[1-9]\d*$/);
}

async function assertSentAway(server, { path, headers }) {
  const answer = await request(server, path, { headers });
  assert.equal(answer.status, 200, 'a browser that comes back must not be told to give up');
  assert.equal(answer.headers.get('content-type'), 'text/event-stream; charset=utf-8');
  assert.equal(answer.headers.get('cache-control'), 'no-cache');
  assert.equal(answer.text, 'retry: 30000\n\n');
}

describe('streams of one address', () => {
  test('by default 100; the next is refused, one that comes back is sent away', async (t) => {
    const server = await serve(t, ['--source', 'none']);
    for (let i = 0; i < 100; ++i) {
      const stream = await openStream(t, server, i % 2 ? '/stream' : '/sse');
      assert.equal(stream.head.status, 200, `stream ${i + 1}`);
    }
    await assertRefused(server);
    for (const cursor of CURSORS) await assertSentAway(server, cursor);
    assert.equal((await request(server, '/healthz')).status, 200, 'only streams are limited');
  });

  test('a closed stream makes room; HEAD and refused requests take none', async (t) => {
    const server = await serve(t, ['--source', 'none', '--set', 'limits.streams_per_address=2']);
    for (let i = 0; i < 5; ++i) {
      assert.equal((await request(server, '/stream', { method: 'HEAD' })).status, 200);
      assert.equal((await request(server, '/stream?interval=bad')).status, 422);
      assert.equal((await request(server, '/sse/NOPE')).status, 404);
    }
    const first = await openStream(t, server, '/stream');
    const second = await openStream(t, server, '/stream');
    assert.deepEqual([first.head.status, second.head.status], [200, 200]);
    await assertRefused(server);
    await assertSentAway(server, CURSORS[0]);

    first.close();
    await until('room after a stream was closed', async () => {
      const stream = await openStream(t, server, '/stream');
      return stream.head.status === 200;
    });
  });

  test('each address has its own count', async (t) => {
    const server = await serve(t, ['--source', 'none', '--set', 'limits.streams_per_address=1']);
    assert.equal((await openStream(t, server, '/stream')).head.status, 200);
    await assertRefused(server);
    const other = await openStream(t, server, '/stream', { localAddress: '127.0.0.2' });
    assert.equal(other.head.status, 200);
  });

  test('0 is no limit', async (t) => {
    const server = await serve(t, ['--source', 'none', '--set', 'limits.streams_per_address=0']);
    for (let i = 0; i < 130; ++i) {
      assert.equal((await openStream(t, server, '/stream')).head.status, 200, `stream ${i + 1}`);
    }
  });
});
