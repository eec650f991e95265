// POST /v2/orders: every type and time in force, from acceptance to the end. The market is
// published by the test, so that every price is known.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { RFC3339, Trader, UUID, apca, assertHas, listed, newTrader } from './harness/alpaca.mjs';
import { Server } from './harness/server.mjs';

let server;
before(async () => (server = await Server.start(['--source', 'none'])));
after(() => server.stop());

/** A trader of its own and a share of its own. */
const desk = async (bid = 99, ask = 101, assetClass = 'us_equity') => {
  const share = await listed(server, bid, ask, assetClass);
  const trader = newTrader(server);
  const place = (fields) => trader.place({ symbol: share.symbol, ...fields });
  return { trader, share, place };
};

describe('the Order object', () => {
  const FIELDS = {
    id: UUID,
    client_order_id: UUID,
    created_at: RFC3339,
    updated_at: RFC3339,
    submitted_at: RFC3339,
    filled_at: null,
    expired_at: null,
    expires_at: null,
    canceled_at: null,
    failed_at: null,
    replaced_at: null,
    replaced_by: null,
    replaces: null,
    asset_id: UUID,
    symbol: /^X\d+$/,
    asset_class: 'us_equity',
    notional: null,
    qty: '3',
    filled_qty: '0',
    filled_avg_price: null,
    order_class: /^(simple)?$/,
    order_type: 'limit',
    type: 'limit',
    side: 'buy',
    time_in_force: 'gtc',
    limit_price: '90.5',
    stop_price: null,
    status: 'new',
    extended_hours: false,
    legs: null,
    trail_percent: null,
    trail_price: null,
    hwm: null,
    position_intent: 'buy_to_open',
    ratio_qty: null,
  };

  test('has every field that clients require, of their types', async () => {
    const { trader, place } = await desk();
    const order = await place({
      qty: 3,
      type: 'limit',
      limit_price: 90.5,
      time_in_force: 'gtc',
    });
    for (const [name, expected] of Object.entries(FIELDS)) {
      assert.ok(name in order, `${name} is missing`);
      if (expected instanceof RegExp) assert.match(order[name], expected, name);
      else assert.equal(order[name], expected, name);
    }
    assert.deepEqual(await trader.order(order.id), order, 'read again');
    assert.deepEqual(await trader.get('/v2/orders'), [order], 'in the list');
  });

  test('names what it is called by the client', async () => {
    const { trader, place } = await desk();
    for (const name of ['my order', 'Ω/ä?&=%#+"\\', 'x'.repeat(128)]) {
      const order = await place({ client_order_id: name });
      assert.equal(order.client_order_id, name);
      const query = new URLSearchParams({ client_order_id: name });
      const found = await trader.get(`/v2/orders:by_client_order_id?${query}`);
      assert.deepEqual(found, order);
    }
  });

  test('takes numbers as numbers and as strings, with exponents', async () => {
    const { place } = await desk();
    for (const limit_price of [90, '90', 90.0, '90.00', '9e1', '0.9E2']) {
      const order = await place({ type: 'limit', limit_price, qty: '2.0' });
      assertHas(order, { limit_price: '90', qty: '2' });
    }
  });
});

