// The native stream: any topics in one connection.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { publish, publishLines } from './harness/api.mjs';
import { MICROSECONDS_UTC } from './harness/channel.mjs';
import { metric } from './harness/metrics.mjs';
import { assertProblem } from './harness/problem.mjs';
import { request } from './harness/raw.mjs';
import { Server, serve } from './harness/server.mjs';
import { named, openStream, payload } from './harness/sse.mjs';
import { until } from './harness/until.mjs';

const QUIET = ['--source', 'none', '--set', 'server.drain_s=0.5'];

let server;
before(async () => (server = await Server.start(QUIET)));
after(() => server.stop());

/** A stream past its hello; `query` follows topics=. */
async function listen(t, topics, { query = '', headers, at = server } = {}) {
  const path = `/api/v1/stream?topics=${encodeURIComponent(topics)}${query}`;
  const stream = await openStream(t, at, path, { headers });
  assert.equal(stream.head.status, 200);
  assert.deepEqual(Object.keys(await stream.next('retry')), ['retry']);
  const hello = await stream.next('hello');
  stream.hello = payload(hello);
  stream.hello.id = hello.id;
  return stream;
}

const state = (topic, data, more = {}) => ({ topic, data, class: 'state', ...more });
const said = (block) => [block.event, payload(block).topic, payload(block).data];

describe('hello', () => {
  test('says the time, the head, and that it is live', async (t) => {
    const [id] = await publish(server, { topic: 'hello/a', data: 1 });
    const { hello } = await listen(t, 'hello/*');
    assert.match(hello.server_time, MICROSECONDS_UTC);
    assert.ok(Math.abs(Date.parse(hello.server_time) - Date.now()) < 10_000);
    assert.deepEqual([hello.head, hello.resume, hello.id], [id, 'live', id]);
  });

  test('says continuous where the cursor is good, and gap before a gap', async (t) => {
    const [id] = await publish(server, { topic: 'hello/b', data: 1 });
    const good = await listen(t, 'hello/*', { query: `&since=${id}` });
    assert.equal(good.hello.resume, 'continuous');
    const bad = await listen(t, 'hello/*', { query: '&since=x' });
    assert.equal(bad.hello.resume, 'gap');
    const gap = await bad.next('gap');
    assert.equal(gap.event, 'gap');
    assert.equal(gap.id, id);
    assert.deepEqual(payload(gap), {
      reason: 'malformed',
      requested: 'x',
      resumed_at: id,
      missed: null,
    });
  });
});

