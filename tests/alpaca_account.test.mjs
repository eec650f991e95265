// Accounts: what they are worth, what they may do, how they are opened and stopped. All prices are
// published by the test, so every amount is known. What they remember: alpaca_history.test.mjs.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import {
  RFC3339,
  Trader,
  UUID,
  apca,
  assertHas,
  listed,
  newTrader,
  openAccount,
  resting,
  trade,
} from './harness/alpaca.mjs';
import { inside, openChannel } from './harness/channel.mjs';
import { temporaryFolder } from './harness/folder.mjs';
import { assertBooks } from './harness/ledger.mjs';
import { assertProblem } from './harness/problem.mjs';
import { Server, restart, serve } from './harness/server.mjs';

const QUIET = ['--source', 'none', '--set', 'server.drain_s=0.5'];
const INSUFFICIENT = { status: 403, code: 40310000 };

let server;
before(async () => (server = await Server.start(QUIET)));
after(() => server.stop());

const open = (terms, at = server) => openAccount(at, terms);
const setState = (trader, state) =>
  trader.ok('PUT', `/api/v1/accounts/${trader.account}/state`, { state });

describe('what an account is worth', () => {
  const MONEY =
    'cash equity last_equity portfolio_value buying_power regt_buying_power ' +
    'daytrading_buying_power non_marginable_buying_power options_buying_power multiplier ' +
    'long_market_value short_market_value initial_margin maintenance_margin ' +
    'last_maintenance_margin sma accrued_fees';
  const FLAGS =
    'trading_blocked transfers_blocked account_blocked trade_suspended_by_user ' +
    'shorting_enabled pattern_day_trader';

  test('every field that clients know has its type', async () => {
    const account = await newTrader(server).get('/v2/account');
    for (const name of MONEY.split(' ')) assert.match(account[name], /^-?\d+(\.\d+)?$/, name);
    for (const name of FLAGS.split(' ')) assert.equal(typeof account[name], 'boolean', name);
    assert.equal(account.daytrade_count, 0);
    assert.match(account.id, UUID);
    assert.match(account.created_at, RFC3339);
    assertHas(account, { status: 'ACTIVE', currency: 'USD', cash: '100000' });
  });

  test('a long and a short position, with fees, to the last digit', async () => {
    const trader = await open({ fee: 0.001 });
    const [long, short] = [await listed(server, 99, 101), await listed(server, 50, 50)];
    await trade(trader, long, 'buy', 10); // 1010 and 1.01
    await trade(trader, short, 'sell', 20); // 1000 and 1
    assertHas(await trader.get('/v2/account'), {
      cash: '99987.99',
      equity: '99987.99',
      portfolio_value: '99987.99',
      last_equity: '100000',
      long_market_value: '1000',
      short_market_value: '-1000',
      buying_power: '197975.98',
      non_marginable_buying_power: '98987.99',
      initial_margin: '1000',
    });
    await short.quote(45, 45);
    assertHas(await trader.position(short.symbol), {
      side: 'short',
      qty: '-20',
      avg_entry_price: '50',
      market_value: '-900',
      cost_basis: '-1000',
      unrealized_pl: '100',
      unrealized_plpc: '0.1',
      current_price: '45',
    });
    await trade(trader, short, 'buy', 20); // 900 and 0.9
    const { ledger } = await assertBooks(trader, '100000');
    assert.equal((await trader.status()).realized_pnl, 97.09); // 100 - 1 - 0.9 - 1.01
    assert.equal(ledger.open.length, 1);
  });

  test('orders reserve buying power, and change neither cash nor equity', async () => {
    const trader = await open({ cash: 1000, multiplier: 1 });
    const share = await listed(server, 99, 100);
    const order = await resting(trader, share, { qty: '4' });
    assertHas(await trader.get('/v2/account'), {
      cash: '1000',
      equity: '1000',
      buying_power: '800',
    });
    const buy = { symbol: share.symbol, side: 'buy' };
    const refusal = await trader.refused(
      { ...buy, qty: '8.000000001' },
      { ...INSUFFICIENT, message: 'insufficient buying power' },
    );
    assertHas(refusal, { buying_power: '800', cost_basis: '800.0000001' });
    await trade(trader, share, 'buy', 8);
    assert.equal((await trader.get('/v2/account')).buying_power, '0');
    await trader.ok('DELETE', `/v2/orders/${order.id}`, undefined, 204);
    // 200 in cash; 8 shares at 99.5 are worth 4 less than they have cost.
    assert.equal((await trader.get('/v2/account')).buying_power, '200');
  });

  test('a coin is bought with cash alone', async () => {
    const trader = await open({ cash: 1000, multiplier: 4 });
    const coin = await listed(server, 100, 100, 'crypto');
    const fields = { symbol: coin.symbol, time_in_force: 'gtc' };
    await trader.refused({ ...fields, qty: '10.000000001' }, INSUFFICIENT);
    await trader.place({ ...fields, qty: '10' });
    await trader.refused({ ...fields, side: 'sell', qty: '11' }, INSUFFICIENT);
  });

  test('nothing crosses zero in one order', async () => {
    const trader = await open();
    const share = await listed(server, 100, 100);
    await trade(trader, share, 'buy', 10);
    await trade(trader, share, 'sell', 4, { type: 'limit', limit_price: '120' });
    const sell = { symbol: share.symbol, side: 'sell' };
    const message = 'insufficient qty available for order (requested: 7, available: 6)';
    const refusal = await trader.refused({ ...sell, qty: '7' }, { ...INSUFFICIENT, message });
    assertHas(refusal, { existing_qty: '10', held_for_orders: '4', available: '6' });
    await trade(trader, share, 'sell', 6);
    await trader.ok('DELETE', '/v2/orders', undefined, 207);
    await trade(trader, share, 'sell', 4);
    await trade(trader, share, 'sell', 3);
    await trader.refused({ symbol: share.symbol, side: 'buy', qty: '4' }, INSUFFICIENT);
    await trade(trader, share, 'buy', 3);
    assert.deepEqual(await trader.get('/v2/positions'), []);
    await assertBooks(trader, '100000');
  });
});

