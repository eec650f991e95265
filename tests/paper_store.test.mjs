// store.db between two runs: deleted, damaged, and deleted when the tape has forgotten the
// beginning (docs/formats/store.md, "When it is damaged").

import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { Trader, apca, assertHas, listed } from './harness/alpaca.mjs';
import { assertBooks } from './harness/ledger.mjs';
import { metric } from './harness/metrics.mjs';
import { Server, serve } from './harness/server.mjs';
import { until } from './harness/until.mjs';

const QUIET = ['--source', 'none', '--set', 'server.drain_s=0.5'];
const FILES = ['store.db', 'store.db-wal', 'store.db-shm'];

const removeStore = (server) => {
  for (const name of FILES) rmSync(join(server.dataDir, name), { force: true });
};

/** The server's data and address once more, for this test. */
async function start(t, server, args = server.args) {
  const next = await server.again(args);
  t.after(() => next.running && next.kill());
  return next;
}

/** All that is known of an account, but when it was asked. */
async function booksOf(trader) {
  const { timestamp, ...status } = await trader.status();
  const { balance_asof, ...account } = await trader.get('/v2/account');
  return {
    account,
    status: { ...status, max_drawdown: undefined }, // it is sampled, and samples are not on the tape
    configuration: await trader.get('/v2/account/configurations'),
    orders: await trader.get('/v2/orders?status=all&limit=500'),
    nested: await trader.get('/v2/orders?status=all&limit=500&nested=true'),
    activities: await trader.get('/v2/account/activities'),
    trades: await trader.get(`/api/paper-trading/trades?account=${trader.account}&limit=1000`),
  };
}

/** One with a bit of everything; gives the traders. */
async function liveThrough(server) {
  const [share, other] = [await listed(server, 99, 101), await listed(server, 10, 10)];
  const visitor = new Trader(server);
  const made = await visitor.ok('POST', '/api/v1/accounts', { name: 'made', fee: 0.002 }, 201);
  const busy = new Trader(server, 'made', apca(made.key_id, made.secret));
  const [reset, halted] = [new Trader(server, 'reset'), new Trader(server, 'halted')];
  for (const trader of [busy, reset, halted]) {
    await trader.place({ symbol: share.symbol, qty: '7.5' });
    await trader.place({ symbol: other.symbol, side: 'sell', qty: '3' });
    await trader.place({ symbol: share.symbol, side: 'sell', qty: '2.25' });
  }
  await busy.place({
    symbol: share.symbol,
    qty: '2',
    order_class: 'bracket',
    take_profit: { limit_price: '130' },
    stop_loss: { stop_price: '70' },
  });
  const limit = { symbol: share.symbol, type: 'limit', limit_price: '90' };
  const first = await busy.place({ ...limit, client_order_id: 'mine' });
  await busy.ok('PATCH', `/v2/orders/${first.id}`, { limit_price: '91' });
  const trailing = { symbol: other.symbol, type: 'trailing_stop', trail_price: '1' };
  await busy.place({ ...trailing, time_in_force: 'gtc' });
  await busy.ok('PATCH', '/v2/account/configurations', { no_shorting: true });
  await busy.refused({ symbol: share.symbol, qty: '1000000' }, { status: 403, code: 40310000 });
  await reset.ok('POST', '/v2/account/reset');
  await halted.ok('PUT', '/api/v1/accounts/halted/state', { state: 'HALTED' });
  const prices = async (at) => {
    for (const each of [share, other]) each.server = at;
    await share.quote(99, 101);
    await other.quote(10, 10);
  };
  return { traders: [busy, reset, halted], prices, share };
}

describe('without its store', () => {
  for (const kill of [false, true]) {
    test(`${kill ? 'after kill -9' : 'after a clean stop'} all accounts are made again`, async (t) => {
      const old = await Server.start(QUIET);
      t.after(() => old.running && old.kill());
      const { traders, prices, share } = await liveThrough(old);
      const before = [];
      for (const trader of traders) before.push(await booksOf(trader));
      await (kill ? old.kill() : old.stop());
      removeStore(old);
      const server = await start(t, old);
      await prices(server);
      for (const [i, trader] of traders.entries()) {
        trader.server = server;
        assert.deepEqual(await booksOf(trader), before[i], trader.account);
      }
      const [busy, reset] = traders;
      await assertBooks(busy, '100000');
      assert.equal((await busy.get('/v2/account/portfolio/history?period=1D')).base_value, 100_000);

      // Names and numbers that were used are not used again.
      const limit = { symbol: share.symbol, type: 'limit', limit_price: '90' };
      const again = await busy.place({ ...limit, client_order_id: 'mine' });
      assertHas(again, { status: 'replaced' });
      const fresh = await busy.place({ symbol: share.symbol });
      assert.ok(!before[0].orders.some(({ id }) => id === fresh.id));
      await assertBooks(busy, '100000');
      assertHas(await reset.get('/v2/account'), { cash: '100000', equity: '100000' });
    });
  }
});

describe('a damaged store', () => {
  for (const [what, damage] of [
    ['is no database', (file) => writeFileSync(file, 'no database at all\n'.repeat(500))],
    ['is cut short', (file) => writeFileSync(file, 'SQLite format 3\0')],
    [
      'is a folder',
      (file) => {
        rmSync(file);
        mkdirSync(file);
      },
    ],
  ]) {
    test(`that ${what} is refused by name, and moved away it is made again`, async (t) => {
      const old = await serve(t, QUIET);
      const { traders, prices } = await liveThrough(old);
      const before = await booksOf(traders[0]);
      await old.stop();
      const file = join(old.dataDir, 'store.db');
      for (const name of FILES.slice(1)) rmSync(join(old.dataDir, name), { force: true });
      damage(file);
      await assert.rejects(start(t, old), (error) => {
        assert.match(error.message, /ended with 1/);
        assert.ok(error.message.includes(file), error.message);
        return true;
      });
      renameSync(file, join(old.folder, 'store.damaged'));
      traders[0].server = await start(t, old);
      await prices(traders[0].server);
      assert.deepEqual(await booksOf(traders[0]), before);
    });
  }
});

test('what neither the tape nor a store has is told, and trading goes on', async (t) => {
  const args = [...QUIET, '--set', 'tape.keep_records=64', '--set', 'tape.ring=1024'];
  const old = await Server.start(args);
  t.after(() => old.running && old.kill());
  const share = await listed(old, 10, 10);
  const trader = new Trader(old, 'long-lived');
  await until('a tape that has forgotten the beginning', async () => {
    for (let i = 0; i < 50; ++i) await trader.place({ symbol: share.symbol });
    return (await metric(old, 'livetape_tape_oldest')) > 10;
  });
  await old.stop();
  removeStore(old);
  trader.server = share.server = await start(t, old);
  assert.match(
    trader.server.stderr,
    /long-lived is made again without what came before record \d+/,
  );
  await share.quote(10, 10);
  const order = await trader.place({ symbol: share.symbol });
  assertHas(order, { status: 'filled', filled_avg_price: '10' });
  const { cash } = await trader.get('/v2/account');
  const { qty } = await trader.position(share.symbol);
  assert.equal(Number(cash) + 10 * Number(qty), 100_000, 'what it has is in itself right');
});
