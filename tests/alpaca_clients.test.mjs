// A day of use of Alpaca's npm client 3.1, as it is, pointed here by its base URLs. What it parses
// is compared, not bytes. Of 4.0: alpaca_client4.test.mjs.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import Alpaca from 'alpaca-v3';

import { UUID, assertHas, listed } from './harness/alpaca.mjs';
import { Server, restart, serve } from './harness/server.mjs';
import { until } from './harness/until.mjs';

const QUIET = ['--source', 'none', '--set', 'server.drain_s=0.5'];
const DAY_MS = 86_400_000;
const daysAgo = (days) => new Date(Date.now() - days * DAY_MS).toISOString();

let server; // what the test tells is all that happens
let market; // five symbols with a history
before(async () => {
  [server, market] = await Promise.all([Server.start(QUIET), Server.start()]);
});
after(() => Promise.all([server.stop(), market.stop()]));

let bots = 0;
const client = (at = server, keyId = `bot-${++bots}`) =>
  patient(new Alpaca({ keyId, secretKey: 'any', baseUrl: at.url, dataBaseUrl: at.url }));

/** It asks for orders, history and activities again where the server is too busy for them. */
function patient(alpaca) {
  for (const name of ['getOrders', 'getPortfolioHistory', 'getAccountActivities']) {
    const ask = alpaca[name].bind(alpaca);
    alpaca[name] = async (...args) => {
      const { found } = await until(name, () =>
        ask(...args).then(
          (found) => ({ found }),
          (error) => {
            if (error.response?.status !== 503) throw error;
          },
        ),
      );
      return found;
    };
  }
  return alpaca;
}

/** A request that its axios rejects, with the answer as it came. */
async function assertRefused(promise, status, code) {
  const error = await promise.then(
    () => assert.fail('it was accepted'),
    (reason) => reason,
  );
  assert.equal(error.response?.status, status, error.message);
  assert.equal(error.response.data.code, code);
}

const placeWith = (alpaca, share) => (fields) =>
  alpaca.createOrder({
    symbol: share.symbol,
    qty: 1,
    side: 'buy',
    type: 'market',
    time_in_force: 'day',
    ...fields,
  });

async function desk() {
  const alpaca = client();
  const share = await listed(server, 99, 101);
  return { alpaca, share, place: placeWith(alpaca, share) };
}

const takeAll = async (sequence) => {
  const all = [];
  for await (const each of sequence) all.push(each);
  return all;
};

test('account and its configuration', async () => {
  const alpaca = client();
  const account = await alpaca.getAccount();
  assertHas(account, { status: 'ACTIVE', currency: 'USD', cash: '100000', trading_blocked: false });
  assert.match(account.id, UUID);
  assert.equal((await alpaca.getAccountConfigurations()).no_shorting, false);
  await alpaca.updateAccountConfigurations({ no_shorting: true });
  assert.equal((await alpaca.getAccountConfigurations()).no_shorting, true);
  assert.equal((await alpaca.getAccount()).shorting_enabled, false);
});

test('orders of every type', async () => {
  const { place } = await desk();
  assertHas(await place({ qty: 10 }), {
    status: 'filled',
    filled_qty: '10',
    filled_avg_price: '101',
  });
  assertHas(await place({ notional: 50.5, qty: undefined }), {
    notional: '50.5',
    filled_qty: '0.5',
  });
  assertHas(await place({ type: 'limit', limit_price: 95.5 }), {
    status: 'new',
    limit_price: '95.5',
  });
  assertHas(await place({ type: 'stop', stop_price: 105 }), { status: 'new', stop_price: '105' });
  assertHas(await place({ type: 'stop_limit', stop_price: 105, limit_price: 106 }), {
    status: 'new',
    stop_price: '105',
    limit_price: '106',
  });
  assertHas(await place({ type: 'trailing_stop', trail_percent: 10, side: 'sell', qty: 3 }), {
    status: 'new',
    hwm: '100',
    stop_price: '90',
  });
});

