// Paper trading as it is seen: the equity stream and paper/<account>/** of the native stream, with
// the market published by the test. On the dashboard: paper_dashboard.test.mjs.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { apca, listed, newTrader } from './harness/alpaca.mjs';
import { MICROSECONDS_UTC } from './harness/channel.mjs';
import { decimal, parseExact, product, units } from './harness/exact.mjs';
import { assertProblem } from './harness/problem.mjs';
import { randomFrom, seedFrom } from './harness/random.mjs';
import { request } from './harness/raw.mjs';
import { Server } from './harness/server.mjs';
import { isPrice as isData, openStream, payload } from './harness/sse.mjs';

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

/** The equity stream of an account, past its retry. */
async function equityOf(t, trader, query = '') {
  const stream = await openStream(
    t,
    server,
    `/api/events/equity?account=${trader.account}${query}`,
  );
  assert.equal(stream.head.status, 200);
  assert.deepEqual(Object.keys(await stream.next('retry')), ['retry']);
  return stream;
}

const nextEquity = async (stream, accept = () => true) =>
  payload(await stream.next('equity', (block) => isData(block) && accept(payload(block))));

describe('GET /api/events/equity', () => {
  const FIELDS =
    'account equity balance trades_executed current_position positions realized_pnl ' +
    'unrealized_pnl max_drawdown day_pnl timestamp';

  test('tells what the account is worth, at once, as unnamed events without id', async (t) => {
    const { trader } = await desk();
    const stream = await equityOf(t, trader);
    const block = await stream.next('the state');
    assert.deepEqual(Object.keys(block), ['data']);
    const state = payload(block);
    for (const field of FIELDS.split(' ')) assert.ok(field in state, `${field} is missing`);
    assert.equal(state.account, trader.account);
    assert.match(state.timestamp, MICROSECONDS_UTC);
    const { equity, balance, trades_executed, current_position, positions } = state;
    assert.deepEqual(
      { equity, balance, trades_executed, current_position, positions },
      {
        equity: 100_000,
        balance: 100_000,
        trades_executed: 0,
        current_position: null,
        positions: [],
      },
    );
    for (const field of ['realized_pnl', 'unrealized_pnl', 'max_drawdown', 'day_pnl'])
      assert.equal(state[field], 0, field);
  });

  test('moves with fills and with the market', async (t) => {
    const { trader, share, place } = await desk(100, 100);
    const stream = await equityOf(t, trader, '&interval=0');
    await place({ qty: '120' });
    const bought = await nextEquity(stream, ({ trades_executed }) => trades_executed === 1);
    assert.equal(bought.balance, 88_000);
    assert.equal(bought.equity, 100_000);
    await share.quote(95, 95);
    const fallen = await nextEquity(stream, ({ equity }) => equity !== 100_000);
    assert.equal(fallen.equity, 99_400);
    assert.deepEqual(
      [fallen.unrealized_pnl, fallen.day_pnl, fallen.max_drawdown],
      [-600, -600, -0.006],
    );
    const { symbol, quantity, avg_price, market_value, unrealized_pnl } = fallen.current_position;
    assert.deepEqual(
      [symbol, quantity, avg_price, market_value, unrealized_pnl],
      [share.symbol, 120, 100, 11_400, -600],
    );
    await share.quote(110, 110);
    const risen = await nextEquity(stream, ({ equity }) => equity > 100_000);
    assert.deepEqual([risen.equity, risen.max_drawdown], [101_200, -0.006]);
    await place({ qty: '120', side: 'sell' });
    const sold = await nextEquity(stream, ({ trades_executed }) => trades_executed === 2);
    assert.deepEqual(
      [sold.equity, sold.balance, sold.realized_pnl, sold.unrealized_pnl, sold.current_position],
      [101_200, 101_200, 1_200, 0, null],
    );
  });

  test('the current position is the largest by value', async (t) => {
    const { trader, place } = await desk(10, 10);
    const large = await listed(server, 1000, 1000);
    await place({ qty: '50' });
    await trader.place({ symbol: large.symbol, qty: '2', side: 'sell' });
    const stream = await equityOf(t, trader);
    const state = await nextEquity(stream, ({ positions }) => positions.length === 2);
    assert.equal(state.current_position.symbol, large.symbol);
    assert.equal(state.current_position.quantity, -2);
    assert.equal(state.current_position.market_value, -2000);
  });

  test('is silent while nothing changes, but for a heartbeat every 5 s', async (t) => {
    const { trader, share, place } = await desk(50, 50);
    const other = await listed(server, 10, 10);
    await place({ qty: '1' });
    const stream = await equityOf(t, trader, '&interval=0');
    const opened = performance.now();
    await nextEquity(stream, ({ trades_executed }) => trades_executed === 1);
    await other.quote(11, 11); // nobody holds it
    const heartbeat = await stream.next('heartbeat');
    assert.deepEqual(Object.keys(heartbeat), ['comment']);
    const second = await stream.next('another heartbeat');
    assert.deepEqual(Object.keys(second), ['comment']);
    const passed = performance.now() - opened;
    assert.ok(passed > 8000 && passed < 20_000, `two heartbeats in ${passed.toFixed()} ms`);
    await share.quote(51, 51);
    assert.equal((await nextEquity(stream)).equity, 100_001);
  });

  test('comes no more often than its interval, and ends with the last state', async (t) => {
    const { trader, share, place } = await desk(100, 100);
    await place({ qty: '1' });
    const began = performance.now();
    const stream = await equityOf(t, trader, '&interval=500ms');
    for (let i = 1; i <= 40; ++i) await share.quote(100 + i, 100 + i);
    const states = [];
    while (states.at(-1)?.equity !== 100_040) states.push(await nextEquity(stream));
    const most = Math.ceil((performance.now() - began) / 500) + 1;
    assert.ok(states.length <= most, `${states.length} events where ${most} fit`);
  });

  test('is exact in every event', async (t) => {
    const { trader, share, place } = await desk(33.33, 33.34);
    const stream = await equityOf(t, trader, '&interval=0');
    const prices = [33.3, 31.07, 35.55, 34.01];
    for (const price of prices) {
      await share.quote(price, price);
      await place({ qty: '0.123456789' });
    }
    let state;
    do {
      state = parseExact((await stream.next('equity', isData)).data);
      const value = state.positions.reduce(
        (sum, { quantity, price }) => sum + product(units(quantity), units(price)),
        0n,
      );
      assert.equal(state.equity, decimal(units(state.balance) + value), JSON.stringify(state));
    } while (state.trades_executed !== String(prices.length));
  });

  test('an account that there is not, or a strange interval, is refused', async () => {
    assertProblem(await request(server, '/api/events/equity?account=nobody'), 404);
    assertProblem(await request(server, '/api/events/equity?account=a/b'), 404);
    assertProblem(await request(server, '/api/events/equity?interval=often'), 422);
  });

  test('without an account it is that of the default account', async (t) => {
    const stream = await openStream(t, server, '/api/events/equity');
    assert.equal((await nextEquity(stream)).account, 'paper');
  });
});

