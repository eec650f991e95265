// The market streams, byte by byte: heads, framing, order on connect, event forms, cursors.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { readMetrics } from './harness/metrics.mjs';
import { readAnswer, request, requestText, RawClient } from './harness/raw.mjs';
import { Server, serve } from './harness/server.mjs';
import { EventStream, isPrice, openStream } from './harness/sse.mjs';
import { PATIENCE_MS } from './harness/until.mjs';

const SYMBOLS = ['AAPL', 'TSLA', 'GOOGL', 'BTC', 'ETH'];
const MICROSECONDS_UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
  'x-accel-buffering': 'no',
};

function assertHeaders(head, expected) {
  for (const [name, value] of Object.entries(expected))
    assert.equal(head.headers.get(name), value, name);
}

function assertFirstRetry(block) {
  assert.deepEqual(Object.keys(block), ['retry'], 'the first block is retry alone');
  assert.ok(block.retry >= 2000 && block.retry <= 4000, `retry ${block.retry}`);
}

const cursorOf = (id) => {
  const at = id.lastIndexOf('-');
  return { epoch: id.slice(0, at), seq: Number(id.slice(at + 1)) };
};

describe('with the synthetic source', () => {
  let server;
  before(async () => (server = await Server.start(['--set', 'market.rate=50'])));
  after(() => server.stop());

  const open = (t, path, options) => openStream(t, server, path, options);

  // The source has made a price for every symbol: what a fresh stream shows is then complete.
  before(async () => {
    const stream = await EventStream.open(server, '/stream');
    const seen = new Set();
    while (seen.size < SYMBOLS.length) {
      seen.add(JSON.parse((await stream.next('every symbol', isPrice)).data).asset);
    }
    stream.close();
  });

  test('each stage of an event has its histogram', async (t) => {
    const stream = await open(t, '/stream');
    for (let i = 0; i < 3 * SYMBOLS.length; ++i) await stream.next('a price', isPrice);
    const stages = (await readMetrics(server)).get('livetape_stage_seconds');
    assert.equal(stages.type, 'histogram');
    for (const stage of ['source', 'floor', 'hub', 'send']) {
      const labels = `{stage="${stage}"}`;
      const of = (suffix) =>
        stages.samples.find(
          ({ name, labels: own }) => name === `livetape_stage_seconds_${suffix}` && own === labels,
        ).value;
      assert.ok(of('count') > 0, stage);
      assert.ok(of('sum') >= 0 && of('sum') / of('count') < 10, `${stage}: ${of('sum')} s`);
    }
  });

  test('the first write carries head, retry and the state of every symbol', async (t) => {
    const stream = await open(t, '/stream');
    const text = stream.firstRead.toString('latin1');
    assert.ok(text.startsWith('HTTP/1.1 200 OK\r\n'), text);
    assert.match(text, /\r\n\r\n[0-9a-f]+\r\nretry: \d+\n\n/);
    for (const symbol of SYMBOLS)
      assert.ok(text.includes(`"asset":"${symbol}"`), `${symbol} in ${text}`);

    assertHeaders(stream.head, {
      ...STREAM_HEADERS,
      'transfer-encoding': 'chunked',
      connection: 'keep-alive',
    });
    assert.equal(stream.head.headers.get('content-length'), undefined);

    assertFirstRetry(await stream.next('retry'));
    const state = await stream.take('state', SYMBOLS.length);
    assert.deepEqual(
      state.map((block) => JSON.parse(block.data).asset).sort(),
      [...SYMBOLS].sort(),
    );
  });

  test('retry differs between connections', async (t) => {
    const streams = await Promise.all(Array.from({ length: 12 }, () => open(t, '/stream')));
    const retries = await Promise.all(
      streams.map(async (stream) => (await stream.next('retry')).retry),
    );
    assert.ok(new Set(retries).size > 3, `of 12 connections: ${retries}`);
  });

  test('an event of /stream is unnamed, without id, with exactly four members', async (t) => {
    const stream = await open(t, '/stream');
    const times = new Map();
    for (const block of await stream.take('price', 40, isPrice)) {
      assert.deepEqual(Object.keys(block), ['data']);
      const event = JSON.parse(block.data);
      assert.deepEqual(Object.keys(event), ['asset', 'price', 'change', 'timestamp']);
      assert.ok(SYMBOLS.includes(event.asset), event.asset);
      assert.ok(typeof event.price === 'number' && event.price > 0, block.data);
      assert.ok(typeof event.change === 'number' && Number.isFinite(event.change), block.data);
      assert.match(event.timestamp, MICROSECONDS_UTC);
      assert.ok(event.timestamp >= (times.get(event.asset) ?? ''), 'newer follows older');
      times.set(event.asset, event.timestamp);
    }
  });

  test('prices move', async (t) => {
    const stream = await open(t, '/stream?symbols=BTC');
    const first = JSON.parse((await stream.next('price', isPrice)).data).price;
    await stream.next(
      'another price',
      (block) => isPrice(block) && JSON.parse(block.data).price !== first,
    );
  });

  test('symbols= selects', async (t) => {
    const stream = await open(t, '/stream?symbols=AAPL,BTC&interval=0');
    const seen = new Set();
    for (const block of await stream.take('price', 30, isPrice))
      seen.add(JSON.parse(block.data).asset);
    assert.deepEqual([...seen].sort(), ['AAPL', 'BTC']);
  });

  test('an unknown symbol in symbols= is not found', async () => {
    const answer = await request(server, '/stream?symbols=AAPL,NOPE');
    assert.equal(answer.status, 404);
    assert.deepEqual(answer.json(), { error: 'Symbol not found' });
  });

  test('any interval up to ten seconds is served', async (t) => {
    const intervals = ['0', '1ms', '50ms', '70ms', '100ms', '250ms', '500ms', '1s', '3s', '10s'];
    await Promise.all(
      intervals.map(async (interval) => {
        const stream = await open(t, `/stream?interval=${interval}`);
        assert.equal(stream.head.status, 200, interval);
        assertFirstRetry(await stream.next('retry'));
        await stream.take(`price at interval=${interval}`, SYMBOLS.length + 1, isPrice);
      }),
    );
  });

  for (const path of ['/stream', '/sse/AAPL']) {
    for (const interval of ['bad', '-50ms', '11s', '1x', '1e9s', '99999999999999999999']) {
      test(`${path}?interval=${interval} is refused, naming the field and its range`, async () => {
        const answer = await request(server, `${path}?interval=${interval}`);
        assert.equal(answer.status, 422);
        assert.equal(answer.headers.get('content-type'), 'application/problem+json');
        const problem = answer.json();
        assert.equal(problem.type, 'about:blank');
        assert.equal(problem.title, 'Unprocessable Content');
        assert.equal(problem.status, 422);
        assert.equal(problem.field, 'interval');
        assert.match(problem.detail, /\b0\b.*\b10 ?s\b/, 'detail names the allowed range');
      });
    }
  }

  test('what a client sent is told back as JSON, whatever it was', async () => {
    for (const value of ['%FF%FE', '%22%5C%0A%00', '%C3', 'x'.repeat(5000)]) {
      const answer = await request(server, `/stream?interval=${value}`);
      assert.equal(answer.status, 422);
      assert.equal(answer.json().field, 'interval');
    }
  });

  test('unknown query parameters and Accept are ignored', async (t) => {
    const stream = await open(t, '/stream?colour=blue', { headers: { Accept: 'image/png' } });
    assert.equal(stream.head.status, 200);
    await stream.next('price', isPrice);
  });

  test('/sse/{symbol} sends text', async (t) => {
    const stream = await open(t, '/sse/AAPL?interval=50ms');
    assertHeaders(stream.head, STREAM_HEADERS);
    assertFirstRetry(await stream.next('retry'));
    for (const block of await stream.take('price', 5)) {
      assert.deepEqual(Object.keys(block), ['data']);
      assert.match(block.data, /^AAPL price is \d+(\.\d+)?$/);
    }
  });

  test('/sse/{symbol}?format=json sends the object of /stream', async (t) => {
    const stream = await open(t, '/sse/ETH?format=json&interval=50ms');
    const event = JSON.parse((await stream.next('price', isPrice)).data);
    assert.deepEqual(Object.keys(event), ['asset', 'price', 'change', 'timestamp']);
    assert.equal(event.asset, 'ETH');
  });

  test('/sse/{symbol} without interval sends once a second', async (t) => {
    const stream = await open(t, '/sse/AAPL?format=json');
    const events = (await stream.take('price', 6, isPrice)).map((block) => JSON.parse(block.data));
    // The source makes 50 prices a second, so its own times say how far apart the events were.
    const seconds = (Date.parse(events[5].timestamp) - Date.parse(events[1].timestamp)) / 1000;
    assert.ok(seconds > 3 && seconds < 20, `four intervals took ${seconds} s of market time`);
  });

  test('/sse/{symbol}?format=bad is refused', async () => {
    const answer = await request(server, '/sse/AAPL?format=xml');
    assert.equal(answer.status, 422);
    assert.equal(answer.json().field, 'format');
    assert.match(answer.json().detail, /json/);
  });

  for (const symbol of ['NOPE', '%00', 'AAPL%0Adata:%20x', 'A'.repeat(500), '%FF']) {
    test(`unknown symbol ${symbol.slice(0, 20)} is 404 with the contract's body`, async () => {
      const answer = await request(server, `/sse/${symbol}`);
      assert.equal(answer.status, 404);
      assert.equal(answer.text, '{"error":"Symbol not found"}');
      assert.equal(answer.headers.get('content-type'), 'application/json');
    });
  }

  test('/sse is a clock that ticks once a second', async (t) => {
    const stream = await open(t, '/sse');
    assertHeaders(stream.head, STREAM_HEADERS);
    assertFirstRetry(await stream.next('retry'));
    const form = /^The current time is ([A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4})$/;
    const times = (await stream.take('time', 6)).map((block) => {
      assert.deepEqual(Object.keys(block), ['data']);
      return Date.parse(`${form.exec(block.data)[1]} UTC`) / 1000;
    });
    assert.ok(Math.abs(times[5] - Date.now() / 1000) < 10, 'the time is now, in UTC');
    assert.ok(times[5] - times[1] >= 3 && times[5] - times[1] < 20, `${times}`);
  });

  test('HTTP/1.0 gets the stream unchunked, ended by the connection', async (t) => {
    const stream = await open(t, '/stream', { version: '1.0' });
    assert.equal(stream.head.status, 200);
    assertHeaders(stream.head, STREAM_HEADERS);
    assert.equal(stream.head.headers.get('transfer-encoding'), undefined);
    assert.equal(stream.head.headers.get('content-length'), undefined);
    assert.notEqual(stream.head.headers.get('connection'), 'keep-alive');
    assertFirstRetry(await stream.next('retry'));
    await stream.take('price', 20, isPrice);
  });

  for (const path of ['/stream', '/sse', '/sse/AAPL']) {
    test(`HEAD ${path} gives the head, no body, and the connection lives on`, async () => {
      const client = await RawClient.connect(server.port);
      client.send(requestText(server.port, { method: 'HEAD', path }));
      const head = await readAnswer(client, 'HEAD');
      assert.equal(head.status, 200);
      assertHeaders(head, STREAM_HEADERS);
      client.send(requestText(server.port, { path: '/healthz' }));
      assert.equal((await readAnswer(client)).status, 200);
      client.close();
    });
  }
});