test('bracket, oco and oto, with their legs', async () => {
  const { alpaca, share, place } = await desk();
  const bracket = await place({
    order_class: 'bracket',
    qty: 2,
    take_profit: { limit_price: 120 },
    stop_loss: { stop_price: 80, limit_price: 79 },
  });
  assertHas(bracket, { status: 'filled', order_class: 'bracket' });
  assert.deepEqual(bracket.legs.map(({ type, status }) => [type, status]).sort(), [
    ['limit', 'new'],
    ['stop_limit', 'new'],
  ]);
  const nested = await alpaca.getOrders({ status: 'all', nested: true });
  assert.deepEqual(
    nested.map(({ id, legs }) => [id, legs.length]),
    [[bracket.id, 2]],
  );
  await share.quote(120, 121);
  await until('the end of the bracket', async () => {
    const legs = await alpaca.getOrders({ status: 'closed' });
    return legs.some(({ status }) => status === 'canceled');
  });
  assert.deepEqual(await alpaca.getPositions(), []);

  await place({ qty: 4 });
  const oco = await place({
    order_class: 'oco',
    side: 'sell',
    type: 'limit',
    qty: 4,
    take_profit: { limit_price: 130 },
    stop_loss: { stop_price: 110 },
  });
  assertHas(oco, { type: 'limit', limit_price: '130', order_class: 'oco' });
  assert.equal(oco.legs.length, 1);
  const canceled = await alpaca.cancelAllOrders();
  assert.ok(canceled.every(({ status }) => status === 200));
  const oto = await place({ order_class: 'oto', qty: 1, stop_loss: { stop_price: 100 } });
  assertHas(oto, { status: 'filled', order_class: 'oto' });
  assert.equal(oto.legs.length, 1);
});

test('finds, replaces and cancels orders', async () => {
  const { alpaca, share, place } = await desk();
  const first = await place({ type: 'limit', limit_price: 90, client_order_id: 'my own name' });
  assert.deepEqual(await alpaca.getOrder(first.id), first);
  assert.deepEqual(await alpaca.getOrderByClientId('my own name'), first);
  const second = await alpaca.replaceOrder(first.id, { limit_price: 91, qty: 2 });
  assertHas(second, { limit_price: '91', qty: '2', replaces: first.id });
  assertHas(await alpaca.getOrder(first.id), { status: 'replaced', replaced_by: second.id });
  assert.equal(await alpaca.cancelOrder(second.id), '');
  assertHas(await alpaca.getOrder(second.id), { status: 'canceled' });
  await assertRefused(alpaca.cancelOrder(second.id), 422, 42210000);
  const more = [];
  for (const limit_price of [50, 51]) more.push(await place({ type: 'limit', limit_price }));
  const { symbol } = share;
  const open = await alpaca.getOrders({ status: 'open', symbols: symbol, direction: 'asc' });
  assert.deepEqual(
    open.map(({ id }) => id),
    more.map(({ id }) => id),
  );
  const answers = await alpaca.cancelAllOrders();
  assert.deepEqual(answers.map(({ id }) => id).sort(), more.map(({ id }) => id).sort());
  assert.deepEqual(await alpaca.getOrders(), []);
});

test('positions, and closing them', async () => {
  const { alpaca, share, place } = await desk();
  const other = await listed(server, 10, 10);
  await place({ qty: 10 });
  await place({ symbol: other.symbol, qty: 5, side: 'sell' });
  assertHas(await alpaca.getPosition(share.symbol), {
    qty: '10',
    side: 'long',
    avg_entry_price: '101',
    market_value: '1000',
    unrealized_pl: '-10',
  });
  assert.equal((await alpaca.getPositions()).length, 2);
  assertHas(await alpaca.closePosition(other.symbol), { side: 'buy', qty: '5', status: 'filled' });
  const [closed] = await alpaca.closeAllPositions();
  assertHas(closed, { symbol: share.symbol, status: 200 });
  assert.deepEqual(await alpaca.getPositions(), []);
  await assertRefused(alpaca.getPosition(share.symbol), 404, 40410000);
  assert.equal((await alpaca.getAccount()).cash, '99980');
});

