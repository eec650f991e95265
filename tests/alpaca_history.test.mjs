// What an account remembers: its reset, portfolio history and activities.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { assertHas, listed, openAccount, resting, trade } from './harness/alpaca.mjs';
import { Server, restart, serve } from './harness/server.mjs';
import { until } from './harness/until.mjs';

const QUIET = ['--source', 'none', '--set', 'server.drain_s=0.5'];

let server;
before(async () => (server = await Server.start(QUIET)));
after(() => server.stop());

const open = (terms, at = server) => openAccount(at, terms);

test('a reset gives the cash back; keys, lists and history stay', async (t) => {
  const first = await serve(t, QUIET);
  const trader = await open({ cash: 5000 }, first);
  const share = await listed(first, 100, 100);
  await trade(trader, share, 'buy', 10);
  const waiting = await resting(trader, share);
  await share.quote(90, 90);
  const point = async () => {
    const { equity_history } = await trader.get(
      `/api/paper-trading/equity-history?account=${trader.account}&interval=1s`,
    );
    return equity_history.at(-1)?.equity === 4900;
  };
  await until('a point of equity', point);
  assert.equal((await trader.status()).max_drawdown, -0.02);
  const asked = new Date().toISOString();
  const account = await trader.ok('POST', '/v2/account/reset');
  const fresh = { cash: '5000', equity: '5000', last_equity: '5000', long_market_value: '0' };
  assertHas(account, fresh);
  const assertFresh = async () => {
    assertHas(await trader.get('/v2/account'), fresh);
    assertHas(await trader.status(), { trades_executed: 0, realized_pnl: 0, max_drawdown: 0 });
    assert.deepEqual(await trader.get('/v2/positions'), []);
    assertHas(await trader.order(waiting.id), { status: 'canceled' });
    assert.equal((await trader.get('/v2/orders?status=all')).length, 2);
    assert.equal((await trader.get('/v2/account/activities')).length, 1, 'no fill but the first');
  };
  await assertFresh();
  const history = `/api/paper-trading/equity-history?account=${trader.account}&interval=1s`;
  await until('a point after the reset', async () => {
    const { equity_history } = await trader.get(history);
    return equity_history.at(-1)?.equity === 5000;
  });
  const since = await trader.get(history);
  assert.ok(since.equity_history.every(({ timestamp }) => timestamp >= asked.slice(0, 19)));
  const whole = await trader.get(`${history}&from=2020-01-01T00:00:00Z`);
  assert.ok(whole.equity_history.some(({ equity }) => equity === 4900));
  trader.server = await restart(t, first, { kill: true });
  await assertFresh();
});

test('portfolio history: buckets, base, profit and what a query may say', async () => {
  const trader = await open();
  const share = await listed(server, 100, 100);
  await trade(trader, share, 'buy', 100);
  await share.quote(101, 101);
  const path = '/v2/account/portfolio/history';
  const history = await until('the newest equity', async () => {
    const answer = await trader.get(`${path}?period=1D&timeframe=5Min`);
    return answer.equity.at(-1) === 100_100 && answer;
  });
  assertHas(history, { timeframe: '5Min', base_value: 100_000 });
  const { timestamp, equity, profit_loss, profit_loss_pct } = history;
  assert.ok(
    [equity, profit_loss, profit_loss_pct].every((list) => list.length === timestamp.length),
  );
  assert.ok(timestamp.every((time) => Number.isInteger(time) && time % 300 === 0));
  assert.ok(timestamp.slice(1).every((time, i) => time - timestamp[i] === 300));
  assert.ok(timestamp.length >= 288 && timestamp.length <= 290);
  assert.equal(equity[0], null, 'before the account was there');
  assert.deepEqual([profit_loss.at(-1), profit_loss_pct.at(-1)], [100, 0.001]);
  const bad = { status: 422, code: 42210000 };
  for (const query of [
    'period=1X',
    'timeframe=7Min',
    'start=yesterday',
    'period=2A&timeframe=1Min',
    'period=1D&start=2026-01-01&end=2026-01-02',
    'pnl_reset=never',
  ])
    await trader.fails('GET', `${path}?${query}`, undefined, bad);
});

test('activities: newest first or oldest, by page, by time and by type', async () => {
  const trader = await open();
  const share = await listed(server, 100, 100);
  for (let i = 1; i <= 5; ++i) await trade(trader, share, 'buy', i);
  const path = '/v2/account/activities';
  const quantities = (list) => list.map(({ qty }) => Number(qty));
  const newest = await trader.get(path);
  assert.deepEqual(quantities(newest), [5, 4, 3, 2, 1]);
  assertHas(newest[0], { activity_type: 'FILL', type: 'fill', cum_qty: '5', leaves_qty: '0' });
  assert.deepEqual(quantities(await trader.get(`${path}/FILL?direction=asc`)), [1, 2, 3, 4, 5]);
  const page = await trader.get(`${path}?page_size=2`);
  const next = await trader.get(`${path}?page_size=2&page_token=${page[1].id}`);
  assert.deepEqual([...quantities(page), ...quantities(next)], [5, 4, 3, 2]);
  const [, , third] = newest;
  const afterThird = `after=${encodeURIComponent(third.transaction_time)}`;
  const later = await trader.get(`${path}?${afterThird}`);
  assert.ok(quantities(later).every((qty) => qty >= 3) && quantities(later).includes(5));
  assert.deepEqual(await trader.get(`${path}?activity_types=DIV`), []);
  assert.deepEqual(await trader.get(`${path}?date=2020-01-01`), []);
  await trader.fails('GET', `${path}?page_size=0`, undefined, { status: 422, code: 42210000 });
});
