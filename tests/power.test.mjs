// What is acknowledged outlasts the loss of power, however the disk has dealt with what was not synced.
// Seed: POWER_SEED, or a new one.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { Trader, apca } from './harness/alpaca.mjs';
import { post, publish, publishLines, sendUserEvent } from './harness/api.mjs';
import { barsOf } from './harness/bars.mjs';
import { temporaryFolder } from './harness/folder.mjs';
import { Jobs } from './harness/jobs.mjs';
import { readLog } from './harness/log.mjs';
import { DEALINGS, Power, takeBack, unsynced } from './harness/power.mjs';
import { randomOf, seedFrom } from './harness/random.mjs';
import { request } from './harness/raw.mjs';
import { userEvent } from './harness/registry.mjs';
import { Server } from './harness/server.mjs';
import { SmallDisk } from './harness/small_disk.mjs';
import { nowSeconds, signed } from './harness/tokens.mjs';

const SEED = seedFrom('POWER_SEED');
const ARGS = ['--source', 'none', '--set', 'server.drain_s=0.5', '--set', 'paper.strategy=none'];
const DAYS = 400;
const day = (n) => new Date(Date.UTC(2020, 0, 1 + n)).toISOString().slice(0, 10);
const CSV = ['date,open,high,low,close,volume']
  .concat(Array.from({ length: DAYS }, (_, n) => `${day(n)},100,110,90,${100 + (n % 9)},1000`))
  .join('\n');

/** A machine: {disk, power}, or why there is none. */
async function machine() {
  const why = await SmallDisk.whyNot();
  if (why) return why;
  const disk = await SmallDisk.make('96m');
  const power = await Power.make(disk);
  if (typeof power === 'string') await disk.remove();
  return typeof power === 'string' ? power : { disk, power };
}

/** Runs a program of node whose writes below `disk` are written down. */
async function write(power, program) {
  const child = spawn(process.execPath, ['-e', program], {
    env: { ...process.env, ...power.env, LD_PRELOAD: power.library },
    stdio: 'inherit',
  });
  const status = await new Promise((resolve) => child.once('exit', resolve));
  assert.equal(status, 0);
}

describe('what is written down of a process', () => {
  const folder = temporaryFolder();
  const file = join(folder, 'file');
  const journaled = async (t, program) => {
    const power = await Power.make({ mountPoint: folder, inside: folder });
    if (typeof power === 'string') return t.skip(power);
    const begin = `const fs = require('fs'); const fd = fs.openSync('${file}', 'w+');
      const put = (text, at) => fs.writeSync(fd, text, at);`;
    await write(power, begin + program);
    return power;
  };
  const chance = () => randomOf(SEED, 'journal');

  test('what was synced stays, and what came after can be taken back', async (t) => {
    const power = await journaled(
      t,
      `put('synced ', 0); put('bytes', 7); fs.fsyncSync(fd);
       put('lost', 3); fs.ftruncateSync(fd, 8); put('and more', 20);`,
    );
    if (!power) return;
    assert.equal(readFileSync(file, 'latin1'), `synlostb${'\0'.repeat(12)}and more`);
    assert.match(power.cut(chance(), 'nothing'), /nothing of file 3/);
    assert.equal(readFileSync(file, 'latin1'), 'synced bytes');
    assert.match(power.cut(chance(), 'nothing'), /no unsynced writes/, 'the rest is on disk now');
  });

  test('writes that the disk has are there again', async (t) => {
    const power = await journaled(t, `put('one', 0); put('two', 1); fs.ftruncateSync(fd, 2);`);
    if (!power) return;
    const writes = [...unsynced(power.read()).values()][0];
    for (const [kept, text] of [
      [[], ''],
      [[0], 'one'],
      [[1], '\0two'],
      [[0, 1], 'otwo'],
      [[0, 1, 2], 'ot'],
    ]) {
      writeFileSync(file, 'ot');
      takeBack(file, writes, (n) => kept.includes(n));
      assert.equal(readFileSync(file, 'latin1'), text, `of the writes ${kept}`);
    }
  });

  test('a new name is there when its folder was synced', async (t) => {
    const power = await journaled(
      t,
      `const to = '${folder}/'; const sync = () => fs.fsyncSync(fs.openSync(to, 'r'));
       fs.renameSync('${file}', to + 'one'); sync(); fs.renameSync(to + 'one', to + 'two');`,
    );
    if (!power) return;
    assert.ok(existsSync(join(folder, 'two')));
    assert.match(power.cut(chance(), 'nothing'), /one under its old name/);
    assert.deepEqual([existsSync(join(folder, 'two')), existsSync(file)], [false, false]);
    assert.ok(existsSync(join(folder, 'one')));
  });

  test('of a large write some sectors', async (t) => {
    const power = await journaled(t, `put(Buffer.alloc(4096, 'x'), 100);`);
    if (!power) return;
    power.cut(chance(), 'some sectors');
    const bytes = Buffer.alloc(8192);
    const fd = openSync(file, 'r');
    const size = readSync(fd, bytes, 0, bytes.length, 0);
    closeSync(fd);
    const there = bytes.subarray(0, size).filter((byte) => byte !== 0).length;
    assert.ok(there > 0 && there < 4096, `${there} bytes`);
  });
});