test('what was refused has the code that it looks for', async () => {
  const { alpaca, place } = await desk();
  await assertRefused(place({ qty: 1e6 }), 403, 40310000);
  await assertRefused(place({ type: 'limit' }), 422, 42210000);
  await assertRefused(alpaca.getOrder('00000000-0000-4000-8000-000000000000'), 404, 40410000);
  await assertRefused(client(server, 'no/such name').getAccount(), 401, 40110000);
});

test('portfolio history and activities', async () => {
  const { alpaca, place } = await desk();
  await place({ qty: 10 });
  await place({ qty: 4, side: 'sell' });
  const history = await until('a point of equity', async () => {
    const answer = await alpaca.getPortfolioHistory({ period: '1D', timeframe: '1Min' });
    return answer.equity.at(-1) === 99_986 && answer;
  });
  assertHas(history, { timeframe: '1Min', base_value: 100_000 });
  assert.equal(history.timestamp.length, history.equity.length);
  assert.equal(history.profit_loss.at(-1), -14);
  assert.equal(history.profit_loss_pct.at(-1), -0.00014);
  const fills = await alpaca.getAccountActivities({ activityTypes: ['FILL'], direction: 'asc' });
  assert.deepEqual(
    fills.map(({ side, qty, price }) => [side, qty, price]),
    [
      ['buy', '10', '101'],
      ['sell', '4', '99'],
    ],
  );
  const [newest] = await alpaca.getAccountActivities({ activityTypes: 'FILL', pageSize: 1 });
  const rest = await alpaca.getAccountActivities({ activityTypes: 'FILL', pageToken: newest.id });
  assert.deepEqual([newest.id, rest[0].id], [fills[1].id, fills[0].id]);
});

test('clock, calendar and assets', async () => {
  const alpaca = client(market);
  assertHas(await alpaca.getClock(), { is_open: true });
  const [start, end] = [new Date(2026, 10, 23), new Date(2026, 10, 27)];
  const days = await alpaca.getCalendar({ start, end });
  assert.deepEqual(
    days.map(({ date, close }) => [date, close]),
    [
      ['2026-11-23', '16:00'],
      ['2026-11-24', '16:00'],
      ['2026-11-25', '16:00'],
      ['2026-11-27', '13:00'],
    ],
  );
  const assets = await alpaca.getAssets({ status: 'active', asset_class: 'us_equity' });
  assert.deepEqual(assets.map(({ symbol }) => symbol).sort(), ['AAPL', 'GOOGL', 'TSLA']);
  assertHas(await alpaca.getAsset('BTCUSD'), { class: 'crypto', symbol: 'BTC', tradable: true });
});

test('bars, page by page', async () => {
  const alpaca = client(market);
  const start = daysAgo(100);
  const whole = await takeAll(alpaca.getBarsV2('AAPL', { timeframe: '1Day', start }));
  assert.ok(whole.length >= 99 && whole.length <= 101, `${whole.length} bars`);
  const paged = await takeAll(
    alpaca.getBarsV2('AAPL', { timeframe: '1Day', start, pageLimit: 7, limit: 50 }),
  );
  assert.deepEqual(paged, whole.slice(0, 50));
  const timeframe = alpaca.newTimeframe(15, alpaca.timeframeUnit.MIN);
  const several = await alpaca.getMultiBarsV2(['AAPL', 'TSLA'], {
    timeframe,
    start: daysAgo(1),
    pageLimit: 100,
  });
  assert.deepEqual([...several.keys()], ['AAPL', 'TSLA']);
  for (const bars of several.values()) assert.ok(bars.length >= 95, `${bars.length} bars`);
  const coins = await alpaca.getCryptoBars(['BTC/USD'], { timeframe: '1Day', start });
  assert.ok(coins.get('BTC/USD').length >= 99);
});

