// Trainings as jobs of the server, and backtests with the models that they make. What a training
// learns: train_cli.test.mjs.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { closesFile, importBars, walkFile } from './harness/bars.mjs';
import { inside, joinChannel } from './harness/channel.mjs';
import { temporaryFolder } from './harness/folder.mjs';
import { Jobs } from './harness/jobs.mjs';
import { assertProblem } from './harness/problem.mjs';
import { Server, serve } from './harness/server.mjs';

const QUIET = ['--source', 'none'];
// Falls every third day: something to be learned.
const SAW = closesFile(Array.from({ length: 600 }, (_, i) => 100 + (i % 3)));
const WALK = walkFile(60_000);

async function start(t, settings = []) {
  const dataDir = join(temporaryFolder(), 'data');
  await importBars(dataDir, SAW, 'SAW');
  await importBars(dataDir, WALK, 'WALK', '1m');
  const server = await serve(t, [...QUIET, ...settings], { dataDir });
  return { server, trainings: new Jobs(server, 'training'), backtests: new Jobs(server) };
}

const TEACH = { model: 'direction', symbols: ['SAW'], rounds: 20, to: '2025-03-01' };
// Long enough to be stopped in the middle.
const LONG = {
  symbols: ['WALK'],
  timeframe: '1m',
  rounds: 1000,
  params: { early_stopping_rounds: 0, max_depth: 10 },
};

test('every round is told, and the end has the figures of the best', async (t) => {
  const { server, trainings } = await start(t);
  const stream = await joinChannel(t, server, 'training');
  const id = await trainings.start(TEACH);
  const events = [];
  do {
    events.push(inside(await stream.next('an event', ({ event }) => event !== 'ping')));
  } while (events.at(-1).status !== 'completed');
  assert.ok(events.every((event) => event.task_id === id));
  assert.equal(events[0].status, 'queued');
  assert.equal(events.at(-1).progress, 100);
  const told = events.flatMap(({ metrics }) => metrics?.rounds ?? []).map(({ round }) => round);
  assert.deepEqual(
    told,
    told.map((_, i) => i + 1),
    'all rounds, once each',
  );
  const job = await trainings.completed(id);
  const { loss, accuracy, val_loss, val_accuracy } = job.metrics;
  assert.deepEqual(
    [loss, accuracy, val_loss, val_accuracy],
    ['loss', 'accuracy', 'val_loss', 'val_accuracy'].map((name) => events.at(-1).metrics[name]),
  );
  assert.ok(val_accuracy > 0.9, `${val_accuracy}: the saw is easy`);
  const { rounds, total } = await trainings.get(`/${id}/rounds`);
  assert.equal(total, told.length);
  assert.ok(rounds.some((round) => round.val_loss === val_loss));
  const shares = Object.values(job.importance).reduce((sum, share) => sum + share, 0);
  assert.ok(Math.abs(shares - 1) < 1e-6, `${shares}`);
  assert.ok(existsSync(join(server.dataDir, 'models', `${id}.model`)));
  const again = await trainings.completed(await trainings.start(job.request));
  assert.deepEqual(again.metrics, job.metrics, 'the same once more');
});

