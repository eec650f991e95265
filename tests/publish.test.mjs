// Publishing: its three forms, what is refused, and requests that come twice.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { NDJSON, linesOf, post, publish, publishLines } from './harness/api.mjs';
import { assertProblem } from './harness/problem.mjs';
import { request } from './harness/raw.mjs';
import { Server, restart } from './harness/server.mjs';
import { named, openStream, payload } from './harness/sse.mjs';

const QUIET = ['--source', 'none', '--set', 'server.drain_s=0.5'];
const PUBLISH = '/api/v1/publish';
const KIB = 1024;
const MIB = 1024 * KIB;
const ITEMS_MAX = 10_000;

let server;
before(async () => (server = await Server.start(QUIET)));
after(() => server.stop());

async function listen(t, topics, at = server) {
  const stream = await openStream(t, at, `/api/v1/stream?topics=${topics}`);
  await stream.next('hello', named('hello'));
  return stream;
}

/** The next record or value of a stream: heartbeats say nothing about what was published. */
const nextOf = (stream, what) => stream.next(what, (block) => !named('heartbeat')(block));

const say = (topic, data) => ({ topic, data });

/** Data whose JSON text has exactly so many bytes. */
const textOf = (bytes) => 'x'.repeat(bytes - 2);

describe('forms', () => {
  test('one object', async (t) => {
    const stream = await listen(t, 'form/*');
    const answer = await post(server, PUBLISH, say('form/one', { a: 1 }));
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-type'), 'application/json');
    const { ids, ...rest } = answer.json();
    assert.deepEqual(rest, {});
    const block = await nextOf(stream, 'record');
    assert.deepEqual([block.event, block.id], ['message', ids[0]]);
    assert.deepEqual(payload(block).data, { a: 1 });
  });

  test('an array: ids in order, null for state', async (t) => {
    const stream = await listen(t, 'form/*');
    const ids = await publish(server, [
      say('form/a', 1),
      { ...say('kept/s', 2), class: 'state', key: 'k' },
      { ...say('form/b', 3), type: 'x', class: 'record' },
    ]);
    assert.equal(ids[1], null);
    assert.deepEqual(await idsOf(stream, 2), [ids[0], ids[2]]);
  });

  test('lines, with blank ones and without the last end', async (t) => {
    const stream = await listen(t, 'form/*');
    const body = `\n${JSON.stringify(say('form/a', 1))}\r\n\n  \n${JSON.stringify(say('form/a', 2))}`;
    for (const type of ['application/x-ndjson', 'Application/X-NDJSON; charset=utf-8']) {
      const answer = await post(server, PUBLISH, body, { headers: { 'Content-Type': type } });
      assert.equal(answer.status, 200, answer.text);
      assert.equal(answer.json().ids.length, 2);
      assert.deepEqual(await idsOf(stream, 2), answer.json().ids);
    }
  });

  test('every JSON value is data, and comes out digit by digit', async (t) => {
    const stream = await listen(t, 'form/*');
    for (const text of [
      '0',
      'true',
      '""',
      '[]',
      '[null,{"a":{}}]',
      '12345678901234567890.123456789',
      '"\\u0000\\ud83d\\ude00\\\\ \\" / \u2028 ü"',
    ]) {
      const id = (await post(server, PUBLISH, `{"topic":"form/a","data":${text}}`)).json().ids?.[0];
      const block = await nextOf(stream, text);
      assert.equal(block.id, id);
      if (/\d/.test(text[0])) assert.ok(block.data.includes(text), block.data);
      else assert.deepEqual(payload(block).data, JSON.parse(text));
    }
  });

  test('10,000 lines are one request; one more is too many', async () => {
    const items = Array.from({ length: ITEMS_MAX }, (_, n) => say('bulk/a', n));
    const ids = await publishLines(server, items);
    assert.equal(new Set(ids).size, ITEMS_MAX);
    const more = linesOf([...items, say('bulk/a', 'more')]);
    const answer = await post(server, PUBLISH, more, { headers: NDJSON });
    assertProblem(answer, 413);
    assert.match(answer.json().detail, /10,?000/);
  });

  test('a body in chunks', async (t) => {
    const stream = await listen(t, 'form/*');
    const body = JSON.stringify(say('form/a', 'chunked'));
    const chunks = [body.slice(0, 5), body.slice(5)].map(
      (x) => `${x.length.toString(16)}\r\n${x}\r\n`,
    );
    const answer = await request(server, PUBLISH, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' },
      body: `${chunks.join('')}0\r\n\r\n`,
    });
    assert.equal(answer.status, 200, answer.text);
    assert.equal((await nextOf(stream, 'record')).id, answer.json().ids[0]);
  });
});

