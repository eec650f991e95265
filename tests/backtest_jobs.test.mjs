// Backtests as jobs of the server: started over HTTP, watched on the channel, cancelled, crashed and
// started again. What a backtest computes: backtest_cli.test.mjs.

import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { importBars } from './harness/bars.mjs';
import {
  LONG_SWEEP,
  MINUTE_SWEEP,
  QUIET,
  SHORT,
  SMALL_SWEEP,
  UP_AND_DOWN,
  folderWithBars,
  start,
} from './harness/backtests.mjs';
import { inside, joinChannel } from './harness/channel.mjs';
import { livetape } from './harness/command.mjs';
import { temporaryFolder } from './harness/folder.mjs';
import { Jobs } from './harness/jobs.mjs';
import { assertProblem } from './harness/problem.mjs';
import { request } from './harness/raw.mjs';
import { Server, serve } from './harness/server.mjs';

const GOOG = fileURLToPath(
  new URL('../../shared/data/goog_daily_2004_2008_matplotlib.csv', import.meta.url),
);
const withGoog = existsSync(GOOG)
  ? {}
  : { skip: 'goog_daily_2004_2008_matplotlib.csv is not beside the checkout' };

/** The events of one job from here to its end. */
async function eventsOf(stream, id) {
  const events = [];
  for (;;) {
    const block = await stream.next('a backtest event', ({ event }) => event !== 'ping');
    const data = inside(block);
    if (data.backtest_id !== id) continue;
    events.push(data);
    if (['completed', 'failed', 'cancelled'].includes(data.status)) return events;
  }
}