describe('topics', () => {
  const arrivals = [
    ['tree/a', ['tree/a', 'tree/*', 'tree/**', 'tree/b,tree/a']],
    ['tree/a/b', ['tree/**', 'tree/*/b', 'tree/a/*', 'tree/a/**']],
    ['tree/BTC%2FUSD', ['tree/BTC%2FUSD', 'tree/*']],
    ['tree/a.b_c:d@e~f|g+h-i', ['tree/a.b_c:d@e~f|g+h-i']],
  ];
  for (const [topic, patterns] of arrivals) {
    test(`${topic} comes by ${patterns.join(' and by ')}`, async (t) => {
      const streams = [];
      for (const pattern of patterns) streams.push(await listen(t, pattern));
      const [id] = await publish(server, { topic, type: 'leaf', data: { n: [1, 'ü'] } });
      for (const stream of streams) {
        const block = await stream.next('record');
        assert.deepEqual([block.id, block.event], [id, 'leaf']);
        const event = payload(block);
        assert.deepEqual(Object.keys(event), ['topic', 'type', 'time', 'data']);
        assert.deepEqual([event.topic, event.type, event.data], [topic, 'leaf', { n: [1, 'ü'] }]);
        assert.match(event.time, MICROSECONDS_UTC);
      }
    });
  }

  test('what does not match does not come', async (t) => {
    const stream = await listen(t, 'only/a,only/*/c,only/d/**');
    for (const topic of ['only/b', 'only', 'only/a/b', 'only/b/c/d', 'only/d', 'onlya/a'])
      await publish(server, { topic, data: 0 });
    const [id] = await publish(server, { topic: 'only/a', data: 1 });
    assert.equal((await stream.next('the match')).id, id);
  });

  test('types= selects', async (t) => {
    const stream = await listen(t, 'types/*', { query: '&types=fill,order' });
    const types = ['message', 'order', 'fills', 'fill'];
    const ids = await publish(
      server,
      types.map((type) => ({ topic: 'types/a', type, data: type })),
    );
    for (const at of [1, 3]) assert.equal((await stream.next('selected')).id, ids[at]);
  });

  test('a type that no event can have is refused', async () => {
    for (const types of ['a%20b', 'fill,caf%C3%A9', 't'.repeat(65)]) {
      const answer = await request(server, `/api/v1/stream?topics=types/*&types=${types}`);
      assertProblem(answer, 422);
      assert.match(answer.text, /types: each must be 1 to 64 bytes of A-Za-z0-9\._-/);
    }
  });

  const pattern = (bytes) => `a/${'b'.repeat(100)}/${'c'.repeat(bytes - 103)}`;
  test('100 patterns of 256 bytes are served', async (t) => {
    const many = Array.from({ length: 100 }, (_, n) => `many/${n}`);
    const stream = await listen(t, many.join());
    const [id] = await publish(server, { topic: 'many/99', data: 0 });
    assert.equal((await stream.next('the last of them')).id, id);
    await listen(t, `${pattern(230)},${'x/'.repeat(7)}*`);
  });

  for (const [what, topics] of [
    ['101 patterns', Array.from({ length: 101 }, (_, n) => `many/${n}`).join()],
    ['257 bytes', 'a/'.repeat(7) + 'b'.repeat(257 - 14)],
    ['nine segments', `${'a/'.repeat(8)}a`],
    ['** before the end', 'a/**/b'],
    ['an empty segment', 'a//b'],
    ['a slash in front', '/a'],
    ['a star inside a segment', 'a/b*'],
    ['a space', 'a/b c'],
    ['a line break', 'a/b\nc'],
    ['NUL', 'a/\0'],
    ['broken escapes', 'a/%zz'],
  ]) {
    test(`${what}: refused, naming topics`, async () => {
      const answer = await request(server, `/api/v1/stream?topics=${encodeURIComponent(topics)}`);
      assertProblem(answer, 422);
      assert.equal(answer.json().field, 'topics');
    });
  }

  for (const [field, value] of [
    ['interval', '11s'],
    ['format', 'xml'],
    ['named', 'perhaps'],
    ['snapshot', 'perhaps'],
  ]) {
    test(`${field}=${value} is refused by name`, async () => {
      const answer = await request(server, `/api/v1/stream?topics=a/*&${field}=${value}`);
      assertProblem(answer, 422);
      assert.equal(answer.json().field, field);
    });
  }
});

test('a coin is heard by each of its names', async (t) => {
  const tick = (name, price) => ({ topic: `market/${name}`, type: 'quote', data: { price } });
  await publish(server, tick('XBT', 1));
  const stream = await listen(t, 'market/XBT%2FUSD');
  const is = (price) => (block) => payload(block).data?.price === price;
  await stream.next('its state', is(1));
  await publish(server, tick('XBT%2FUSD', 2));
  assert.equal(payload(await stream.next('its change', is(2))).topic, 'market/XBT');
});