describe('market orders', () => {
  test('buy at the ask and sell at the bid, in full and at once', async () => {
    const { trader, place } = await desk(99.5, 100.25);
    const bought = await place({ qty: '12' });
    assertHas(bought, { status: 'filled', filled_qty: '12', filled_avg_price: '100.25' });
    assert.match(bought.filled_at, RFC3339);
    const sold = await place({ qty: '12', side: 'sell' });
    assertHas(sold, {
      status: 'filled',
      filled_avg_price: '99.5',
      position_intent: 'sell_to_close',
    });
    const account = await trader.get('/v2/account');
    assert.equal(account.cash, '99991');
    assert.equal(account.equity, '99991');
    assert.deepEqual(await trader.get('/v2/positions'), []);
  });

  test('fill with the sizes of the quote ignored', async () => {
    const { share, place } = await desk();
    await share.tell({ bid: 99, ask: 101, bid_size: 1, ask_size: 1 });
    assertHas(await place({ qty: '500' }), { status: 'filled', filled_qty: '500' });
  });

  for (const time_in_force of ['day', 'gtc', 'ioc', 'fok', 'opg', 'cls']) {
    test(`${time_in_force}: takes its time`, async () => {
      const { place, trader } = await desk();
      const order = await place({ time_in_force });
      assert.equal(order.time_in_force, time_in_force);
      // opg waits for the first quote after an open or a roll, cls for the last before it.
      const waits = ['opg', 'cls'].includes(time_in_force);
      if (waits) assert.ok(['new', 'accepted'].includes(order.status), order.status);
      else assert.equal(order.status, 'filled');
      assert.equal((await trader.get('/v2/orders')).length, waits ? 1 : 0);
    });
  }

  test('of a notional: as much as it buys, down to nine decimals, the fee on top', async () => {
    const { trader, place } = await desk(2.9, 3);
    const order = await place({ notional: '100' });
    assertHas(order, {
      status: 'filled',
      notional: '100',
      qty: null,
      filled_qty: '33.333333333',
      filled_avg_price: '3',
    });
    const { cash } = await trader.get('/v2/account');
    assert.equal(cash, '99900.000000001');
  });

  test('of fractions of a share and of a coin', async () => {
    const { place } = await desk();
    assertHas(await place({ qty: '0.000000001' }), { filled_qty: '0.000000001' });
    const coins = await desk(50_000, 50_010, 'crypto');
    const order = await coins.place({ qty: '0.123456789', time_in_force: 'gtc' });
    assertHas(order, { status: 'filled', asset_class: 'crypto', filled_avg_price: '50010' });
  });

  test('by every spelling of a coin', async () => {
    const { share, trader } = await desk(10, 10, 'crypto');
    const [base] = share.symbol.split('/');
    for (const symbol of [share.symbol, base, `${base}USD`]) {
      const order = await trader.place({ symbol, time_in_force: 'gtc' });
      assert.equal(order.symbol, share.symbol, symbol);
      const position = await trader.get(`/v2/positions/${encodeURIComponent(symbol)}`);
      assert.equal(position.symbol, share.symbol, symbol);
    }
  });
});

describe('limit orders', () => {
  for (const [side, limit_price, price] of [
    ['buy', '105', '101'],
    ['buy', '101', '101'],
  ]) {
    test(`${side} at ${limit_price} when it can, at the better price`, async () => {
      const { place } = await desk();
      const order = await place({ type: 'limit', side, limit_price });
      assertHas(order, { status: 'filled', filled_avg_price: price });
    });
  }

  test('wait, and fill at the ask that comes to them', async () => {
    const { trader, share, place } = await desk();
    const order = await place({ type: 'limit', limit_price: '95', qty: '4' });
    assertHas(order, { status: 'new', filled_qty: '0' });
    await share.quote(94, 95.01);
    await trader.status();
    assertHas(await trader.order(order.id), { status: 'new' });
    await share.quote(93, 94.5);
    const filled = await trader.settled(order.id, { status: 'filled' });
    assertHas(filled, { filled_avg_price: '94.5', filled_qty: '4' });
    assert.ok(filled.filled_at > filled.created_at);
  });

  test('sell at the bid that reaches them', async () => {
    const { trader, share, place } = await desk();
    await place({ qty: '5' });
    const order = await place({ type: 'limit', side: 'sell', limit_price: '110', qty: '5' });
    assertHas(order, { status: 'new', position_intent: 'sell_to_close' });
    assertHas(await trader.position(share.symbol), { qty: '5', qty_available: '0' });
    await share.quote(111, 112);
    const filled = await trader.settled(order.id, { status: 'filled' });
    assert.equal(filled.filled_avg_price, '111');
    assert.equal((await trader.get('/v2/account')).cash, '100050');
  });

  test('ioc and fok that cannot are canceled at once', async () => {
    const { place } = await desk();
    for (const time_in_force of ['ioc', 'fok']) {
      const order = await place({ type: 'limit', limit_price: '100', time_in_force });
      assertHas(order, { status: 'canceled', filled_qty: '0' });
      assert.match(order.canceled_at, RFC3339);
    }
  });

  test('extended hours are for limit day orders', async () => {
    const { place } = await desk();
    const order = await place({ type: 'limit', limit_price: '90', extended_hours: true });
    assert.equal(order.extended_hours, true);
  });
});

