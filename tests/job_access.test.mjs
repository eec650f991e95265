// Whose jobs are whose: who may begin, end and tell of them, on which bars.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { post } from './harness/api.mjs';
import { MINUTE_SWEEP, SHORT, start } from './harness/backtests.mjs';
import { Jobs } from './harness/jobs.mjs';
import { assertProblem } from './harness/problem.mjs';
import { mint } from './harness/tokens.mjs';

describe('access', () => {
  test('only who began it, and admins, may end it', async (t) => {
    const { server } = await start(t, ['--set', 'auth.mode=jwt']);
    const scope = 'subscribe publish';
    const alice = new Jobs(server, 'backtest', await mint(server, 'alice', { scope }));
    const bob = new Jobs(server, 'backtest', await mint(server, 'bob', { scope }));
    const admin = await mint(server, 'root', { scope: `${scope} admin` });
    assert.equal((await new Jobs(server).post(SHORT)).status, 401);
    const reader = new Jobs(server, 'backtest', await mint(server, 'carl'));
    assertProblem(await reader.post(SHORT), 403);
    const id = await alice.start(MINUTE_SWEEP);
    await alice.running(id);
    assertProblem(await bob.ask('DELETE', `/${id}`), 403);
    assert.equal((await reader.one(id)).status, 'running');
    const narrow = await mint(server, 'dora', { scope, topics: ['market/*'] });
    assertProblem(await new Jobs(server, 'backtest', narrow).ask('GET', `/${id}`), 403);
    assert.equal((await new Jobs(server, 'backtest', admin).ask('DELETE', `/${id}`)).status, 200);
  });

  test('on bars of symbols that the token grants', async (t) => {
    const { server } = await start(t, ['--set', 'auth.mode=jwt']);
    const scope = 'subscribe publish';
    const jobs = async (...topics) =>
      new Jobs(server, 'backtest', await mint(server, 'alice', { scope, topics }));
    const none = await jobs('jobs/backtest/*');
    const refused = await none.post(SHORT);
    assertProblem(refused, 403);
    assert.match(refused.json().detail, /market\/UPS/);
    const ups = await jobs('jobs/backtest/*', 'market/UPS');
    await ups.completed(await ups.start(SHORT));
    assertProblem(await ups.post(MINUTE_SWEEP), 403);
  });
});

test('of the server\'s own jobs nobody else tells', async (t) => {
  const { server, jobs } = await start(t);
  const id = await jobs.start(SHORT);
  await jobs.completed(id);
  const event = { backtest_id: id, progress: 50, status: 'running' };
  const answer = await post(server, '/api/v1/sse/backtest', event);
  assertProblem(answer, 403);
  assert.equal(answer.json().field, 'backtest_id');
  assert.match(answer.json().detail, /is a job of this server, which alone tells of it/);
  for (const [channel, body] of [
    ['backtest', { ...event, backtest_id: 'mine' }],
    ['training', { task_id: id, progress: 50, status: 'running' }],
  ]) {
    assert.equal((await post(server, `/api/v1/sse/${channel}`, body)).status, 200, channel);
  }
});