async function idsOf(stream, count) {
  const ids = [];
  while (ids.length < count) {
    const block = await nextOf(stream, 'record');
    if (block.id !== undefined) ids.push(block.id);
  }
  return ids;
}

describe('refusals', () => {
  const forbidden = [
    'paper/paper/orders',
    'paper/x',
    'jobs/training/1',
    'alerts/high',
    'dashboard/paper',
    'user/alice/ai',
    'broadcast/security',
    '%75ser/alice/ai',
  ];
  for (const topic of forbidden) {
    test(`${topic} is the server's: 403 naming it, for records and for state`, async () => {
      for (const item of [say(topic, 1), { ...say(topic, 1), class: 'state' }]) {
        const answer = await post(server, PUBLISH, [say('ok/a', 1), item]);
        assertProblem(answer, 403);
        assert.ok(answer.json().detail.includes(topic), answer.text);
      }
    });
  }

  const item = (more) => ({ topic: 'bad/a', data: 1, ...more });
  const reserved = 'open error hello connected ping heartbeat gap slow drain auth batch'.split(' ');
  const wrong = [
    ...reserved.map((type) => [item({ type }), 'type']),
    ...['', 't'.repeat(65), 'a b', 'a\nb', 'ü', 'a/b', 5].map((type) => [item({ type }), 'type']),
    ...['', '/', 'a//b', '/a', 'a/', 'a/*', '**', 'a b', 'a\nb', 'a\0', 'ü', 'a%', 'a%2', 7].map(
      (topic) => [item({ topic }), 'topic'],
    ),
    [item({ topic: `${'a/'.repeat(8)}a` }), 'topic'],
    [item({ topic: 'a'.repeat(129) }), 'topic'],
    [{ data: 1 }, 'topic'],
    [{ topic: 'bad/a' }, 'data'],
    [item({ class: 'event' }), 'class'],
    [item({ class: 'state', key: 5 }), 'key'],
    [item({ data: null }), 'data'],
    [item({ colour: 'blue' }), 'colour'],
  ];
  for (const [body, field] of wrong) {
    test(`${JSON.stringify(body).slice(0, 70)} is refused, naming ${field}`, async () => {
      const one = await post(server, PUBLISH, body);
      assertProblem(one, 422);
      assert.equal(one.json().field, field);
      const many = await post(server, PUBLISH, [say('bad/a', 0), body]);
      assertProblem(many, 422);
      assert.match(many.json().field, new RegExp(`\\b1\\b.*\\b${field}$`));
    });
  }

  test('all or nothing', async (t) => {
    const stream = await listen(t, 'all/*');
    const good = [
      say('all/a', 1),
      { ...say('all/s', 1), class: 'state' },
      say('market/ALL', { price: 1 }),
    ];
    for (const bad of [say('user/x/ai', 1), say('', 1), say('all/a', textOf(64 * KIB + 1))]) {
      const answer = await post(server, PUBLISH, linesOf([...good, bad]), { headers: NDJSON });
      assert.ok([403, 413, 422].includes(answer.status), answer.text);
    }
    const [id] = await publish(server, say('all/a', 2));
    assert.equal((await nextOf(stream, 'the only record')).id, id);
    const later = await listen(t, 'all/*');
    const [next] = await publish(server, say('all/a', 3));
    assert.equal((await nextOf(later, 'no state was kept')).id, next);
    assert.ok(!(await request(server, '/api/v1/symbols')).text.includes('"ALL"'));
  });

  test('64 KiB of data pass whole; one byte more is 413 with its index', async (t) => {
    const stream = await listen(t, 'big/*');
    const data = textOf(64 * KIB);
    const [id] = await publish(server, say('big/a', data));
    const block = await nextOf(stream, 'the big one');
    assert.equal(block.id, id);
    assert.equal(payload(block).data, data);
    const tooBig = [say('big/a', 1), say('big/a', 2), say('big/a', textOf(64 * KIB + 1))];
    for (const [body, headers] of [
      [JSON.stringify(tooBig), {}],
      [linesOf(tooBig), NDJSON],
    ]) {
      const answer = await post(server, PUBLISH, body, { headers });
      assertProblem(answer, 413);
      assert.match(`${answer.json().field} ${answer.json().detail}`, /\b2\b/);
    }
  });

  test('8 MiB is the limit of a body', async () => {
    const line = linesOf([say('big/a', textOf(60 * KIB))]);
    const most = line.repeat(Math.floor((8 * MIB) / line.length));
    assert.equal((await post(server, PUBLISH, most, { headers: NDJSON })).status, 200);
    const head = { ...NDJSON, 'Content-Length': 8 * MIB + 1 };
    assertProblem(await request(server, PUBLISH, { method: 'POST', headers: head, body: '' }), 413);
  });

  const bytes = (...parts) => Buffer.concat(parts.map((part) => Buffer.from(part, 'latin1')));
  const broken = {
    'no JSON': 'hello',
    'half of it': '{"topic":"evil/a","data":',
    'two values': '{"topic":"evil/a","data":1}{"topic":"evil/a","data":1}',
    'a number': '5',
    'an array of numbers': '[1]',
    nothing: '',
    'an empty array': '[]',
    'a raw line break in a text': '{"topic":"evil/a","data":"a\nb"}',
    'a raw NUL': '{"topic":"evil/a","data":"a\0b"}',
    'NUL between': '{"topic":"evil/a",\0"data":1}',
    'a byte that is no UTF-8': bytes('{"topic":"evil/a","data":"', '\xff', '"}'),
    'an overlong form': bytes('{"topic":"evil/a","data":"', '\xc0\x8a', '"}'),
    'half a character': bytes('{"topic":"evil/a","data":"', '\xe2\x82', '"}'),
    'a surrogate in UTF-8': bytes('{"topic":"evil/a","data":"', '\xed\xa0\x80', '"}'),
    'no UTF-8 in the type': bytes('{"topic":"evil/a","type":"', '\xff', '","data":1}'),
    'endless nesting': `{"topic":"evil/a","data":${'['.repeat(60_000)}}`,
    'endless nesting, closed': `{"topic":"evil/a","data":${'['.repeat(30_000)}${']'.repeat(30_000)}}`,
  };
  for (const [what, body] of Object.entries(broken)) {
    test(`${what} is refused and reaches nobody`, async (t) => {
      const stream = await listen(t, 'evil/*');
      for (const headers of [{}, NDJSON]) {
        if (headers === NDJSON && what === 'an empty array') continue;
        const answer = await post(server, PUBLISH, body, { headers });
        assertProblem(answer, 422);
      }
      const [id] = await publish(server, say('evil/a', 'good'));
      assert.equal((await nextOf(stream, 'what is good')).id, id);
    });
  }

  test('nothing in a payload can break the framing', async (t) => {
    const evil = [
      '\n\nevent: auth\ndata: {}\n\n',
      '\r\rdata: x\r\r',
      '\r\nid: 1\r\n',
      ': hb\n\n',
      '\0',
    ];
    const others = [await listen(t, 'frame/*'), await listen(t, 'frame/a')];
    for (const data of [...evil, ...evil.map((text) => ({ [text]: text }))]) {
      const spaced = JSON.stringify({ topic: 'frame/a', data }, null, 2).replaceAll('\n', '\r\n');
      const answer = await post(server, PUBLISH, spaced);
      assert.equal(answer.status, 200, answer.text);
      for (const stream of others) {
        const block = await nextOf(stream, 'the event');
        assert.deepEqual([block.event, block.id], ['message', answer.json().ids[0]]);
        assert.deepEqual(payload(block).data, data);
      }
    }
  });

  test('a page of another origin cannot write', async () => {
    for (const origin of ['https://evil.example', 'null']) {
      const answer = await post(server, PUBLISH, say('a/b', 1), { headers: { Origin: origin } });
      assertProblem(answer, 403);
    }
    const misdirected = { headers: { Host: 'evil.example' } };
    assertProblem(await post(server, PUBLISH, say('a/b', 1), misdirected), 421);
  });
});