describe('a backtest', () => {
  test('SMA cross of Google has the known answer', withGoog, async (t) => {
    const dataDir = join(temporaryFolder(), 'data');
    await importBars(dataDir, GOOG, 'GOOG');
    const jobs = new Jobs(await serve(t, QUIET, { dataDir }));
    const id = await jobs.start({
      strategy: 'sma_cross',
      params: { fast: 10, slow: 30, short: true },
      symbols: ['GOOG'],
      cash: 10000,
      close_at_end: 'open',
    });
    const { results, records, monthly_returns, data_hash } = await jobs.completed(id);
    assert.equal(results.final_equity, 53310.62);
    assert.equal(results.trades, 31);
    assert.ok(Math.abs(results.sharpe_ratio - 1.04324299802462) < 1e-12);
    assert.equal(records, 1047);
    assert.equal(monthly_returns.length, 51);
    assert.match(data_hash, /^[0-9a-f]{16}$/);
    const { trades, total } = await jobs.get(`/${id}/trades?limit=2&offset=30`);
    assert.equal(total, 31);
    assert.equal(trades.length, 1);
    assert.equal((await jobs.get(`/${id}/fills`)).total, 62);
    const { equity, points } = await jobs.get(`/${id}/equity?limit=100`);
    assert.equal(points, 1047);
    assert.ok(equity.length <= 100);
    assert.equal(equity[0].equity, 10000);
    assert.equal(equity.at(-1).equity, 53310.62);
    const again = await jobs.completed(await jobs.start((await jobs.one(id)).request));
    assert.deepEqual(again.results, results, 'the request as it is shown gives the same');
  });

  test('is told of from queued to completed, and a curve comes with it', async (t) => {
    const { server, jobs } = await start(t);
    const stream = await joinChannel(t, server, 'backtest');
    const id = await jobs.start(SHORT);
    const events = await eventsOf(stream, id);
    assert.deepEqual(
      events.filter(({ status }) => status !== 'running').map(({ status }) => status),
      ['queued', 'started', 'completed'],
    );
    const last = events.at(-1);
    assert.equal(last.progress, 100);
    assert.equal(last.results.final_equity, (await jobs.one(id)).results.final_equity);
    assert.ok(last.results.equity.length > 0 && last.results.equity.length <= 200);
  });

  test('a long one tells how far it is, never less than before', async (t) => {
    const { server, jobs } = await start(t);
    const stream = await joinChannel(t, server, 'backtest');
    const id = await jobs.start(LONG_SWEEP);
    const events = await eventsOf(stream, id);
    const progress = events.map((event) => event.progress);
    assert.deepEqual(
      progress,
      progress.toSorted((a, b) => a - b),
    );
    assert.equal(progress.at(-1), 100);
    assert.ok(progress.slice(0, -1).every((percent) => percent < 100));
    const running = events.filter(({ status }) => status === 'running');
    assert.ok(running.length > 0);
    for (const { rate, time_left_s, message } of running) {
      assert.ok(rate >= 0 && time_left_s >= 0, message);
    }
    const { sweep, total } = await jobs.get(`/${id}/sweep?limit=10000`);
    assert.equal(total, LONG_SWEEP.params.fast.length * LONG_SWEEP.params.slow.length);
    const ranks = sweep.map(({ results }) => results.sharpe_ratio);
    const ranked = ranks.filter((rank) => rank !== null);
    assert.deepEqual(
      ranked,
      ranked.toSorted((a, b) => b - a),
    );
    assert.ok(ranks.slice(ranked.length).every((rank) => rank === null));
  });

  test('a screen that opens in the middle sees it at once', async (t) => {
    const { server, jobs } = await start(t);
    const id = await jobs.start(MINUTE_SWEEP);
    await jobs.running(id);
    const stream = await joinChannel(t, server, 'backtest');
    const block = await stream.next('the copy');
    assert.equal(block.id, undefined);
    assert.equal(inside(block).backtest_id, id);
    assert.equal((await jobs.ask('DELETE', `/${id}`)).status, 200);
  });

  test('its days are those of the market: 00:00 UTC, or 16:00 New York', async (t) => {
    const file = join(temporaryFolder(), 'late.csv');
    const times = ['04T20:30', '04T21:30', '05T20:30', '05T21:30'];
    const rows = times.map((time, i) => `2024-01-${time}:00Z,${10 + (i % 2)}`);
    writeFileSync(file, ['time,price', ...rows].join('\n'));
    const dataDir = join(temporaryFolder(), 'data');
    await importBars(dataDir, file, 'LATE', '1m');
    const yearly = [];
    for (const hours of ['always', 'exchange']) {
      const server = await serve(t, [...QUIET, '--set', `market.hours=${hours}`], { dataDir });
      const jobs = new Jobs(server);
      const ask = { strategy: 'buy_and_hold', symbols: ['LATE'], timeframe: '1m' };
      for (const body of [ask, { ...ask, strategy: 'sma_cross', params: { fast: [1], slow: [2, 3] } }]) {
        yearly.push((await jobs.completed(await jobs.start(body))).results.annual_return === null);
      }
      await server.stop();
    }
    assert.deepEqual(yearly, [true, true, false, false], 'two days, or three');
  });

  test('a coin answers to each of its names', async (t) => {
    const dataDir = join(temporaryFolder(), 'data');
    for (const [symbol, kind] of [['ETHUSD', 'us_equity'], ['BTC', 'crypto'], ['ETH', 'crypto']]) {
      const bars = ['--symbol', symbol, '--asset-class', kind, '--data-dir', dataDir];
      assert.equal((await livetape(['import', UP_AND_DOWN, ...bars])).status, 0);
    }
    const server = await serve(t, QUIET, { dataDir });
    for (const kind of ['backtest', 'training']) {
      const jobs = new Jobs(server, kind);
      const body = kind === 'backtest' ? { strategy: 'buy_and_hold' } : { rounds: 1 };
      // Where there are bars of just that name, they are meant.
      for (const [name, own] of [['BTC/USD', 'BTC'], ['BTCUSD', 'BTC'], ['ETHUSD', 'ETHUSD']]) {
        const { request: asked } = await jobs.over(await jobs.start({ ...body, symbols: [name] }));
        assert.deepEqual(asked.symbols, [own]);
      }
      const twice = await jobs.post({ ...body, symbols: ['BTC', 'BTCUSD'] });
      assertProblem(twice, 422);
      assert.match(twice.json().detail, /BTC is named twice, as BTCUSD too/);
    }
  });

  test('invalid combinations of a sweep are counted, all invalid is an error', async (t) => {
    const { jobs } = await start(t);
    const params = { fast: [2, 40], slow: [5, 10] };
    const sweep = { strategy: 'sma_cross', params, symbols: ['UPS'], rank_by: 'total_return' };
    const done = await jobs.completed(await jobs.start(sweep));
    assert.equal(done.sweep.combinations, 2);
    assert.equal(done.sweep.skipped, 2);
    assert.deepEqual(done.sweep.best.results, done.results);
    const none = await jobs.post({ ...sweep, params: { fast: [40, 50], slow: [5, 10] } });
    assertProblem(none, 422);
  });
});

