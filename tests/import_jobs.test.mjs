// POST /api/v1/imports: bodies of any length and form, the job behind it, and what it leaves.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';

import { bearer, sendUserEvent } from './harness/api.mjs';
import { barsOf } from './harness/bars.mjs';
import { Jobs } from './harness/jobs.mjs';
import { restart, serve } from './harness/server.mjs';
import { named, openStream, payload } from './harness/sse.mjs';
import { mint } from './harness/tokens.mjs';
import { until } from './harness/until.mjs';

const NONE = ['--source', 'none'];
const HEADER = 'date,open,high,low,close,volume';
const day = (n) => new Date(Date.UTC(2020, 0, 1 + n)).toISOString().slice(0, 10);
const row = (n) => `${day(n)},100,110,90,${100 + n},1000`;
const DAYS = [HEADER, row(0), row(1), '2020-01-03,100,90,110,100,5', row(3), ''].join('\n');

/** Sends a file; gives the answer's status and JSON. */
async function send(server, query, body, headers = {}) {
  const response = await fetch(`${server.url}/api/v1/imports?${query}`, {
    method: 'POST',
    body,
    headers,
    duplex: 'half',
  });
  return { status: response.status, json: await response.json() };
}

/** Sends it and waits for the end of its job. */
async function imported(server, query, body, headers) {
  const { status, json } = await send(server, query, body, headers);
  assert.equal(status, 202, JSON.stringify(json));
  assert.equal(json.status, 'queued');
  return new Jobs(server, 'import').over(json.import_id);
}

const uploads = (server) => readdirSync(join(server.dataDir, 'uploads'));

describe('a file', () => {
  const form = new FormData();
  form.append('note', 'nothing');
  form.append('file', new Blob([DAYS]), 'days.csv');
  for (const [name, body, headers] of [
    ['plain', DAYS, { 'Content-Type': 'text/csv' }],
    ['gzip', gzipSync(DAYS), {}],
    ['gzip that says so', gzipSync(DAYS), { 'Content-Encoding': 'gzip' }],
    ['in a form', form, undefined],
  ]) {
    test(name, async (t) => {
      const server = await serve(t, NONE);
      const job = await imported(server, 'symbol=TEST', body, headers);
      assert.equal(job.status, 'completed', JSON.stringify(job));
      assert.equal(job.progress, 100);
      const { report } = job;
      assert.equal(report.imported, 3, JSON.stringify(job));
      assert.deepEqual(report.bad_by_reason, { high_below_low: 1 });
      assert.deepEqual([report.bad_rows[0].line, report.bad_rows[0].reason], [4, 'high_below_low']);
      const bars = await until('the instrument is known', async () => {
        const { symbols } = await (await fetch(`${server.url}/api/v1/symbols`)).json();
        return symbols.length > 0 && barsOf(server, 'TEST', 'timeframe=1d');
      });
      assert.deepEqual(
        bars.map((bar) => bar.close),
        [100, 101, 103],
      );
      assert.deepEqual(uploads(server), []);
    });
  }

  test('of which nothing is valid fails and says why', async (t) => {
    const server = await serve(t, NONE);
    const job = await imported(server, 'symbol=TEST', `${HEADER}\n2020-01-03,100,90,110,100,5\n`);
    assert.equal(job.status, 'failed');
    assert.match(JSON.stringify(job), /none of the 1 rows can be used; line 2/);
    const zip = await imported(server, 'symbol=TEST', Buffer.from('PK\x03\x04rest'));
    assert.match(JSON.stringify(zip), /zip archives are for `livetape import`/);
    assert.deepEqual(uploads(server), []);
  });
});

test('its user is told, and nobody else', async (t) => {
  const server = await serve(t, [...NONE, '--set', 'auth.mode=jwt']);
  const scope = 'subscribe publish';
  const alice = await mint(server, 'alice', { scope });
  const open = async (token) => {
    const stream = await openStream(t, server, '/api/v1/events?categories=import', {
      headers: bearer(token),
    });
    await stream.next('hello', named('hello'));
    return stream;
  };
  const [hers, bobs] = [await open(alice), await open(await mint(server, 'bob', { scope }))];
  const { status, json } = await send(server, 'symbol=TEST&file_name=days.csv', DAYS, bearer(alice));
  assert.equal(status, 202, JSON.stringify(json));
  const events = [await hers.next('started')];
  while (events.at(-1).event !== 'import.completed') events.push(await hers.next('completed'));
  assert.equal(events[0].event, 'import.started');
  assert.deepEqual(payload(events[0]), { file_name: 'days.csv', file_format: 'csv' });
  assert.equal(payload(events.at(-1)).transaction_count, 3);
  const failed = await send(server, 'symbol=TEST&file_name=bad.csv', 'nothing', bearer(alice));
  assert.equal(failed.status, 202);
  const failure = await hers.next('failed', named('import.failed'));
  assert.equal(payload(failure).file_name, 'bad.csv');
  assert.ok(payload(failure).reason.length > 0);
  // What comes to all shows that nothing came to him before.
  await sendUserEvent(
    server,
    { broadcast: true, event: 'import.started', data: { file_name: 'x', file_format: 'y' } },
    { token: alice },
  );
  assert.equal(payload(await bobs.next('the broadcast')).file_name, 'x');
});