/** A token of alice. */
const tokenOf = (key, sid) => signed({ sub: 'alice', sid, exp: nowSeconds() + 3600 }, key);

/** Has something acknowledged of each kind; gives what has to be there afterwards. */
async function act(server, key, round) {
  const lines = Array.from({ length: 30 }, (_, n) => ({ topic: 'log/a', data: { round, n } }));
  const ids = [...(await publishLines(server, lines)), ...(await publish(server, lines))];
  const keyed = { topic: 'log/keyed', data: { round } };
  const headers = { 'Idempotency-Key': `key-${round}` };
  const [once] = await publish(server, keyed, { headers });

  const sid = `session-${round}`;
  const token = tokenOf(key, sid);
  const told = { user_id: 'alice', ...userEvent('ai.tool.executing', { round }) };
  const [event] = await sendUserEvent(server, told);
  const revoked = await request(server, `/api/v1/sessions/${sid}`, { method: 'DELETE' });
  assert.equal(revoked.status, 204, revoked.text);

  const imports = new Jobs(server, 'import');
  const query = (symbol) => `?symbol=${symbol}&timeframe=1d`;
  const completed = await imports.start(CSV, query(`DONE${round}`));
  await imports.completed(completed);
  const backtests = new Jobs(server);
  const symbols = [`DONE${round}`];
  const params = { fast: 3, slow: 9 };
  const tested = await backtests.start({ strategy: 'sma_cross', params, symbols, timeframe: '1d' });
  const { results } = await backtests.completed(tested);
  await publish(server, { topic: 'market/ACME', data: { asset_class: 'us_equity', bid: 99, ask: 101 } });
  const made = await post(server, '/api/v1/accounts', { name: `desk-${round}` });
  assert.equal(made.status, 201, made.text);
  const { key_id, secret } = made.json();
  const trader = new Trader(server, `desk-${round}`, apca(key_id, secret));
  const bought = await trader.place({ symbol: 'ACME', qty: '3' });
  const waiting = await trader.place({ symbol: 'ACME', type: 'limit', limit_price: '50' });
  await trader.settled(bought.id, { status: 'filled' });

  // Behind it nothing more is waited for.
  const taken = await imports.start(CSV, query(`TAKEN${round}`));
  return {
    ...{ round, ids, keyed, headers, once, trader, bought, waiting, token, event },
    ...{ completed, tested, results, taken },
  };
}