describe('what is wrong is told, with what is right', () => {
  const cases = [
    ['strategy', { ...SHORT, strategy: 'smaa' }, /sma_cross/],
    ['strategy', { symbols: ['UPS'] }, /missing.*sma_cross/],
    ['symbols', { strategy: 'buy_and_hold' }, /missing/],
    ['symbols', { ...SHORT, symbols: ['NONE'] }, /no bars of NONE.*UPS/],
    ['timeframe', { ...SHORT, timeframe: '1m' }, /no 1m bars of UPS; there are 1d/],
    ['timeframe', { ...SHORT, timeframe: '2d' }, /1s, 1m, 5m, 15m, 1h, 1d/],
    ['params.fast', { strategy: 'sma_cross', params: { fast: 30, slow: 10 }, symbols: ['UPS'] }],
    ['params.speed', { strategy: 'sma_cross', params: { speed: 1 }, symbols: ['UPS'] }, /fast/],
    ['params.fast', { strategy: 'sma_cross', params: { fast: 'x' }, symbols: ['UPS'] }, /whole/],
    ['params', { ...SHORT, params: [1] }, /object/],
    ['from', { ...SHORT, from: '2024-03-01', to: '2024-02-01' }, /after/],
    ['from', { ...SHORT, from: '2030-01-01' }, /60 from 2024-01-04/],
    ['to', { ...SHORT, to: '2001-01-01' }, /60 from 2024-01-04/],
    ['from', { ...SHORT, from: 'yesterday' }],
    ['cash', { ...SHORT, cash: 0 }],
    ['fee', { ...SHORT, fee: 2 }],
    ['close_at_end', { ...SHORT, close_at_end: 'never' }, /open, close, none/],
    ['rank_by', { ...SHORT, rank_by: 'luck' }, /sharpe_ratio/],
    ['colour', { ...SHORT, colour: 'red' }, /unknown.*strategy/],
  ];

  test('each field', async (t) => {
    const { jobs } = await start(t);
    for (const [field, body, message = /./] of cases) {
      const answer = await jobs.post(body);
      assertProblem(answer, 422);
      const problem = answer.json();
      assert.equal(problem.field, field, answer.text);
      assert.match(problem.detail, message, answer.text);
    }
    for (const body of ['', '[1]', '{"strategy":', 'x']) {
      assert.ok([400, 422].includes((await jobs.post(body)).status), body);
    }
    assert.equal((await jobs.get('')).total, 0);
  });

  test('unknown ones are 404, and those that are over cannot be cancelled', async (t) => {
    const { jobs } = await start(t);
    for (const [method, path] of [
      ['GET', '/none'],
      ['GET', '/none/trades'],
      ['GET', '/none/equity'],
      ['DELETE', '/none'],
      ['POST', '/none/restart'],
    ]) {
      assertProblem(await jobs.ask(method, path), 404);
    }
    const id = await jobs.start(SHORT);
    await jobs.completed(id);
    assertProblem(await jobs.ask('DELETE', `/${id}`), 409);
    const trainings = new Jobs(jobs.server, 'training');
    assertProblem(await trainings.ask('GET', `/${id}`), 404);
  });

  test('a full queue is 503, and what waits can be cancelled', async (t) => {
    const { jobs } = await start(t, ['--set', 'jobs.workers=1', '--set', 'jobs.queue=2']);
    const running = await jobs.start(MINUTE_SWEEP);
    await jobs.running(running);
    const waiting = [await jobs.start(SHORT), await jobs.start(SHORT)];
    const refused = await jobs.post(SHORT);
    assertProblem(refused, 503);
    assert.equal(refused.headers.get('retry-after'), '1');
    const { backtests, total } = await jobs.get('?status=queued&limit=1');
    assert.equal(total, 2);
    assert.equal(backtests[0].backtest_id, waiting[1], 'the newest first');
    const cancelled = await jobs.ask('DELETE', `/${waiting[0]}`);
    assert.deepEqual(cancelled.json(), { backtest_id: waiting[0], status: 'cancelled' });
    assert.equal((await jobs.one(waiting[0])).status, 'cancelled');
    await jobs.ask('DELETE', `/${running}`);
    await jobs.completed(waiting[1]);
  });
});

