// Paper trading on the dashboard channel: metrics, positions, orders and the market of each
// account.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { listed, newTrader } from './harness/alpaca.mjs';
import { inside, joinChannel } from './harness/channel.mjs';
import { Server } from './harness/server.mjs';
import { payload } from './harness/sse.mjs';

let server;
before(async () => (server = await Server.start(['--source', 'none'])));
after(() => server.stop());

/** A trader whose account exists, and a share. */
async function desk(bid = 99, ask = 101) {
  const trader = newTrader(server);
  await trader.get('/v2/account');
  const share = await listed(server, bid, ask);
  const place = (fields) => trader.place({ symbol: share.symbol, ...fields });
  return { trader, share, place };
}

const update = async (stream, type, accept = () => true) => {
  const fits = (block) => {
    if (block.event !== 'dashboard_update') return false;
    const { update_type, account, data } = payload(block).data;
    return update_type === type && accept(data, account);
  };
  const block = await stream.next(`${type} of the dashboard`, fits);
  assert.equal(block.id, undefined);
  return inside(block);
};

test('shows metrics, positions, orders and the market of an account', async (t) => {
  const { trader, share, place } = await desk(100, 100);
  const mine = (accept) => (data, account) => account === trader.account && accept(data);
  const stream = await joinChannel(t, server, 'dashboard');
  const order = await place({ type: 'limit', limit_price: '50' });
  const { data: orders } = await update(
    stream,
    'orders',
    mine((data) => data.orders.length === 1),
  );
  assert.equal(orders.orders[0].id, order.id);
  await place({ qty: '10' });
  const { data: metrics } = await update(
    stream,
    'metrics',
    mine((data) => data.trades_executed === 1),
  );
  assert.equal(metrics.equity, 100_000);
  const { data: positions } = await update(
    stream,
    'positions',
    mine((data) => data.positions.length === 1),
  );
  assert.equal(positions.positions[0].symbol, share.symbol);
  assert.equal(positions.positions[0].quantity, 10);
  await share.quote(120, 120);
  const { data: market } = await update(
    stream,
    'market',
    mine(({ quotes }) =>
      quotes.find(({ symbol, price }) => symbol === share.symbol && price === 120),
    ),
  );
  assert.ok(market.quotes.length >= 1);
  await update(
    stream,
    'metrics',
    mine(({ equity }) => equity === 100_200),
  );
});

test('a key changes at most four times a second', async (t) => {
  const { trader, share, place } = await desk(100, 100);
  await place({ qty: '1' });
  const stream = await joinChannel(t, server, 'dashboard');
  const began = performance.now();
  for (let i = 1; i <= 60; ++i) await share.quote(100 + i, 100 + i);
  let seen = 0;
  await update(stream, 'metrics', (data, account) => {
    if (account !== trader.account) return false;
    ++seen;
    return data.equity === 100_060;
  });
  const most = Math.ceil((performance.now() - began) / 250) + 1;
  assert.ok(seen <= most, `${seen} updates where ${most} fit`);
});

test('has the state of all accounts for who comes late', async (t) => {
  const { trader, place } = await desk();
  await place({});
  const early = await joinChannel(t, server, 'dashboard');
  await update(early, 'positions', (data, account) => account === trader.account && data.total);
  const late = await joinChannel(t, server, 'dashboard');
  const missing = new Set(['metrics', 'positions', 'orders', 'market']);
  while (missing.size) {
    const { data } = payload(
      await late.next([...missing], ({ event }) => event === 'dashboard_update'),
    );
    if (data.account === trader.account) missing.delete(data.update_type);
  }
});