describe('stop orders', () => {
  test('buy when the price comes up to them, at the ask', async () => {
    const { trader, share, place } = await desk();
    const order = await place({ type: 'stop', stop_price: '105' });
    assertHas(order, { status: 'new', stop_price: '105', limit_price: null });
    await share.quote(103, 106); // the price is 104.5
    await trader.status();
    assertHas(await trader.order(order.id), { status: 'new' });
    await share.quote(104, 106); // 105
    const filled = await trader.settled(order.id, { status: 'filled' });
    assert.equal(filled.filled_avg_price, '106');
  });

  test('sell when the price falls to them, at the bid', async () => {
    const { trader, share, place } = await desk();
    await place({ qty: '2' });
    const order = await place({ type: 'stop', side: 'sell', stop_price: '95', qty: '2' });
    await share.quote(94, 96);
    const filled = await trader.settled(order.id, { status: 'filled' });
    assert.equal(filled.filled_avg_price, '94');
  });

  test('act at once where the price is beyond them already', async () => {
    const { place } = await desk();
    const order = await place({ type: 'stop', stop_price: '100' });
    assertHas(order, { status: 'filled', filled_avg_price: '101' });
  });

  test('with a limit: become limit orders', async () => {
    const { trader, share, place } = await desk();
    const order = await place({ type: 'stop_limit', stop_price: '105', limit_price: '104' });
    assertHas(order, { status: 'new', stop_price: '105', limit_price: '104' });
    await share.quote(105, 107);
    await trader.settled(order.id, { status: 'new', filled_qty: '0', triggered: true });
    await share.quote(103, 103.5);
    const filled = await trader.settled(order.id, { status: 'filled' });
    assert.equal(filled.filled_avg_price, '103.5');
  });

  test('trade prices trigger them too, and a trade outside moves bid and ask', async () => {
    const { trader, share, place } = await desk();
    const order = await place({ type: 'stop', stop_price: '105' });
    await share.trade(108);
    const filled = await trader.settled(order.id, { status: 'filled' });
    assert.equal(filled.filled_avg_price, '108');
  });
});

describe('trailing stops', () => {
  test('follow the price up by an amount, and sell when it falls', async () => {
    const { trader, share, place } = await desk(100, 100);
    await place({ qty: '3' });
    const order = await place({ type: 'trailing_stop', side: 'sell', trail_price: '5', qty: '3' });
    assertHas(order, { status: 'new', trail_price: '5', hwm: '100', stop_price: '95' });
    await share.quote(110, 110);
    await trader.settled(order.id, { hwm: '110', stop_price: '105' });
    await share.quote(105.5, 105.5);
    await trader.status();
    assertHas(await trader.order(order.id), { status: 'new', hwm: '110', stop_price: '105' });
    await share.quote(104, 104);
    const filled = await trader.settled(order.id, { status: 'filled' });
    assert.equal(filled.filled_avg_price, '104');
  });

  test('follow the price down by a percentage, and buy when it rises', async () => {
    const { trader, share, place } = await desk(100, 100);
    const order = await place({ type: 'trailing_stop', side: 'buy', trail_percent: '10' });
    assertHas(order, { trail_percent: '10', trail_price: null, hwm: '100', stop_price: '110' });
    await share.quote(80, 80);
    await trader.settled(order.id, { hwm: '80', stop_price: '88' });
    await share.quote(88, 88);
    assertHas(await trader.settled(order.id, { status: 'filled' }), { filled_avg_price: '88' });
  });
});

