// Coming back to a channel: resume, gaps, and what a fresh client is shown at once.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { publishLines, tell } from './harness/api.mjs';
import { CHANNELS, inside, joinChannel, openChannel, step } from './harness/channel.mjs';
import { Server, restart, serve } from './harness/server.mjs';
import { EventStream, named, payload } from './harness/sse.mjs';
import { until } from './harness/until.mjs';

const QUIET = ['--source', 'none', '--set', 'server.drain_s=0.5'];

let server;
before(async () => (server = await Server.start(QUIET)));
after(() => server.stop());

test('by header or by query, the rest comes once, in order, then what is new', async (t) => {
  const ids = [];
  for (let n = 0; n < 5; ++n) ids.push(await tell(server, 'training', step('resume', n)));
  const cursors = [
    { headers: { 'Last-Event-ID': ids[1] } },
    { query: `?last_event_id=${ids[1]}` },
    { query: `?Last-Event-ID=${ids[1]}` },
    { query: `?since=${ids[1]}` },
  ];
  for (const cursor of cursors) {
    const stream = await openChannel(t, server, 'training', cursor);
    const greeting = await stream.next('connected');
    assert.equal(greeting.event, 'connected');
    const replayed = await stream.take('replay', ids.length - 2);
    assert.deepEqual(
      replayed.map((block) => [block.event, block.id]),
      ids.slice(2).map((id) => ['training_progress', id]),
    );
    assert.deepEqual(inside(replayed[0]), step('resume', 2));

    const fresh = await tell(server, 'training', step('fresh', 1));
    assert.equal((await stream.next('live')).id, fresh, 'no copies, no duplicates');
    ids.push(fresh);

    // Whoever saw nothing but the greeting has missed all the same.
    const again = await joinChannel(t, server, 'training', {
      headers: { 'Last-Event-ID': greeting.id },
    });
    assert.equal((await again.next('replay')).id, ids[2]);
  }
});

test('an id of one channel is good on another', async (t) => {
  const before = await tell(server, 'training', step('x', 1));
  const alert = await tell(server, 'alerts', CHANNELS.alerts);
  const stream = await joinChannel(t, server, 'alerts', { headers: { 'Last-Event-ID': before } });
  assert.equal((await stream.next('the alert')).id, alert);
});

for (const [reason, cursorFrom] of [
  ['malformed', () => 'no-such-thing'],
  ['unknown_epoch', (id) => id.replace(/^.*-/, 'zzzzzzzz-')],
  ['future', (id) => id.replace(/\d+$/, (seq) => String(Number(seq) + 1000))],
]) {
  test(`a cursor that is ${reason} is told as a gap in the envelope; live goes on`, async (t) => {
    const here = await tell(server, 'training', step('gap', 1));
    const cursor = cursorFrom(here);
    const stream = await joinChannel(t, server, 'training', {
      headers: { 'Last-Event-ID': cursor },
    });
    const block = await stream.next('gap');
    assert.equal(block.event, 'gap');
    assert.equal(block.id, here, 'it goes on at the head');
    const gap = { reason, requested: cursor, resumed_at: here, missed: null };
    assert.deepEqual(inside(block), gap);
    const next = await tell(server, 'training', step('gap', 2));
    assert.equal((await stream.next('live')).id, next);
  });
}

test('an expired cursor goes on with the oldest that is kept', async (t) => {
  const small = ['--set', 'tape.ring=1024', '--set', 'tape.keep_records=2000'];
  const own = await serve(t, [...QUIET, ...small]);
  const first = await tell(own, 'training', step('old', 1));
  const filler = Array.from({ length: 500 }, (_, n) => ({ topic: 'load/filler', data: n }));
  await until('the first record is kept no more', async () => {
    await publishLines(own, filler);
    const stream = await EventStream.open(own, `/api/v1/stream?topics=load/*&since=${first}`);
    const { resume } = payload(await stream.next('hello', named('hello')));
    stream.close();
    return resume === 'gap';
  });
  const kept = await tell(own, 'training', step('kept', 2));
  const stream = await joinChannel(t, own, 'training', { headers: { 'Last-Event-ID': first } });
  const block = await stream.next('gap');
  const { reason, requested, resumed_at } = inside(block);
  assert.deepEqual([reason, requested, resumed_at], ['expired', first, block.id]);
  assert.equal((await stream.next('what is kept')).id, kept);
});

test('a fresh client gets copies of unfinished tasks, also after a restart', async (t) => {
  const own = await Server.start(QUIET);
  for (const [task, progress, status] of [
    ['a', 1, 'started'],
    ['b', 2, 'queued'],
    ['c', 3, 'running'],
    ['a', 50, 'running'],
    ['c', 100, 'completed'],
    ['d', 10, 'failed'],
    ['e', 10, 'cancelled'],
  ])
    await tell(own, 'training', step(task, progress, status));
  const assertCopies = async (server) => {
    const stream = await joinChannel(t, server, 'training');
    const copies = await stream.take('copy', 2);
    for (const copy of copies) assert.deepEqual(Object.keys(copy).sort(), ['data', 'event']);
    assert.deepEqual(copies.map(inside), [step('b', 2, 'queued'), step('a', 50)]);
    const id = await tell(server, 'training', step('a', 60));
    assert.equal((await stream.next('live')).id, id, 'nothing between the copies and this');
    await tell(server, 'training', step('a', 50));
  };
  await assertCopies(own);
  await assertCopies(await restart(t, own));
});

test('a fresh client of alerts gets the newest 100, oldest first', async (t) => {
  const own = await serve(t, QUIET);
  const severities = ['low', 'medium', 'high', 'critical'];
  for (let n = 0; n < 105; ++n) {
    const alert = { alert_type: 'n', severity: severities[n % 4], message: String(n) };
    await tell(own, 'alerts', alert);
  }
  const stream = await joinChannel(t, own, 'alerts');
  const copies = await stream.take('copy', 100);
  assert.ok(copies.every((copy) => copy.id === undefined));
  const numbers = copies.map((copy) => Number(inside(copy).message));
  assert.deepEqual(
    numbers,
    Array.from({ length: 100 }, (_, n) => n + 5),
  );
});