describe('since', () => {
  test('an id, earliest, or a time', async (t) => {
    const own = await serve(t, QUIET);
    const ids = [];
    for (let n = 0; n < 4; ++n) ids.push((await publish(own, { topic: 'log/a', data: n }))[0]);
    const all = await listen(t, 'log/*', { query: '&since=earliest', at: own });
    assert.equal(all.hello.resume, 'continuous');
    const replayed = await all.take('record', 4);
    assert.deepEqual(
      replayed.map((block) => block.id),
      ids,
    );
    const times = replayed.map((block) => payload(block).time);
    for (const [cursor, next] of [
      [ids[1], 2],
      [times[0], 0],
      ['2001-01-01T00:00:00Z', 0],
    ]) {
      const stream = await listen(t, 'log/*', {
        query: `&since=${encodeURIComponent(cursor)}`,
        at: own,
      });
      assert.equal((await stream.next(`after ${cursor}`)).id, ids[next]);
    }
    // Records of one group share their time: from a time on means with that time.
    const third = await listen(t, 'log/*', { query: `&since=${times[2]}`, at: own });
    const first = payload(await third.next('the first of that time'));
    assert.equal(first.time, times[2]);
    assert.equal(first.data, times.indexOf(times[2]));
  });

  test('a time of which records have gone is told as an id that has', async (t) => {
    const small = ['tape.ring=1024', 'tape.keep_records=1000'].flatMap((each) => ['--set', each]);
    const own = await serve(t, [...QUIET, ...small]);
    const time = new Date().toISOString();
    for (let n = 0; n < 8; ++n) {
      const items = Array.from({ length: 500 }, (_, i) => ({ topic: 'old/a', data: 500 * n + i }));
      await publishLines(own, items);
    }
    await until('retention', async () => (await metric(own, 'livetape_tape_oldest')) === 3001);
    const stream = await listen(t, 'old/*', { query: `&since=${time}`, at: own });
    assert.equal(stream.hello.resume, 'gap');
    const gap = await stream.next('gap', named('gap'));
    const { reason, requested, resumed_at } = payload(gap);
    assert.equal(reason, 'expired');
    assert.equal(Date.parse(requested), Date.parse(time));
    assert.equal(resumed_at, gap.id);
    const first = await stream.next('the oldest record', named('message'));
    assert.equal(Number(first.id.split('-')[1]), Number(gap.id.split('-')[1]) + 1);
    const later = await listen(t, 'old/*', { query: '&since=2200-01-01T00:00:00Z', at: own });
    assert.equal(later.hello.resume, 'continuous');
  });

  test('a time to come is the present', async (t) => {
    const stream = await listen(t, 'later/*', { query: '&since=2999-01-01T00:00:00Z' });
    const [id] = await publish(server, { topic: 'later/a', data: 1 });
    assert.equal((await stream.next('live', named('message'))).id, id);
  });

  test('more than memory holds comes from the disk, then what is live, each once', async (t) => {
    const own = await serve(t, [...QUIET, '--set', 'tape.ring=1024']);
    const ids = [];
    for (let from = 0; from < 20_000; from += 2000) {
      const items = Array.from({ length: 2000 }, (_, n) => ({ topic: 'deep/a', data: from + n }));
      ids.push(...(await publishLines(own, items)));
    }
    const stream = await listen(t, 'deep/*', { query: '&since=earliest', at: own });
    const live = Array.from({ length: 100 }, (_, n) => ({ topic: 'deep/a', data: 20_000 + n }));
    ids.push(...(await publishLines(own, live)));
    for (const [n, id] of ids.entries()) {
      const block = await stream.next(`record ${n}`, named('message'));
      assert.deepEqual([block.id, payload(block).data], [id, n]);
    }
  });
});

describe('heartbeat', () => {
  test('comes every 5 s with a cursor that moves on quiet streams, too', async (t) => {
    const streams = [
      await listen(t, 'quiet/*'),
      await listen(t, 'quiet/*', { query: '&named=false' }),
    ];
    const [id] = await publish(server, [
      { topic: 'loud/a', data: 1 },
      { topic: 'market/PULSE', data: { price: 5 } },
    ]);
    for (const [at, stream] of streams.entries()) {
      const beat = await stream.next('heartbeat', (block) => block.id === id);
      assert.equal(beat.event, at === 0 ? 'heartbeat' : undefined);
      const { server_time, head, feed_age_ms, ...rest } = payload(beat);
      assert.match(server_time, MICROSECONDS_UTC);
      assert.equal(head, id);
      assert.ok(feed_age_ms >= 0 && feed_age_ms < 20_000, `${feed_age_ms}`);
      assert.deepEqual(rest, {});
    }
    const back = await listen(t, 'quiet/*', { headers: { 'Last-Event-ID': id } });
    assert.equal(back.hello.resume, 'continuous');
  });
});