test('latest trades, quotes, bars and snapshots', async () => {
  const alpaca = client(market);
  assert.ok((await alpaca.getLatestTrade('AAPL')).Price > 0);
  const quote = await alpaca.getLatestQuote('AAPL');
  assert.ok(quote.BidPrice > 0 && quote.BidPrice <= quote.AskPrice);
  const { HighPrice, LowPrice } = await alpaca.getLatestBar('AAPL');
  assert.ok(LowPrice > 0 && LowPrice <= HighPrice);
  const both = ['AAPL', 'TSLA'];
  for (const call of ['getLatestTrades', 'getLatestQuotes', 'getLatestBars'])
    assert.deepEqual([...(await alpaca[call](both)).keys()], both, call);
  const snapshot = await alpaca.getSnapshot('AAPL');
  for (const name of ['LatestTrade', 'LatestQuote', 'MinuteBar', 'DailyBar', 'PrevDailyBar'])
    assert.ok(snapshot[name], name);
  assert.deepEqual(
    (await alpaca.getSnapshots(both)).map(({ symbol }) => symbol),
    both,
  );
  const coin = ['BTC/USD'];
  assert.ok((await alpaca.getLatestCryptoTrades(coin)).get('BTC/USD').Price > 0);
  assert.ok((await alpaca.getLatestCryptoQuotes(coin)).get('BTC/USD').AskPrice > 0);
  assert.ok((await alpaca.getCryptoSnapshots(coin)).get('BTC/USD').DailyBar.Close > 0);
});

/** The stream class of the client, listening; `updates` are those of the orders that it names. */
async function listenTo(t, alpaca, place) {
  const stream = alpaca.trade_ws;
  t.after(() => stream.disconnect());
  const updates = [];
  const listening = { updates, connections: 0 };
  stream.onOrderUpdate(({ event, order }) => updates.push([event, order.client_order_id]));
  stream.onConnect(() => {
    ++listening.connections;
    stream.subscribe(['trade_updates']);
  });
  stream.connect();
  /** It does not say when it hears: whatever comes first shows it. */
  listening.hears = async (connection) => {
    await until(`connection ${connection}`, () => listening.connections === connection);
    const heard = updates.length;
    await until('an update', async () => {
      await alpaca.cancelOrder((await place({ type: 'limit', limit_price: 1 })).id);
      return updates.length > heard;
    });
  };
  listening.of = (name) => updates.filter(([, of]) => of === name).map(([event]) => event);
  return listening;
}

test('its stream tells every update, and comes back by itself', async (t) => {
  const old = await serve(t, QUIET);
  const share = await listed(old, 99, 101);
  const alpaca = client(old);
  const place = placeWith(alpaca, share);
  const stream = await listenTo(t, alpaca, place);
  await stream.hears(1);
  const waiting = await place({ type: 'limit', limit_price: 50, client_order_id: 'waiting' });
  await place({ client_order_id: 'market' });
  await alpaca.cancelOrder(waiting.id);
  await until('its end', () => stream.of('waiting').includes('canceled'));
  assert.deepEqual(stream.of('waiting'), ['new', 'canceled']);
  assert.deepEqual(stream.of('market'), ['new', 'fill']);
  share.server = await restart(t, old);
  await share.quote(99, 101);
  await stream.hears(2);
  await place({ client_order_id: 'later' });
  await until('the fill', () => stream.of('later').includes('fill'));
  assert.deepEqual(stream.of('later'), ['new', 'fill']);
});

test('its stream gives up with a key that is no account name', async () => {
  const { trade_ws: stream } = client(server, 'no/such name');
  const errors = [];
  stream.onError((error) => errors.push(error));
  stream.connect();
  await until('an error', () => errors.length > 0);
  assert.deepEqual(errors, ['bad key id or secret']);
});
