// The processes in which the jobs of a server are computed: beside it, of lowest priority, and gone
// when they are to be; what becomes of a job whose process dies.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { MINUTE_SWEEP, start } from './harness/backtests.mjs';
import { walkFile } from './harness/bars.mjs';
import { livetape } from './harness/command.mjs';
import { Jobs } from './harness/jobs.mjs';
import { childrenOf, isGone, SCHED_IDLE, schedulingOf } from './harness/processes.mjs';
import { until } from './harness/until.mjs';

/** The only process that the server has started, once there is one. */
async function processOf(server) {
  return until('its process', () => childrenOf(server.child.pid)[0], { every: 1 });
}

/** A job that computes, and the pid of the process in which it does. */
async function running(server, jobs, body = MINUTE_SWEEP) {
  const id = await jobs.start(body);
  const pid = await processOf(server);
  await jobs.when(id, ({ progress }) => progress > 0);
  return { id, pid };
}

function killIfThere(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

const gone = (pid) => until('its end', () => isGone(pid));

test('a job is computed beside the server, only when nobody wants the processor', async (t) => {
  const { server, jobs } = await start(t);
  const { pid } = await running(server, jobs);
  assert.deepEqual(schedulingOf(pid), { session: pid, nice: 19, policy: SCHED_IDLE });
  assert.equal(readFileSync(`/proc/${pid}/oom_score_adj`, 'utf8').trim(), '1000');
});

test('one that is cancelled has no process any more', async (t) => {
  const { server, jobs } = await start(t);
  const { id, pid } = await running(server, jobs);
  assert.equal((await jobs.ask('DELETE', `/${id}`)).status, 200);
  await gone(pid);
});

test('one whose process is killed has failed, the server goes on, and it can be started again', async (t) => {
  const { server, jobs } = await start(t);
  const { id, pid } = await running(server, jobs);
  process.kill(pid, 'SIGKILL');
  const failed = await jobs.over(id);
  assert.equal(failed.status, 'failed');
  assert.match(failed.message, /its process ended with signal 9 \(Killed\)/);
  await jobs.start({}, `/${id}/restart`);
  await jobs.when(id, ({ status, progress }) => status === 'running' && progress > 0);
});

test('no process outlives a server that is killed', async (t) => {
  const { server, jobs } = await start(t);
  const { pid } = await running(server, jobs);
  await server.kill();
  await gone(pid);
});

test('an import whose process is killed can be tried again: its file is still there', async (t) => {
  const { server } = await start(t);
  const jobs = new Jobs(server, 'import');
  const body = readFileSync(walkFile(500_000));
  // It may be over before it is killed: then another is killed.
  for (let attempt = 1; ; attempt += 1) {
    const path = '/api/v1/imports?symbol=UPS&timeframe=1m';
    const answer = await fetch(`${server.url}${path}`, { method: 'POST', body });
    const { import_id: id } = await answer.json();
    const pid = await Promise.race([processOf(server), jobs.over(id).then(() => null)]);
    if (pid !== null) killIfThere(pid);
    const job = await jobs.over(id);
    if (job.status === 'completed' && attempt < 20) continue;
    assert.match(job.message, /its process ended with signal 9/);
    await jobs.start({}, `/${id}/restart`);
    assert.equal((await jobs.completed(id)).report.imported, 500_000);
    return;
  }
});

test('the process is not for users: no help shows it, and nonsense is refused', async () => {
  const help = await livetape(['--help']);
  assert.doesNotMatch(help.stdout, /job-worker/);
  const { status, stderr } = await livetape(['job-worker', '--data-dir', '.', '--threads', '1']);
  assert.equal(status, 1);
  assert.match(stderr, /the order ends too early/);
});