describe('the native stream', () => {
  /** paper/<account>/**, past its hello. */
  async function watch(t, trader, query = '') {
    const path = `/api/v1/stream?topics=paper/${trader.account}/**&interval=0${query}`;
    const stream = await openStream(t, server, path);
    await stream.next('hello', ({ event }) => event === 'hello');
    return stream;
  }
  const isPaper = (block) =>
    block.event !== undefined && !['heartbeat', 'hello', 'ping'].includes(block.event);
  const next = async (stream, what, accept = () => true) => {
    const block = await stream.next(what, (each) => isPaper(each) && accept(each));
    return { event: block.event, id: block.id, ...payload(block) };
  };

  test('carries every step of an order as a record', async (t) => {
    const { trader, share, place } = await desk();
    const stream = await watch(t, trader);
    const order = await place({ type: 'limit', limit_price: '90', qty: '2' });
    await trader.ok('DELETE', `/v2/orders/${order.id}`, undefined, 204);
    await place({ qty: '3' });
    const records = [];
    while (records.length < 4)
      records.push(await next(stream, 'records', ({ id }) => id !== undefined));
    assert.deepEqual(
      records.map(({ topic, type, event }) => [topic.split('/').at(-1), type, event]),
      [
        ['orders', 'new', 'new'],
        ['orders', 'canceled', 'canceled'],
        ['orders', 'new', 'new'],
        ['fills', 'fill', 'fill'],
      ],
    );
    const fill = records[3].data;
    const { event, price, qty, position_qty, cash, realized_pnl, account } = fill;
    assert.deepEqual(
      { event, price, qty, position_qty, cash, realized_pnl, account },
      {
        event: 'fill',
        price: '101',
        qty: '3',
        position_qty: '3',
        cash: '99697',
        realized_pnl: '0',
        account: trader.account,
      },
    );
    assert.deepEqual(Object.keys(fill.explain).sort(), [
      'fee_rate',
      'levels',
      'liquidity',
      'model',
      'slippage',
      'source_price',
    ]);
    assert.equal(fill.explain.model, 'quote');
    assert.equal(fill.order.symbol, share.symbol);
    assert.equal(records[1].data.order.status, 'canceled');
  });

  test('a position is state, deleted when it is closed', async (t) => {
    const { trader, share, place } = await desk(20, 20);
    const stream = await watch(t, trader);
    const isPosition = ({ event }) => event === 'position';
    await place({ qty: '4', side: 'sell' });
    const short = await next(stream, 'the position', isPosition);
    assert.equal(short.topic, `paper/${trader.account}/positions`);
    assert.equal(short.id, undefined);
    const { symbol, quantity, avg_price } = short.data;
    assert.deepEqual([symbol, quantity, avg_price], [share.symbol, -4, 20]);
    await share.quote(21, 21);
    const moved = await next(stream, 'its new value', isPosition);
    assert.equal(moved.data.unrealized_pnl, -4);
    await place({ qty: '4' });
    assert.equal((await next(stream, 'its end', isPosition)).data, null);
    const late = await watch(t, trader);
    const first = await next(late, 'the state', ({ id }) => id === undefined);
    assert.equal(first.event, 'equity', 'a closed position is no state');
  });

  test('a state never shows the effect of a record that was not sent before it', async (t) => {
    const seed = seedFrom('PAPER_SEED');
    t.diagnostic(`PAPER_SEED=${seed}`);
    const random = randomFrom(seed);
    const { trader } = await desk();
    const shares = [await listed(server, 10, 10.01), await listed(server, 20, 20.02)];
    const stream = await watch(t, trader);
    const ORDERS = 150;
    const work = Promise.all(
      [0, 1, 2].map(async () => {
        for (let i = 0; i < ORDERS / 3; ++i) {
          const share = shares[Math.floor(random() * shares.length)];
          const side = random() < 0.6 ? 'buy' : 'sell';
          const qty = String(1 + Math.floor(random() * 3));
          const answer = await trader.call('POST', '/v2/orders', {
            symbol: share.symbol,
            qty,
            side,
            type: 'market',
            time_in_force: 'day',
          });
          assert.ok([200, 403].includes(answer.status), answer.text);
          if (random() < 0.3) await share.quote((10 + random()).toFixed(2), '12');
        }
      }),
    );
    const last = work.then(() =>
      trader.place({ symbol: shares[0].symbol, qty: '1', client_order_id: 'last' }),
    );
    let fills = 0;
    let ended = false;
    const cashes = new Set(['100000']);
    const quantities = new Map(shares.map(({ symbol }) => [symbol, new Set(['0'])]));
    for (let shown = ''; !ended || shown !== String(fills);) {
      const block = await stream.next('an event', isPaper);
      const { data } = parseExact(block.data);
      if (block.event === 'fill') {
        ++fills;
        ended = data.order.client_order_id === 'last';
        cashes.add(data.cash);
        quantities.get(data.order.symbol).add(data.position_qty);
      } else if (block.event === 'equity') {
        shown = data.trades_executed;
        assert.ok(Number(shown) <= fills, `${shown} fills after ${fills}`);
        assert.ok(cashes.has(data.balance), `cash ${data.balance} before its fill`);
      } else if (block.event === 'position' && data !== null) {
        assert.ok(quantities.get(data.symbol).has(data.quantity), JSON.stringify(data));
      }
    }
    await last;
  });

  test('a refused order is a record too, with its reason', async (t) => {
    const { trader, place, share } = await desk();
    const stream = await watch(t, trader);
    await trader.refused(
      { symbol: share.symbol, qty: '1000000' },
      { status: 403, code: 40310000, message: 'insufficient buying power' },
    );
    const rejected = await next(stream, 'the record', ({ id }) => id !== undefined);
    assert.equal(rejected.topic, `paper/${trader.account}/orders`);
    assert.equal(rejected.type, 'rejected');
    assert.equal(rejected.data.reason, 'insufficient_buying_power');
    assert.equal(rejected.data.order.status, 'rejected');
    await place({});
    assert.equal((await trader.get('/v2/account')).cash, '99899');
  });

  test('nobody but the server writes there', async () => {
    for (const topic of ['paper/paper/orders', 'paper/paper/fills', 'paper/x/equity', 'paper/x']) {
      const answer = await request(server, '/api/v1/publish', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ topic, data: {} }),
      });
      assertProblem(answer, 403);
      assert.ok(answer.json().detail.includes(topic), answer.text);
    }
  });
});

test('keys and secrets are in no stream', async (t) => {
  const { trader, place } = await desk();
  trader.headers = apca(trader.account, 'very-secret-word');
  const stream = await openStream(t, server, `/api/v1/stream?topics=paper/**&since=earliest`);
  await place({});
  let block;
  do {
    block = await stream.next('the fill', ({ data }) => data !== undefined);
    assert.ok(!block.data.includes('very-secret-word'), block.data);
  } while (block.event !== 'fill' || payload(block).data.account !== trader.account);
});
