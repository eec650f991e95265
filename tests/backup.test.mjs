// `livetape backup`: a copy that a server can start on, made while another one works on the folder.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, openSync, readdirSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { assertHas, listed, newTrader, Trader } from './harness/alpaca.mjs';
import { bearer, publish } from './harness/api.mjs';
import { closesFile, importBars } from './harness/bars.mjs';
import { livetape, run } from './harness/command.mjs';
import { temporaryFolder } from './harness/folder.mjs';
import { Jobs } from './harness/jobs.mjs';
import { request } from './harness/raw.mjs';
import { BINARY, Server, cleanEnvironment, serve } from './harness/server.mjs';
import { SmallDisk } from './harness/small_disk.mjs';
import { named, openStream, payload } from './harness/sse.mjs';
import { mint } from './harness/tokens.mjs';
import { until } from './harness/until.mjs';

const QUIET = ['--source', 'none', '--set', 'server.drain_s=0.5'];

/** Makes a backup that has to succeed; gives its folder. */
async function backup(dataDir) {
  const to = join(temporaryFolder(), 'backup');
  const { status, stdout, stderr } = await livetape(['backup', '--data-dir', dataDir, `${to}/`]);
  assert.equal(status, 0, stderr);
  assert.match(stdout, /: \d+ records, and the books; \d+ files of models and imports\n/);
  return to;
}

/** One that has to fail, and to leave nothing; gives what it says. */
async function refused(dataDir, to) {
  const { status, stderr } = await livetape(['backup', '--data-dir', dataDir, to]);
  assert.equal(status, 1);
  assert.ok(!existsSync(`${to}.unfinished`), 'what was begun is gone');
  return stderr;
}

const numberOf = (id) => id.split('-')[1]; // the rest is the epoch, which a backup has anew

/** Everything on the tape of a server under a topic, with its id. */
async function recordsOf(t, server, topic, count) {
  const path = `/api/v1/stream?topics=${topic}&since=earliest`;
  const stream = await openStream(t, server, path);
  return stream.take('a record', count, named('message'));
}

test('beside a server that is written to: whole, and of one moment', async (t) => {
  const server = await serve(t, QUIET);
  const trader = newTrader(server);
  const share = await listed(server, 99, 101);
  const acknowledged = [];
  let writing = true;
  const writer = (async () => {
    for (let n = 0; writing; ++n) {
      acknowledged.push(...(await publish(server, { topic: 'desk/a', data: n })));
      await trader.place({ symbol: share.symbol });
    }
  })();
  for (let round = 0; round < 3; ++round) {
    const enough = acknowledged.length + 10;
    await until(() => `${enough} records`, () => acknowledged.length >= enough);
    const before = acknowledged.length;
    const to = await backup(server.dataDir);
    assert.deepEqual(readdirSync(to).sort(), ['jobs.db', 'jwt.key', 'store.db', 'tape.db']);
    assert.equal(statSync(to).mode & 0o777, 0o700);
    assert.equal((await livetape(['tape', 'check', '--data-dir', to])).status, 0);
    const copy = await Server.start(QUIET, { dataDir: to });
    t.after(() => copy.stop());
    const records = await recordsOf(t, copy, 'desk/a', before);
    assert.deepEqual(
      records.map((record) => [numberOf(record.id), payload(record).data]),
      acknowledged.slice(0, before).map((id, n) => [numberOf(id), n]),
      'all that was acknowledged before',
    );
    // Money, position, orders and fills tell the same story.
    const there = new Trader(copy, trader.account);
    const { trades_executed: filled, balance } = await there.status();
    assert.ok(filled >= before - 1, `${filled} of ${before}`); // the last may be under way
    assert.equal(balance, 100_000 - 101 * filled);
    const { total } = await there.get('/api/paper-trading/trades?account=' + trader.account);
    assert.equal(total, filled);
    assertHas(await there.position(share.symbol), { qty: String(filled) });
  }
  writing = false;
  await writer;
});