describe('what an account may do', () => {
  test('its configuration has effect, and outlives a crash', async (t) => {
    const first = await serve(t, QUIET);
    const trader = await open({}, first);
    const share = await listed(first, 100, 100);
    const configure = (fields) => trader.ok('PATCH', '/v2/account/configurations', fields);
    await configure({ no_shorting: true, max_margin_multiplier: '4' });
    await trader.refused(
      { symbol: share.symbol, side: 'sell' },
      { ...INSUFFICIENT, message: 'account is not allowed to short' },
    );
    await configure({ suspend_trade: true });
    await trader.refused({ symbol: share.symbol }, { ...INSUFFICIENT, message: /suspend/ });
    trader.server = await restart(t, first, { kill: true });
    assertHas(await trader.get('/v2/account/configurations'), {
      no_shorting: true,
      suspend_trade: true,
      max_margin_multiplier: '4',
    });
    assertHas(await trader.get('/v2/account'), {
      trade_suspended_by_user: true,
      shorting_enabled: false,
      multiplier: '4',
    });
    for (const wrong of [
      { max_margin_multiplier: '3' },
      { no_shorting: 'yes' },
      { suspend_trade: 1 },
      '{"no_shorting":true,"no_shorting":false}',
    ])
      await trader.fails('PATCH', '/v2/account/configurations', wrong, {
        status: 422,
        code: 42210000,
      });
  });

  test('HALTED cancels its orders and takes no more, until it is ACTIVE', async (t) => {
    const first = await serve(t, QUIET);
    const trader = await open({}, first);
    const share = await listed(first, 100, 100);
    await trade(trader, share, 'buy', 2);
    const waiting = await resting(trader, share);
    const answer = await setState(trader, 'HALTED');
    assertHas(answer, { name: trader.account, state: 'HALTED' });
    assertHas(await trader.order(waiting.id), { status: 'canceled' });
    const halted = { ...INSUFFICIENT, message: 'account is halted' };
    for (const side of ['buy', 'sell'])
      await trader.refused({ symbol: share.symbol, side }, halted);
    assertHas(await trader.get('/v2/account'), { status: 'ACTIVE', trading_blocked: true });
    assert.equal((await trader.status()).running, false);
    trader.server = share.server = await restart(t, first, { kill: true });
    await share.quote(100, 100);
    await trader.refused({ symbol: share.symbol }, halted);
    await setState(trader, 'ACTIVE');
    await trade(trader, share, 'sell', 2);
    assertHas(await trader.get('/v2/account'), { trading_blocked: false });
  });

  test('REDUCING takes what closes, and nothing else', async () => {
    const trader = await open();
    const share = await listed(server, 100, 100);
    await trade(trader, share, 'buy', 5);
    await setState(trader, 'REDUCING');
    const reducing = { ...INSUFFICIENT, message: 'account is reducing' };
    await trader.refused({ symbol: share.symbol, side: 'buy' }, reducing);
    await trade(trader, share, 'sell', 5);
    await trader.refused({ symbol: share.symbol, side: 'sell' }, reducing);
    assertHas(await trader.get('/v2/account'), { trading_blocked: false });
  });

  test('a state or an account that there is not is refused', async () => {
    const trader = await open();
    const put = (name, body) => trader.call('PUT', `/api/v1/accounts/${name}/state`, body);
    assertProblem(await put('nobody', { state: 'HALTED' }), 404);
    for (const body of [{}, { state: 'PAUSED' }, { state: 1 }, []])
      assertProblem(await put(trader.account, body), 422);
  });

  test('with nothing left it is halted, and a critical alert says so', async (t) => {
    const alerts = await openChannel(t, server, 'alerts');
    await alerts.next('connected', ({ event }) => event === 'connected');
    const trader = await open({ cash: 1000, multiplier: 4 });
    const share = await listed(server, 100, 100);
    await trade(trader, share, 'buy', 39);
    const waiting = await resting(trader, share);
    await share.quote(70, 70);
    const alert = inside(
      await alerts.next(
        'the alert',
        (block) => block.event === 'risk_alert' && inside(block).entity_id === trader.account,
      ),
    );
    assertHas(alert, { severity: 'critical', entity_type: 'account' });
    assertHas(await trader.settled(waiting.id, { status: 'canceled' }), { filled_qty: '0' });
    assertHas(await trader.get('/v2/account'), { trading_blocked: true, equity: '-170' });
  });
});