async function check(server, key, did) {
  const { round, ids, keyed, headers, once, trader, bought, waiting, token, event } = did;
  const log = await readLog(server, 'log/*');
  const own = log.filter(({ data }) => data.round === round).map(({ id }) => id);
  assert.deepEqual(own, [...ids, once]);
  assert.deepEqual(await publish(server, keyed, { headers }), [once], 'the same request again');

  trader.server = server;
  assert.equal((await trader.position('ACME')).qty, '3');
  assert.equal((await trader.order(bought.id)).status, 'filled');
  assert.equal((await trader.order(waiting.id)).status, 'new');

  const refused = await request(server, '/api/v1/events', {
    headers: { Authorization: `Bearer ${token}` },
  });
  assert.equal(refused.status, 401, 'a revoked session');
  const fresh = tokenOf(key, 'another');
  const headersOfAlice = { Authorization: `Bearer ${fresh}` };
  const events = await readLog(server, 'user/alice/*', 'earliest', headersOfAlice);
  assert.ok(events.some(({ id }) => id === event), 'the user event');

  const imports = new Jobs(server, 'import');
  assert.equal((await imports.one(did.completed)).status, 'completed');
  const range = `timeframe=1d&start=2020-01-01&limit=1000`;
  assert.equal((await barsOf(server, `DONE${round}`, range)).length, DAYS);
  const { status, results } = await new Jobs(server).one(did.tested);
  assert.equal(status, 'completed');
  assert.deepEqual(results, did.results);
  // It was under way, or over: if it is not complete it can be, and then it is the whole file.
  const job = await imports.over(did.taken);
  if (job.status !== 'completed') {
    const again = await imports.ask('POST', `/${did.taken}/restart`);
    assert.equal(again.status, 202, again.text);
  }
  assert.equal((await imports.completed(did.taken)).report.imported, DAYS);
  assert.equal((await barsOf(server, `TAKEN${round}`, range)).length, DAYS);
}

describe(`the loss of power, seed ${SEED}`, () => {
  /** {disk, power, options: of a server}; undefined: the test is skipped. */
  const begin = async (t) => {
    const made = await machine();
    if (typeof made === 'string') return t.skip(made);
    const { disk, power } = made;
    t.after(() => disk.remove());
    const env = { ...power.env, LD_PRELOAD: power.library };
    return { disk, power, options: { dataDir: disk.dataDir, wrapper: disk.wrapper, env } };
  };

  test('again and again: all that was acknowledged is there', async (t) => {
    const made = await begin(t);
    if (!made) return;
    const { disk, power, options } = made;
    const chance = randomOf(SEED, 'power');
    let server = await Server.start(ARGS, options);
    t.after(() => server.stop());
    const key = Buffer.from(readFileSync(join(disk.inside, 'data/jwt.key'), 'utf8'), 'base64');
    const all = [];
    for (const dealing of [...DEALINGS, ...DEALINGS]) {
      all.push(await act(server, key, all.length));
      await server.kill();
      t.diagnostic(power.cut(chance, dealing));
      server = await server.again();
      for (const did of all) await check(server, key, did);
    }
  });

  test('while it starts for the first time: it starts again', async (t) => {
    const made = await begin(t);
    if (!made) return;
    const { disk, power, options } = made;
    const chance = randomOf(SEED, 'first start');
    for (let i = 0; i < 12; ++i) {
      const dataDir = join(disk.mountPoint, `first-${i}`);
      const first = new Server(ARGS, { ...options, dataDir });
      await pause(chance.between(0, 120)); // at any moment
      await first.kill();
      power.cut(chance);
      const second = await Server.start(ARGS, { ...options, dataDir });
      const [id] = await publish(second, { topic: 'log/a', data: {} });
      await second.kill();
      power.cut(chance);
      const third = await Server.start(ARGS, { ...options, dataDir });
      assert.deepEqual((await readLog(third, 'log/*')).map((record) => record.id), [id]);
      await third.stop();
    }
  });
});