describe('the same request again', () => {
  const again = async (trader, fields) => {
    const answer = await trader.call('POST', '/v2/orders', fields);
    assert.equal(answer.status, 200, answer.text);
    return { replayed: answer.headers.get('idempotent-replay'), order: answer.json() };
  };
  const fieldsOf = (symbol, client_order_id) => ({
    symbol,
    client_order_id,
    qty: '1',
    side: 'buy',
    type: 'limit',
    limit_price: '90.10',
    time_in_force: 'day',
  });

  test('gets the first order, as it is now, and makes none', async () => {
    const { trader, share } = await desk();
    const fields = fieldsOf(share.symbol, 'once');
    const first = await again(trader, fields);
    assert.equal(first.replayed, undefined);
    const second = await again(trader, { ...fields, limit_price: 90.1, qty: 1 });
    assert.equal(second.replayed, 'true');
    assert.deepEqual(second.order, first.order);
    await share.quote(89, 90);
    await trader.settled(first.order.id, { status: 'filled' });
    const third = await again(trader, fields);
    assert.equal(third.replayed, 'true');
    assertHas(third.order, { id: first.order.id, status: 'filled', filled_avg_price: '90' });
    assert.equal((await trader.get('/v2/orders?status=all')).length, 1);
  });

  test('with anything else in it is refused', async () => {
    const { trader, share } = await desk();
    const fields = fieldsOf(share.symbol, 'twice');
    await trader.place(fields);
    for (const change of [
      { qty: '2' },
      { side: 'sell' },
      { limit_price: '90' },
      { type: 'market', limit_price: undefined },
      { time_in_force: 'gtc' },
      { extended_hours: true },
    ]) {
      await trader.refused(
        { ...fields, ...change },
        {
          status: 422,
          code: 40010001,
          message: 'client_order_id must be unique',
        },
      );
    }
    assert.equal((await trader.get('/v2/orders?status=all')).length, 1);
  });

  test('of another account is another order', async () => {
    const { trader, share } = await desk();
    const other = newTrader(server);
    const fields = fieldsOf(share.symbol, 'shared name');
    const [mine, theirs] = [await trader.place(fields), await other.place(fields)];
    assert.notEqual(mine.id, theirs.id);
  });

  test('from many connections at once makes one order', async () => {
    const { trader, share } = await desk();
    const fields = fieldsOf(share.symbol, 'race');
    const answers = await Promise.all(Array.from({ length: 20 }, () => again(trader, fields)));
    assert.equal(new Set(answers.map(({ order }) => order.id)).size, 1);
    assert.equal(answers.filter(({ replayed }) => replayed === undefined).length, 1);
  });
});

test('fees and slippage are those of the account, to the last digit', async () => {
  const share = await listed(server, 99, 101);
  const made = await newTrader(server).ok(
    'POST',
    '/api/v1/accounts',
    { name: 'costly', cash: 10_000, fee: 0.002, slippage_bps: 5 },
    201,
  );
  const trader = new Trader(server, 'costly', apca(made.key_id, made.secret));
  const order = await trader.place({ symbol: share.symbol, qty: '10' });
  assert.equal(order.filled_avg_price, '101.0505');
  // 10 x 101.0505 = 1010.505; 0.2 % of it = 2.02101
  assert.equal((await trader.get('/v2/account')).cash, '8987.47399');
  const sold = await trader.place({ symbol: share.symbol, qty: '10', side: 'sell' });
  assert.equal(sold.filled_avg_price, '98.9505');
  const { trades } = await trader.get('/api/paper-trading/trades?account=costly');
  assert.deepEqual(
    trades.map(({ side, price, fee, realized_pnl }) => [side, price, fee, realized_pnl]),
    [
      ['sell', 98.9505, 1.97901, -22.97901],
      ['buy', 101.0505, 2.02101, -2.02101],
    ],
  );
});