describe('accounts', () => {
  test('come from the file, by POST, and by a key that is used', async (t) => {
    const file = join(temporaryFolder(), 'livetape.toml');
    writeFileSync(
      file,
      `[paper]
account = "house"
cash = 5000
[[accounts]]
name = "file"
key = "KEY1"
secret = "SECRET1"
cash = 700
fee = 0.01
multiplier = 1
`,
    );
    const own = await serve(t, [...QUIET, '--config', file]);
    const house = new Trader(own, undefined);
    assertHas(await house.get('/v2/account'), { account_number: 'house', cash: '5000' });
    const filed = new Trader(own, 'file', apca('KEY1', 'SECRET1'));
    assertHas(await filed.get('/v2/account'), { account_number: 'file', cash: '700' });
    const used = new Trader(own, 'used');
    assertHas(await used.get('/v2/account'), { account_number: 'used', cash: '5000' });
    const made = await open({ cash: '123.45' }, own);
    assertHas(await made.get('/v2/account'), { account_number: made.account, cash: '123.45' });

    const share = await listed(own, 10, 10);
    await trade(filed, share, 'buy', 10);
    assert.equal((await filed.get('/v2/account')).cash, '599');
    const { accounts } = await house.get('/api/v1/accounts');
    assert.deepEqual(
      accounts.map(({ name }) => name).sort(),
      [made.account, 'file', 'house', 'used'].sort(),
    );
    assert.equal(accounts[0].name, 'file', 'the newest activity first');
    assert.ok(!JSON.stringify(accounts).includes('SECRET1'));
    assert.equal((await used.get('/v2/account')).cash, '5000', 'each has its own');

    const later = new Trader(await restart(t, own, { kill: true }), 'file', filed.headers);
    assertHas(await later.get('/v2/account'), { account_number: 'file', cash: '599' });
    const kept = new Trader(later.server, made.account, made.headers);
    assertHas(await kept.get('/v2/account'), { account_number: made.account, cash: '123.45' });
  });

  test('are named by ?account= where no key is given', async () => {
    const anyone = new Trader(server);
    const named = (name) => anyone.get(`/v2/account?account=${name}`);
    await new Trader(server, 'by-name').get('/v2/account');
    assertHas(await named('by-name'), { account_number: 'by-name' });
    assertHas(await anyone.get('/v2/account'), { account_number: 'paper' });
    const byKey = new Trader(server, 'by-key');
    assertHas(await byKey.get('/v2/account?account=by-name'), { account_number: 'by-key' });
  });

  test('are not opened by an address, which any page can make a browser ask for', async () => {
    const anyone = new Trader(server);
    const none = { status: 404, code: 40410000 };
    const order = { symbol: 'AAPL', qty: 1, side: 'buy', type: 'market', time_in_force: 'day' };
    for (const name of ['planted', 'no%20name', '']) {
      await anyone.fails('GET', `/v2/account?account=${name}`, undefined, none);
      await anyone.fails('GET', `/v2/events/trades?account=${name}`, undefined, none);
      await anyone.fails('POST', `/v2/orders?account=${name}`, order, none);
    }
    const { accounts } = await anyone.get('/api/v1/accounts');
    assert.ok(!accounts.some(({ name }) => name === 'planted'));
  });

  test('a secret is shown once, and is nowhere else', async () => {
    const visitor = new Trader(server);
    const body = { name: 'shown' };
    const { key_id, secret } = await visitor.ok('POST', '/api/v1/accounts', body, 201);
    assert.ok(secret.length >= 32);
    const list = await visitor.call('GET', '/api/v1/accounts');
    assert.ok(list.text.includes(key_id) && !list.text.includes(secret));
    assert.ok(!server.stderr.includes(secret));
  });

  test('one that cannot be is refused with its field', async () => {
    const visitor = new Trader(server);
    const { account } = await open();
    const post = (body) => visitor.call('POST', '/api/v1/accounts', body);
    assertProblem(await post({ name: account }), 409);
    for (const [field, wrong] of [
      ['name', { name: 'no/such' }],
      ['name', {}],
      ['cash', { name: 'a', cash: 0 }],
      ['cash', { name: 'a', cash: '1e99' }],
      ['fee', { name: 'a', fee: -0.1 }],
      ['slippage_bps', { name: 'a', slippage_bps: 'much' }],
      ['multiplier', { name: 'a', multiplier: 3 }],
      ['colour', { name: 'a', colour: 'red' }],
    ]) {
      const answer = await post(wrong);
      assertProblem(answer, 422);
      assert.equal(answer.json().field, field, answer.text);
    }
  });
});