describe('cursors, on a stream without prices', () => {
  let server;
  before(async () => (server = await Server.start(['--source', 'none'])));
  after(() => server.stop());

  const open = (t, path, options) => openStream(t, server, path, options);
  const isGap = (block) => block.event === 'gap';

  async function gapOf(t, path, headers) {
    const stream = await open(t, path, { headers });
    assertFirstRetry(await stream.next('retry'));
    const block = await stream.next('gap');
    assert.equal(block.event, 'gap', JSON.stringify(block));
    assert.deepEqual(Object.keys(block).sort(), ['data', 'event', 'id']);
    const gap = JSON.parse(block.data);
    assert.deepEqual(Object.keys(gap), ['reason', 'requested', 'resumed_at', 'missed']);
    assert.equal(gap.missed, null);
    assert.equal(gap.resumed_at, block.id);
    assert.match(block.id, /^[^-\s]+-\d+$/);
    return gap;
  }

  test('a malformed Last-Event-ID is told as a gap', async (t) => {
    const gap = await gapOf(t, '/stream', { 'Last-Event-ID': 'nonsense' });
    assert.equal(gap.reason, 'malformed');
    assert.equal(gap.requested, 'nonsense');
  });

  for (const name of ['last_event_id', 'Last-Event-ID', 'since']) {
    test(`the query parameter ${name} is a cursor too`, async (t) => {
      assert.equal((await gapOf(t, `/stream?${name}=what`)).requested, 'what');
    });
  }

  test('header before last_event_id before since; empty values count as absent', async (t) => {
    const of = async (path, headers) => (await gapOf(t, path, headers)).requested;
    assert.equal(await of('/stream?last_event_id=b&since=c', { 'Last-Event-ID': 'a' }), 'a');
    assert.equal(await of('/stream?since=c&last_event_id=b'), 'b');
    assert.equal(await of('/stream?last_event_id=b', { 'Last-Event-ID': '' }), 'b');
    assert.equal(await of('/stream?last_event_id=&since=c'), 'c');
  });

  test('another epoch and a position ahead are gaps; the present position is none', async (t) => {
    const { resumed_at: here } = await gapOf(t, '/stream?since=x');
    const { epoch, seq } = cursorOf(here);
    const flipped = epoch.replace(/.$/, (last) => (last === '1' ? '2' : '1'));
    assert.equal((await gapOf(t, `/stream?since=${flipped}-${seq}`)).reason, 'unknown_epoch');
    assert.equal((await gapOf(t, `/stream?since=${epoch}-${seq + 1000}`)).reason, 'future');
    assert.equal(
      (await gapOf(t, '/sse', { 'Last-Event-ID': `${epoch}-${seq + 1}` })).reason,
      'future',
    );
    assert.equal(
      (await gapOf(t, `/stream?since=${epoch}-99999999999999999999999`)).reason,
      'malformed',
    );

    const clock = await open(t, '/sse', { headers: { 'Last-Event-ID': here } });
    assertFirstRetry(await clock.next('retry'));
    const next = await clock.next('the clock, without a gap');
    assert.ok(!isGap(next), JSON.stringify(next));
  });

  test('line breaks, quotes and broken UTF-8 in a cursor cannot inject a field', async (t) => {
    const evil = 'x\nevent: evil\r\ndata: "pwned"\n\n\u0000\\';
    const gap = await gapOf(t, `/stream?last_event_id=${encodeURIComponent(evil)}`);
    assert.equal(gap.reason, 'malformed');
    assert.equal(gap.requested, evil);
    // The strict parser refuses bytes that are not UTF-8.
    assert.equal((await gapOf(t, '/stream?last_event_id=%FF%FE%C0%80')).reason, 'malformed');
    assert.equal((await gapOf(t, '/stream', { 'Last-Event-ID': 'caf\xe9' })).reason, 'malformed');
  });

  test('an endless cursor is cut, not echoed at full length', async (t) => {
    const gap = await gapOf(t, '/stream', { 'Last-Event-ID': 'y'.repeat(12_000) });
    assert.equal(gap.reason, 'malformed');
    assert.ok('y'.repeat(12_000).startsWith(gap.requested));
    assert.ok(gap.requested.length < 1000);
    // Wherever it is cut, what is left is UTF-8.
    for (const lead of ['', 'a', 'ab', 'abc']) {
      const { requested } = await gapOf(
        t,
        `/stream?since=${lead}${encodeURIComponent('\u{1f600}'.repeat(300))}`,
      );
      assert.ok(requested.startsWith(`${lead}\u{1f600}`), requested);
    }
  });
});

test('a quiet stream gets heartbeats', async (t) => {
  const server = await serve(t, ['--source', 'none', '--set', 'sse.heartbeat_s=0.2']);
  const stream = await openStream(t, server, '/stream');
  assertFirstRetry(await stream.next('retry'));
  for (const block of await stream.take('heartbeat', 3)) assert.deepEqual(block, { comment: 'hb' });
});

test('the retry range follows the configuration', async (t) => {
  const server = await serve(t, ['--source', 'none', '--set', 'sse.retry_ms=7,9']);
  const stream = await openStream(t, server, '/stream');
  const { retry } = await stream.next('retry', undefined, PATIENCE_MS);
  assert.ok(retry >= 7 && retry <= 9, `retry ${retry}`);
});