describe('ends', () => {
  test('a cancelled one ends, is told of, and starts again', async (t) => {
    const { server, jobs } = await start(t);
    const stream = await joinChannel(t, server, 'backtest');
    const id = await jobs.start(MINUTE_SWEEP);
    await jobs.running(id);
    const answer = await jobs.ask('DELETE', `/${id}`);
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(answer.json(), { backtest_id: id, status: 'cancelled' });
    assert.equal((await eventsOf(stream, id)).at(-1).status, 'cancelled');
    assert.equal(await jobs.start({}, `/${id}/restart`), id);
    await jobs.running(id);
    assertProblem(await jobs.ask('POST', `/${id}/restart`), 409);
    await jobs.ask('DELETE', `/${id}`);
  });

  test('a crash in the middle fails it with the reason; started again it completes', async (t) => {
    const dataDir = await folderWithBars();
    let server = await Server.start(QUIET, { dataDir });
    t.after(() => server.running && server.kill());
    let jobs = new Jobs(server);
    const done = await jobs.start(SHORT);
    const before = await jobs.completed(done);
    const id = await jobs.start(SMALL_SWEEP);
    await jobs.running(id);
    await server.kill();
    server = await server.again();
    jobs = new Jobs(server);
    const failed = await jobs.over(id);
    assert.equal(failed.status, 'failed');
    assert.match(failed.message, /server ended while it ran/);
    assert.deepEqual(await jobs.one(done), before, 'results are kept');
    assert.ok((await jobs.get(`/${done}/equity`)).points > 0);
    const stream = await joinChannel(t, server, 'backtest', { query: '?since=earliest' });
    assert.equal((await eventsOf(stream, id)).at(-1).status, 'failed', 'and it is told');
    await jobs.start({}, `/${id}/restart`);
    const again = await jobs.completed(id);
    assert.equal(again.sweep.combinations, 1_600);
  });

  test('a stop fails what runs; what waits goes on after the next start', async (t) => {
    const dataDir = await folderWithBars();
    let server = await Server.start([...QUIET, '--set', 'jobs.workers=1'], { dataDir });
    t.after(() => server.running && server.kill());
    let jobs = new Jobs(server);
    const running = await jobs.start(MINUTE_SWEEP);
    await jobs.running(running);
    const waiting = await jobs.start(SHORT);
    await server.stop();
    server = await server.again();
    jobs = new Jobs(server);
    assert.match((await jobs.over(running)).message, /server was stopped while it ran/);
    await jobs.completed(waiting);
  });
});

test('the strategies are listed with their parameters', async (t) => {
  const server = await serve(t, QUIET);
  const answer = await request(server, '/api/v1/strategies');
  assert.equal(answer.status, 200);
  const { strategies, rank_by } = answer.json();
  const names = strategies.map(({ name }) => name);
  for (const name of ['buy_and_hold', 'sma_cross', 'ema_cross', 'rsi', 'bollinger', 'momentum']) {
    assert.ok(names.includes(name), name);
  }
  const [fast] = strategies.find(({ name }) => name === 'sma_cross').parameters;
  assert.equal(fast.name, 'fast');
  assert.equal(fast.type, 'integer');
  assert.equal(fast.default, 10);
  assert.ok(fast.minimum >= 1 && fast.maximum > fast.minimum);
  assert.ok(fast.description.length > 0);
  assert.ok(rank_by.includes('sharpe_ratio'));
});