describe('state', () => {
  test('has one value per topic, type and key, shown at once and without id', async (t) => {
    await publish(server, [
      state('desk/a', 1),
      state('desk/a', 2),
      state('desk/a', 3, { key: 'k' }),
      state('desk/a', 4, { type: 'other' }),
      state('desk/b', [5]),
      { topic: 'desk/a', data: 'a record' },
    ]);
    const stream = await listen(t, 'desk/*');
    const blocks = await stream.take('state', 4);
    for (const block of blocks) assert.deepEqual(Object.keys(block).sort(), ['data', 'event']);
    assert.deepEqual(blocks.map((block) => JSON.stringify(said(block))).sort(), [
      '["message","desk/a",2]',
      '["message","desk/a",3]',
      '["message","desk/b",[5]]',
      '["other","desk/a",4]',
    ]);
    await publish(server, state('desk/b', 6));
    assert.deepEqual(said(await stream.next('update')), ['message', 'desk/b', 6]);
  });

  test('snapshot=false shows nothing but what changes', async (t) => {
    await publish(server, [state('snap/a', 1), state('snap/b', 1)]);
    const stream = await listen(t, 'snap/*', { query: '&snapshot=false' });
    await publish(server, state('snap/b', 2));
    assert.deepEqual(said(await stream.next('the change')), ['message', 'snap/b', 2]);
  });

  test('a deletion says which key of its topic is gone', async (t) => {
    const keyed = (key, data) => ({ topic: 'lost/keys', class: 'state', key, data });
    await publish(server, [keyed('a', 1), keyed('b', 1)]);
    const stream = await listen(t, 'lost/keys', { query: '&interval=0' });
    const before = (await stream.take('both', 2)).map((event) => payload(event).key);
    assert.deepEqual(before.sort(), ['a', 'b']);
    await publish(server, keyed('b', null));
    const { key, data } = payload(await stream.next('the deletion'));
    assert.deepEqual([key, data], ['b', null]);
  });

  test('a deletion is sent once, then the key is gone', async (t) => {
    await publish(server, [state('gone/a', 1), state('gone/b', 1)]);
    const stream = await listen(t, 'gone/*', { query: '&interval=0' });
    await stream.take('state', 2);
    assert.deepEqual(await publish(server, state('gone/a', null)), [null]);
    assert.deepEqual(said(await stream.next('deletion')), ['message', 'gone/a', null]);
    await publish(server, state('gone/b', 2));
    assert.deepEqual(said(await stream.next('another key')), ['message', 'gone/b', 2]);
    const later = await listen(t, 'gone/*');
    assert.deepEqual(said(await later.next('what is left')), ['message', 'gone/b', 2]);
    await publish(server, state('gone/a', 3));
    assert.deepEqual(said(await later.next('it may come back')), ['message', 'gone/a', 3]);
  });

  test('a slow interval gets fewer updates and always the newest', async (t) => {
    const stream = await listen(t, 'fast/*', { query: '&interval=500ms' });
    for (let n = 1; n <= 200; ++n) await publish(server, state('fast/a', n));
    let events = 0;
    for (let value = 0; value < 200; ++events) {
      const next = payload(await stream.next('a newer value', named('message'))).data;
      assert.ok(next > value, `${next} after ${value}`);
      value = next;
    }
    assert.ok(events < 100, `${events} events for 200 updates`);
  });

  test('format=batch joins the updates of a window; records stay alone', async (t) => {
    await publish(server, [state('join/a', 1), state('join/b', { x: 1 })]);
    const stream = await listen(t, 'join/*', { query: '&format=batch&interval=100ms' });
    const newest = new Map();
    const takeBatch = async () => {
      const block = await stream.next('batch', named('batch'));
      assert.deepEqual(Object.keys(block).sort(), ['data', 'event']);
      const { t: ms, u, ...rest } = payload(block);
      assert.ok(Number.isInteger(ms) && Math.abs(ms - Date.now()) < 20_000, block.data);
      assert.deepEqual(rest, {});
      for (const [topic, data] of u) newest.set(topic, data);
    };
    while (newest.size < 2) await takeBatch();
    assert.deepEqual(newest.get('join/b'), { x: 1 });
    const ids = await publish(server, [
      state('join/a', 7),
      { topic: 'join/a', type: 'note', data: 'r' },
      state('join/b', 8),
    ]);
    const record = await stream.next('record', named('note'));
    assert.equal(record.id, ids[1]);
    assert.equal(payload(record).data, 'r');
    while (newest.get('join/a') !== 7 || newest.get('join/b') !== 8) await takeBatch();
  });

  test('named=false leaves out every name', async (t) => {
    await publish(server, state('bare/a', 1));
    const stream = await listen(t, 'bare/*', { query: '&named=false&since=x' });
    const [id] = await publish(server, { topic: 'bare/a', type: 'note', data: 2 });
    const blocks = [];
    for (let block; block?.id !== id || !block.data.includes('note'); blocks.push(block))
      block = await stream.next('the record');
    assert.ok(blocks.every((block) => block.event === undefined));
    assert.equal(payload(blocks.at(-1)).type, 'note');
    assert.ok(blocks.some((block) => payload(block).reason === 'malformed'));
  });

  test('a quote has its eight members, on market topics', async (t) => {
    await publish(server, {
      topic: 'market/EIGHT',
      data: { price: 10.5, size: 2, bid: 10.25, ask: 10.75, bid_size: 3, ask_size: '4' },
    });
    const stream = await listen(t, 'market/EIGHT,market/*', { query: '&types=quote' });
    const isMine = (block) => block.data?.includes('market/EIGHT');
    const event = payload(await stream.next('quote', isMine));
    assert.equal(event.type, 'quote');
    const { change, volume, time, ...rest } = event.data;
    const quote = { price: 10.5, bid: 10.25, ask: 10.75, bid_size: 3, ask_size: 4 };
    assert.deepEqual(rest, quote);
    assert.deepEqual([change, volume], [0, 2]);
    assert.match(time, MICROSECONDS_UTC);
  });
});