test('who has seen more than the backup is told, and numbers are not used twice', async (t) => {
  const server = await serve(t, QUIET);
  await publish(server, { topic: 'desk/a', data: 1 });
  const to = await backup(server.dataDir);
  const [later] = await publish(server, { topic: 'desk/a', data: 2 });
  const copy = await serve(t, QUIET, { dataDir: to });
  const [other] = await publish(copy, { topic: 'desk/a', data: 3 });
  assert.notEqual(other.split('-')[0], later.split('-')[0], 'another epoch');
  const headers = { 'Last-Event-ID': later };
  const stream = await openStream(t, copy, '/api/v1/stream?topics=desk/*', { headers });
  assert.equal(payload(await stream.next('a gap', named('gap'))).reason, 'future');
});

test('tokens, results and models are in it', async (t) => {
  const dataDir = join(temporaryFolder(), 'data');
  await importBars(dataDir, closesFile(Array.from({ length: 400 }, (_, i) => 100 + (i % 3))), 'SAW');
  const locked = [...QUIET, '--set', 'auth.mode=jwt'];
  const server = await serve(t, locked, { dataDir });
  const token = await mint(server, 'alice', { scope: 'subscribe publish' });
  const trainings = new Jobs(server, 'training', token);
  const task_id = await trainings.start({ model: 'direction', symbols: ['SAW'], rounds: 5 });
  const done = await trainings.completed(task_id);
  const to = await backup(dataDir);
  const copy = await serve(t, locked, { dataDir: to });
  const there = new Jobs(copy, 'training', token);
  assert.deepEqual((await there.one(task_id)).metrics, done.metrics);
  const params = { task_id, allow_lookahead: true };
  const tests = new Jobs(copy, 'backtest', token);
  await tests.completed(await tests.start({ strategy: 'model', params, symbols: ['SAW'] }));
  assert.equal((await request(copy, '/metrics', { headers: bearer(token) })).status, 403);
});

test('of a server that was killed, and of one that was stopped', async () => {
  const server = await Server.start(QUIET);
  const ids = await publish(server, { topic: 'desk/a', data: 1 });
  await server.kill();
  const killed = await backup(server.dataDir);
  const next = await server.again();
  ids.push(...(await publish(next, { topic: 'desk/a', data: 2 })));
  await next.stop();
  for (const [to, count] of [
    [killed, 1],
    [await backup(server.dataDir), 2],
  ]) {
    const { status, stdout } = await livetape(['tape', 'check', '--data-dir', to]);
    assert.equal(status, 0, stdout);
    assert.match(stdout, new RegExp(`^${count} records`));
  }
});

test('what is wrong is told, and nothing is left', async (t) => {
  const server = await Server.start(QUIET);
  for (let i = 0; i < 50; ++i) await publish(server, { topic: 'desk/a', data: 'x'.repeat(30_000) });
  await server.stop();
  const { dataDir } = server;
  const folder = temporaryFolder();
  assert.match(await refused(dataDir, folder), /is there already; name a folder that is to be made/);
  assert.match(await refused(folder, join(folder, 'to')), /there is no tape in .*--data-dir/);
  const left = join(folder, 'begun');
  mkdirSync(`${left}.unfinished`);
  const { status, stderr } = await livetape(['backup', '--data-dir', dataDir, left]);
  assert.equal(status, 1);
  assert.match(stderr, /begun\.unfinished is there already; remove what an earlier backup has left/);

  await t.test('a full disk', { skip: await SmallDisk.whyNot() }, async (t) => {
    const disk = await SmallDisk.make('1m');
    t.after(() => disk.remove());
    const [enter, ...how] = disk.wrapper;
    const command = [BINARY, 'backup', '--data-dir', dataDir, join(disk.mountPoint, 'to')];
    const { status, stderr } = await run(enter, [...how, ...command], { env: cleanEnvironment() });
    assert.equal(status, 1);
    assert.match(stderr, /cannot copy .*tape\.db to .*: database or disk is full/);
    assert.deepEqual(readdirSync(disk.inside), []);
  });

  const file = openSync(join(dataDir, 'tape.db'), 'r+');
  writeSync(file, 'damage', statSync(join(dataDir, 'tape.db')).size >> 1);
  assert.match(await refused(dataDir, join(folder, 'to')), /the tape is damaged, so there is no backup/);
});