describe('a model in a backtest', () => {
  test('trades on bars that it has not seen, and on others only where that is allowed', async (t) => {
    const { trainings, backtests } = await start(t);
    const task_id = await trainings.start(TEACH);
    await trainings.completed(task_id);
    const ask = { strategy: 'model', params: { task_id }, symbols: ['SAW'] };
    const fresh = await backtests.completed(await backtests.start({ ...ask, from: '2025-03-02' }));
    assert.ok(fresh.results.trades > 10);
    assert.ok(fresh.results.total_return > 0, 'it has learned the saw');
    const seen = await backtests.post(ask);
    assertProblem(seen, 422);
    assert.equal(seen.json().field, 'params.allow_lookahead');
    const allowed = { ...ask, params: { task_id, allow_lookahead: true } };
    await backtests.completed(await backtests.start(allowed));
  });

  test('of a sweep is skipped where it may not be used', async (t) => {
    const { trainings, backtests } = await start(t);
    const task_id = await trainings.start(TEACH);
    await trainings.completed(task_id);
    const ask = { strategy: 'model', symbols: ['SAW'], from: '2025-03-02' };
    const params = { task_id: ['none', task_id], threshold: [0.4, 0.6] };
    const done = await backtests.completed(await backtests.start({ ...ask, params }));
    assert.deepEqual([done.sweep.combinations, done.sweep.skipped], [2, 2]);
    assert.equal(done.sweep.best.params.task_id, task_id);
    const seen = { ...params, allow_lookahead: [false, true] };
    const half = await backtests.completed(
      await backtests.start({ ...ask, from: undefined, params: seen }),
    );
    assert.deepEqual([half.sweep.combinations, half.sweep.skipped], [2, 6]);
    const none = await backtests.post({ ...ask, params: { ...params, task_id: ['none', 'nil'] } });
    assertProblem(none, 422);
    assert.equal(none.json().field, 'params.task_id');
    assert.match(
      none.json().detail,
      /^none of the 4 combinations can be run; the first: there is no model of a training none/,
    );
  });

  test('is gone once its training is begun anew, whatever becomes of that', async (t) => {
    const { server, trainings, backtests } = await start(t, ['--set', 'jobs.workers=1']);
    const task_id = await trainings.start(TEACH);
    await trainings.completed(task_id);
    const model = join(server.dataDir, 'models', `${task_id}.model`);
    assert.ok(existsSync(model));
    const long = await trainings.start(LONG);
    await trainings.when(long, ({ status }) => status === 'running');
    assert.equal((await trainings.post({}, `/${task_id}/restart`)).status, 202);
    assert.ok(!existsSync(model), 'while it waits');
    assert.equal((await trainings.ask('DELETE', `/${task_id}`)).json().status, 'cancelled');
    const ask = { strategy: 'model', params: { task_id }, symbols: ['SAW'], from: '2025-03-02' };
    const answer = await backtests.post(ask);
    assertProblem(answer, 422);
    assert.match(answer.json().detail, /only one that has completed has made one/);
    await trainings.ask('DELETE', `/${long}`);
    assert.equal((await trainings.post({}, `/${task_id}/restart`)).status, 202);
    await trainings.completed(task_id);
    assert.ok(existsSync(model), 'another one is there');
  });

  test('of which there is none', async (t) => {
    const { backtests } = await start(t);
    for (const [task_id, message] of [
      ['none', /^there is no model of a training none: only one that has completed has made one$/],
      ['../../etc/passwd', /^task_id must be the id of a training that has completed$/],
    ]) {
      const answer = await backtests.post({
        strategy: 'model',
        params: { task_id },
        symbols: ['SAW'],
      });
      assertProblem(answer, 422);
      assert.equal(answer.json().field, 'params.task_id');
      assert.match(answer.json().detail, message);
    }
  });
});

test('what is wrong is told, with what is right', async (t) => {
  const { trainings } = await start(t);
  for (const [field, body, message = /./] of [
    ['model', { ...TEACH, model: 'gpt' }, /direction/],
    ['symbols', { rounds: 3 }, /missing/],
    ['symbols', { ...TEACH, symbols: ['NONE'] }, /SAW/],
    ['timeframe', { ...TEACH, timeframe: '1h' }, /1d/],
    ['rounds', { ...TEACH, rounds: 0 }, /1 to 1000/],
    ['rounds', { ...TEACH, rounds: 'many' }],
    ['params.depth', { ...TEACH, params: { depth: 3 } }, /max_depth/],
    ['params.max_depth', { ...TEACH, params: { max_depth: 99 } }, /1 to 10/],
    ['from', { ...TEACH, from: '2026-01-01' }],
    ['speed', { ...TEACH, speed: 1 }, /unknown/],
  ]) {
    const answer = await trainings.post(body);
    assertProblem(answer, 422);
    assert.equal(answer.json().field, field, answer.text);
    assert.match(answer.json().detail, message);
  }
  const few = await trainings.over(await trainings.start({ ...TEACH, to: '2024-02-10' }));
  assert.equal(few.status, 'failed');
  assert.match(few.message, /sample/);
});

test('it is cancelled, and a crash of the server fails it', async (t) => {
  const { server: first, trainings } = await start(t);
  const cancelled = await trainings.start(LONG);
  await trainings.when(cancelled, ({ records }) => records > 0);
  const answer = await trainings.ask('DELETE', `/${cancelled}`);
  assert.deepEqual(answer.json(), { task_id: cancelled, status: 'cancelled' });
  await first.stop();

  const server = await Server.start(QUIET, { dataDir: first.dataDir });
  t.after(() => server.running && server.kill());
  const before = new Jobs(server, 'training');
  const id = await before.start(LONG);
  await before.when(id, ({ records }) => records > 0);
  await server.kill();
  const next = await server.again();
  t.after(() => next.running && next.kill());
  assert.match((await new Jobs(next, 'training').over(id)).message, /server ended while it ran/);
});
