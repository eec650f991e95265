// market.hours=exchange, through the days around Thanksgiving 2035. The floor's clock is that of a
// replayed file, which is over at once: each restart with the next file moves it on. The market
// that is traded is published by the test.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Listing, Trader, assertHas } from './harness/alpaca.mjs';
import { assertBooks } from './harness/ledger.mjs';
import { temporaryFolder } from './harness/folder.mjs';
import { Server } from './harness/server.mjs';
import { until } from './harness/until.mjs';

const folder = temporaryFolder();

/** A server whose floor has come to `time`, on the data of the one before it. */
class Exchange {
  trader = new Trader(undefined, 'floor');
  share = new Listing(undefined);
  coin = new Listing(undefined, 'crypto');

  constructor(t) {
    t.after(() => this.server?.running && this.server.kill());
  }

  async at(time) {
    const file = join(folder, `${time.replaceAll(/\W/g, '')}.csv`);
    writeFileSync(file, `time,price,symbol\n${time},1,CLOCK\n`);
    await this.server?.stop();
    const source = ['--source', `replay:${file},speed=0`, '--set', 'market.hours=exchange'];
    this.server = await Server.start(source, { dataDir: this.server?.dataDir });
    for (const each of [this.trader, this.share, this.coin]) each.server = this.server;
    const seconds = Date.parse(time) / 1000;
    return until(`the floor at ${time}`, async () => {
      const clock = await this.trader.get('/v2/clock');
      return Date.parse(clock.timestamp) / 1000 === seconds && clock;
    });
  }

  place(fields) {
    return this.trader.place({ symbol: this.share.symbol, ...fields });
  }

  async is(order, fields) {
    assertHas(await this.trader.order(order.id), fields);
  }
}

test('orders wait for the session, end with it, and the day ends at four', async (t) => {
  const floor = new Exchange(t);
  const { trader, share } = floor;

  assertHas(await floor.at('2035-11-21T14:00:00Z'), {
    is_open: false,
    next_open: '2035-11-21T09:30:00-05:00',
    next_close: '2035-11-21T16:00:00-05:00',
  });
  await share.quote(99, 101);
  await floor.coin.quote(10, 10);
  const orders = {
    market: await floor.place({}),
    low: await floor.place({ type: 'limit', limit_price: '90' }),
    kept: await floor.place({ type: 'limit', limit_price: '80', time_in_force: 'gtc' }),
    ioc: await floor.place({ time_in_force: 'ioc' }),
    opening: await floor.place({ time_in_force: 'opg', qty: '2' }),
    closing: await floor.place({ time_in_force: 'cls', qty: '3' }),
  };
  for (const order of Object.values(orders)) assertHas(order, { status: 'accepted' });
  const withdrawn = await floor.place({});
  await trader.ok('DELETE', `/v2/orders/${withdrawn.id}`, undefined, 204);
  const coin = await floor.place({ symbol: floor.coin.symbol, time_in_force: 'gtc' });
  assertHas(coin, { status: 'filled', filled_avg_price: '10' });

  assertHas(await floor.at('2035-11-21T14:30:00Z'), {
    is_open: true,
    next_close: '2035-11-21T16:00:00-05:00',
  });
  await floor.is(orders.market, { status: 'accepted' }); // the session has no quote yet
  await share.quote(102, 103);
  await floor.is(orders.market, { status: 'filled', filled_avg_price: '103' });
  await floor.is(orders.opening, { status: 'filled', filled_avg_price: '103', filled_qty: '2' });
  await floor.is(orders.ioc, { status: 'filled', filled_avg_price: '103' });
  for (const each of [orders.low, orders.kept]) await floor.is(each, { status: 'new' });
  await floor.is(orders.closing, { status: 'accepted' });
  await floor.is(withdrawn, { status: 'canceled' });
  assertHas(await floor.place({}), { status: 'filled' });
  await share.quote(109, 111);
  assertHas(await trader.get('/v2/account'), { last_equity: '100000', equity: '100035' });

  assertHas(await floor.at('2035-11-21T21:01:00Z'), {
    is_open: false,
    next_open: '2035-11-23T09:30:00-05:00', // not on Thanksgiving
    next_close: '2035-11-23T13:00:00-05:00', // half a day
  });
  await floor.is(orders.closing, { status: 'filled', filled_avg_price: '110', filled_qty: '3' });
  await floor.is(orders.low, { status: 'expired', filled_qty: '0' });
  await floor.is(orders.kept, { status: 'new' });
  assertHas(await trader.get('/v2/account'), { last_equity: '100035', equity: '100035' });
  assert.equal((await trader.status()).day_pnl, 0);
  const after = await floor.place({});
  assertHas(after, { status: 'accepted' });

  assertHas(await floor.at('2035-11-22T17:00:00Z'), { is_open: false });
  await share.quote(112, 112);
  await floor.is(after, { status: 'accepted' });

  assertHas(await floor.at('2035-11-23T17:00:00Z'), { is_open: true });
  await share.quote(120, 120);
  await floor.is(after, { status: 'filled', filled_avg_price: '120' });

  assertHas(await floor.at('2035-11-23T18:00:00Z'), {
    is_open: false,
    next_open: '2035-11-26T09:30:00-05:00',
  });
  await floor.is(orders.kept, { status: 'new' });
  await assertBooks(trader, '100000');
  await floor.server.stop();
});

test('a folder of the recorded clock is refused to one of wall time', async (t) => {
  const floor = new Exchange(t);
  await floor.at('2035-11-21T15:00:00Z');
  await floor.server.stop();
  const { dataDir } = floor.server;
  await assert.rejects(Server.start(['--source', 'none'], { dataDir }), /clock|replay/i);
});

test('a recording that begins before what the accounts have seen is told at the start', async (t) => {
  const floor = new Exchange(t);
  const told = /the recording begins at 2035-11-21T15:.* have been traded until 2035-11-21T16:/;
  await floor.at('2035-11-21T15:00:00Z');
  await floor.at('2035-11-21T16:00:00Z');
  assert.doesNotMatch(floor.server.stderr, /the recording begins/);
  await floor.share.quote(99, 101);
  assertHas(await floor.place({}), { status: 'filled' });
  await floor.at('2035-11-21T15:00:00Z');
  assert.match(floor.server.stderr, told);
});