describe('Idempotency-Key', () => {
  const once = (at, key, body, path = PUBLISH) =>
    post(at, path, body, { headers: { 'Idempotency-Key': key } });

  test('the same request again gets the first answer and publishes nothing', async (t) => {
    const stream = await listen(t, 'once/*');
    const body = [say('once/a', 1), { ...say('once/s', 1), class: 'state' }, say('once/a', 2)];
    const first = await once(server, 'key-1', body);
    assert.equal(first.status, 200, first.text);
    for (let n = 0; n < 3; ++n) {
      const again = await once(server, 'key-1', body);
      assert.equal(again.status, 200);
      assert.equal(again.text, first.text);
    }
    const ids = first.json().ids;
    const [marker] = await publish(server, say('once/a', 'marker'));
    assert.deepEqual(await idsOf(stream, 3), [ids[0], ids[2], marker]);
  });

  test('another body is 422; another key is another request', async () => {
    const first = await once(server, 'key-2', say('once/a', 1));
    assertProblem(await once(server, 'key-2', say('once/a', 2)), 422);
    const other = await once(server, 'key-3', say('once/a', 1));
    assert.equal(other.status, 200);
    assert.notEqual(other.text, first.text);
  });

  test('a refused request leaves its key free', async () => {
    assertProblem(await once(server, 'key-4', say('user/x/ai', 1)), 403);
    assert.equal((await once(server, 'key-4', say('once/a', 1))).status, 200);
  });

  test('many at once are one', async (t) => {
    const stream = await listen(t, 'race/*');
    const body = say('race/a', 1);
    const answers = await Promise.all(Array.from({ length: 20 }, () => once(server, 'race', body)));
    const done = answers.filter(({ status }) => status === 200);
    assert.ok(done.length >= 1);
    for (const { status, text } of answers) assert.ok([200, 409].includes(status), text);
    assert.equal(new Set(done.map(({ text }) => text)).size, 1);
    const [marker] = await publish(server, say('race/a', 2));
    assert.deepEqual(await idsOf(stream, 2), [done[0].json().ids[0], marker]);
  });

  test('it holds across a restart, clean or not', async (t) => {
    const own = await Server.start(QUIET);
    const body = [say('once/a', 1), { ...say('once/s', 1), class: 'state' }];
    const first = await once(own, 'kept "key" ~!', body);
    assert.equal(first.status, 200, first.text);
    let next = own;
    for (const kill of [false, true]) {
      next = await restart(t, next, { kill });
      assert.equal((await once(next, 'kept "key" ~!', body)).text, first.text);
      assertProblem(await once(next, 'kept "key" ~!', say('once/a', 9)), 422);
    }
    const log = await openStream(t, next, '/api/v1/stream?topics=once/*&since=earliest');
    await log.next('hello', named('hello'));
    const [marker] = await publish(next, say('once/a', 2));
    assert.deepEqual(await idsOf(log, 2), [first.json().ids[0], marker]);
  });
});
