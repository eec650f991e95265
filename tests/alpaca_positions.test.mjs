// Alpaca's positions: by which names they are found, and how one is closed.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { assertHas, listed, newTrader, trade } from './harness/alpaca.mjs';
import { Server } from './harness/server.mjs';

let server;
before(async () => {
  server = await Server.start(['--source', 'none', '--set', 'server.drain_s=0.5']);
});
after(() => server.stop());

test('a coin is found by every spelling, its slash in the path as it is or not', async () => {
  const trader = newTrader(server);
  const coin = await listed(server, 10, 10, 'crypto');
  await trade(trader, coin, 'buy', 4, { time_in_force: 'gtc' });
  const [base] = coin.symbol.split('/');
  for (const name of [base, `${base}USD`, `${base}/USD`, `${base}%2FUSD`]) {
    const path = `/v2/positions/${name}`;
    assertHas(await trader.get(path), { symbol: coin.symbol });
    const closing = await trader.ok('DELETE', `${path}?qty=1`);
    assertHas(closing, { symbol: coin.symbol, side: 'sell', qty: '1' });
  }
  assert.deepEqual(await trader.get('/v2/positions'), []);
});

test('a share of it that there is not, or no position, is refused with a word for it', async () => {
  const trader = newTrader(server);
  const share = await listed(server, 100, 100);
  await trade(trader, share, 'buy', 10);
  const close = (query, expected) =>
    trader.fails('DELETE', `/v2/positions/${share.symbol}?${query}`, undefined, expected);
  const wrong = { status: 422, code: 42210000 };
  for (const [query, reason] of [
    ['percentage=0', 'bad_percentage'],
    ['percentage=100.5', 'bad_percentage'],
    ['qty=0', 'qty_not_positive'],
  ])
    assertHas(await close(query, wrong), { reason });
  for (const [query, field] of [
    ['percentage=half', 'percentage'],
    ['qty=half', 'qty'],
    ['qty=', 'qty'],
    ['qty=1&percentage=5', 'qty'],
  ])
    assertHas(await close(query, wrong), { field });
  assert.equal((await trader.position(share.symbol)).qty, '10');
  const none = { status: 404, code: 40410000, message: 'position does not exist' };
  for (const method of ['GET', 'DELETE']) {
    const refusal = await trader.fails(method, '/v2/positions/NONE', undefined, none);
    assertHas(refusal, { reason: 'no_position' });
  }
});