test('a token with topics imports if it grants all of the market', async (t) => {
  const server = await serve(t, [...NONE, '--set', 'auth.mode=jwt']);
  const as = async (...topics) =>
    bearer(await mint(server, 'alice', { scope: 'subscribe publish', topics }));
  const bars = 'time,open,high,low,close,volume\n2024-01-02,1,1,1,1,1\n';
  const narrow = await send(server, 'symbol=A', bars, await as('jobs/import/*', 'market/A'));
  assert.equal(narrow.status, 403);
  assert.match(narrow.json.detail, /market\/\*/);
  const wide = await send(server, 'symbol=A', bars, await as('jobs/import/*', 'market/*'));
  assert.equal(wide.status, 202);
});

test('one that has been read cannot be started again, and keeps its report', async (t) => {
  const server = await serve(t, NONE);
  const job = await imported(server, 'symbol=TEST', DAYS);
  assert.equal(job.status, 'completed');
  const jobs = new Jobs(server, 'import');
  const answer = await jobs.ask('POST', `/${job.import_id}/restart`);
  assert.equal(answer.status, 409);
  assert.match(answer.json().detail, /send it again/);
  assert.deepEqual(await jobs.one(job.import_id), job);
});

test('what is asked wrongly is refused before the body is read', async (t) => {
  const server = await serve(t, NONE);
  for (const [query, field] of [
    ['timeframe=2d', 'timeframe'],
    ['format=excel', 'format'],
    ['asset_class=bonds', 'asset_class'],
    ['symbol=A%20B', 'symbol'],
    ['day=monday', 'day'],
  ]) {
    const { status, json } = await send(server, query, 'x');
    assert.deepEqual([status, json.field], [422, field], JSON.stringify(json));
  }
  const { status } = await send(server, 'symbol=A', 'x', { 'Content-Encoding': 'br' });
  assert.equal(status, 415);
  const cut = await send(server, 'symbol=A', 'no form', {
    'Content-Type': 'multipart/form-data; boundary=X',
  });
  assert.equal(cut.status, 400);
});

test('over limits.import_bytes: 413', async (t) => {
  const server = await serve(t, [...NONE, '--set', 'limits.import_bytes=1000']);
  assert.equal((await send(server, 'symbol=A', 'x'.repeat(1001))).status, 413);
  assert.deepEqual(readdirSync(join(server.dataDir, 'spool')), []);
});

test('of one that the queue has no room for nothing stays', async (t) => {
  const server = await serve(t, [...NONE, '--set', 'jobs.workers=1', '--set', 'jobs.queue=1']);
  const minutes = Array.from({ length: 100_000 }, (_, n) => `${n * 60},${1 + (n % 7)}`).join('\n');
  await imported(server, 'symbol=LONG&timeframe=1m', `time,price\n${minutes}\n`);
  const hours = { period: Array.from({ length: 1000 }, (_, n) => n + 2), lower: [10, 20, 30] };
  const backtests = new Jobs(server);
  const busy = await backtests.start({
    strategy: 'rsi',
    symbols: ['LONG'],
    timeframe: '1m',
    params: hours,
  });
  await backtests.running(busy);
  const waits = await send(server, 'symbol=TEST', DAYS);
  assert.equal(waits.status, 202);
  for (let i = 0; i < 3; ++i) assert.equal((await send(server, 'symbol=TEST', DAYS)).status, 503);
  assert.equal(uploads(server).length, 1, 'the one that waits');
  await backtests.ask('DELETE', `/${busy}`);
  await new Jobs(server, 'import').completed(waits.json.import_id);
  assert.deepEqual(uploads(server), []);
});

test('a body of 60 MB streams through; a crash in the middle leaves it for another try', async (t) => {
  const ROWS = 1_000_000;
  async function* minutes() {
    yield 'timestamp,open,high,low,close,volume\n';
    for (let n = 0; n < ROWS; ) {
      let text = '';
      for (const end = Math.min(ROWS, n + 10_000); n < end; ++n) {
        const time = new Date(Date.UTC(2018, 0, 1) + n * 60_000).toISOString().slice(0, 19);
        text += `${time}Z,100.25,101.5,99.75,100.${10 + (n % 90)},${n % 1000}\n`;
      }
      yield text;
    }
  }
  const server = await serve(t, NONE);
  const before = server.residentBytes();
  const body = ReadableStream.from(
    (async function* () {
      for await (const text of minutes()) yield new TextEncoder().encode(text);
    })(),
  );
  const { status, json } = await send(server, 'symbol=LONG&timeframe=1m', body);
  assert.equal(status, 202, JSON.stringify(json));
  assert.ok(server.residentBytes() - before < 60e6, 'the body is not held in memory');
  const jobs = new Jobs(server, 'import');
  await jobs.when(json.import_id, (job) => job.status !== 'queued');
  const next = await restart(t, server, { kill: true });
  const again = new Jobs(next, 'import');
  const left = await again.one(json.import_id);
  if (left.status !== 'completed') {
    assert.equal(left.status, 'failed');
    assert.equal((await again.ask('POST', `/${json.import_id}/restart`)).status, 202);
  }
  const job = await again.over(json.import_id);
  assert.equal(job.status, 'completed', JSON.stringify(job));
  const bars = await barsOf(next, 'LONG', 'timeframe=1m&limit=3&to=2018-01-01T00:02:00Z');
  assert.equal(bars.length, 3);
  assert.deepEqual(uploads(next), []);
});
