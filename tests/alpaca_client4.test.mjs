// A day of use of Alpaca's npm client 4.0, as it is, pointed here by its fetch function. It checks
// and converts every answer; what comes out is compared.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { Alpaca, AuthError, NotFoundError, PermissionError, ValidationError } from 'alpaca-v4';

import { UUID, assertHas, listed } from './harness/alpaca.mjs';
import { Server, restart, serve } from './harness/server.mjs';
import { inTime, until } from './harness/until.mjs';

const QUIET = ['--source', 'none', '--set', 'server.drain_s=0.5'];
const DAY_MS = 86_400_000;
const daysAgo = (days) => new Date(Date.now() - days * DAY_MS);

let server; // what the test tells is all that happens
let market; // five symbols with a history
before(async () => {
  [server, market] = await Promise.all([Server.start(QUIET), Server.start()]);
});
after(() => Promise.all([server.stop(), market.stop()]));

let bots = 0;
function client(at = server, keyId = `bot-${++bots}`) {
  const fetchApi = (url, init) => {
    const { pathname, search } = new URL(url);
    return fetch(at.url + pathname + search, init);
  };
  // Its timer of a DELETE would hold the process for the whole timeout.
  return new Alpaca({ keyId, secret: 'any', fetchApi, timeoutMs: 0 });
}

async function desk(at = server) {
  const alpaca = client(at);
  return { alpaca, orders: alpaca.trading.orders, share: await listed(at, 99, 101) };
}

const streamOf = (t, alpaca, at) => {
  const stream = alpaca.trading.stream({ url: `${at.url.replace('http', 'ws')}/stream` });
  t.after(() => stream.disconnect());
  return stream;
};

describe('trading', () => {
  test('the connection, the account and its configuration', async () => {
    const { trading } = client();
    const check = await trading.validateConnection();
    assert.equal(check.ok, true);
    assertHas(check.account, {
      status: 'ACTIVE',
      currency: 'USD',
      cash: '100000',
      multiplier: '2',
    });
    assert.match(check.account.id, UUID);
    const { accountConfigurations } = trading;
    assertHas(await accountConfigurations.getAccountConfig(), { noShorting: false });
    const changed = await accountConfigurations.patchAccountConfig({
      accountConfigurations: { noShorting: true, maxMarginMultiplier: '1' },
    });
    assertHas(changed, { noShorting: true, maxMarginMultiplier: '1' });
    assertHas(await trading.account.getAccount(), { shortingEnabled: false, multiplier: '1' });
  });

  test('orders of every type', async () => {
    const { orders, share } = await desk();
    const buy = { symbol: share.symbol, side: 'buy', qty: 1 };
    assertHas(await orders.market({ ...buy, qty: 10 }), {
      status: 'filled',
      filledQty: '10',
      filledAvgPrice: '101',
    });
    const { symbol, side } = buy;
    assertHas(await orders.market({ symbol, side, notional: 50.5 }), { filledQty: '0.5' });
    assertHas(await orders.limit({ ...buy, limitPrice: 95.5 }), {
      status: 'new',
      limitPrice: '95.5',
    });
    assertHas(await orders.limit({ ...buy, limitPrice: '95.5', timeInForce: 'ioc' }), {
      status: 'canceled',
    });
    assertHas(await orders.stop({ ...buy, stopPrice: 105 }), { status: 'new', stopPrice: '105' });
    assertHas(await orders.stopLimit({ ...buy, stopPrice: 105, limitPrice: 106 }), {
      status: 'new',
      stopPrice: '105',
      limitPrice: '106',
    });
    assertHas(await orders.trailingStop({ ...buy, side: 'sell', trailPercent: 10 }), {
      status: 'new',
      trailPercent: '10',
      hwm: '100',
      stopPrice: '90',
    });
  });

  test('bracket, oco and oto, with their legs', async () => {
    const { orders, share } = await desk();
    const buy = { symbol: share.symbol, side: 'buy', qty: 2 };
    const exits = { takeProfit: { limitPrice: 120 }, stopLoss: { stopPrice: 80 } };
    const waiting = await orders.bracket({ ...buy, limitPrice: 90, ...exits });
    assert.deepEqual(
      waiting.legs.map(({ status, parentId }) => [status, parentId]),
      [
        ['held', undefined],
        ['held', undefined],
      ],
    );
    const bracket = await orders.bracket({ ...buy, ...exits });
    assertHas(bracket, { status: 'filled', orderClass: 'bracket' });
    assert.deepEqual(
      bracket.legs.map(({ status }) => status),
      ['new', 'new'],
    );
    await orders.deleteAllOrders();
    const oco = await orders.oco({ ...buy, side: 'sell', ...exits });
    assertHas(oco, { status: 'new', orderClass: 'oco', limitPrice: '120' });
    assertHas(oco.legs[0], { status: 'new', type: 'stop', stopPrice: '80' });
    const oto = await orders.oto({ ...buy, stopLoss: { stopPrice: 80 } });
    assertHas(oto, { status: 'filled', orderClass: 'oto' });
    assert.equal(oto.legs.length, 1);
  });

  test('finds, replaces and cancels orders', async () => {
    const { orders, share } = await desk();
    const buy = { symbol: share.symbol, side: 'buy', qty: 1, limitPrice: 90 };
    const first = await orders.limit({ ...buy, clientOrderId: 'my own name' });
    assert.deepEqual(await orders.getOrderByOrderID({ orderId: first.id }), first);
    const named = await orders.getOrderByClientOrderId({ clientOrderId: 'my own name' });
    assert.deepEqual(named, first);
    const second = await orders.patchOrderByOrderId({
      orderId: first.id,
      patchOrderRequest: { limitPrice: '91', qty: '2' },
    });
    assertHas(second, { limitPrice: '91', qty: '2', replaces: first.id });
    assertHas(await orders.getOrderByOrderID({ orderId: first.id }), {
      status: 'replaced',
      replacedBy: second.id,
    });
    await orders.deleteOrderByOrderID({ orderId: second.id });
    const again = orders.deleteOrderByOrderID({ orderId: second.id });
    await assert.rejects(again, (error) => error instanceof ValidationError);
    const more = [];
    for (const limitPrice of [50, 51]) more.push((await orders.limit({ ...buy, limitPrice })).id);
    const open = await orders.getAllOrders({ status: 'open', direction: 'asc' });
    assert.deepEqual(
      open.map(({ id }) => id),
      more,
    );
    const canceled = await orders.deleteAllOrders();
    assert.deepEqual(canceled.map(({ id }) => id).sort(), more.toSorted());
    assert.deepEqual(await orders.getAllOrders({ status: 'open' }), []);
  });

  test('positions, and closing them', async () => {
    const { alpaca, orders, share } = await desk();
    const { positions } = alpaca.trading;
    const other = await listed(server, 10, 10);
    await orders.market({ symbol: share.symbol, side: 'buy', qty: 10 });
    await orders.market({ symbol: other.symbol, side: 'sell', qty: 5 });
    const named = { symbolOrAssetId: share.symbol };
    assertHas(await positions.getOpenPosition(named), {
      qty: '10',
      side: 'long',
      avgEntryPrice: '101',
      unrealizedPl: '-10',
    });
    const half = await positions.deleteOpenPosition({ ...named, percentage: 50 });
    assertHas(half, { qty: '5', side: 'sell', status: 'filled' });
    const two = await positions.deleteOpenPosition({ ...named, qty: 2 });
    assertHas(two, { qty: '2', status: 'filled' });
    const closed = await alpaca.trading.closeAllPositions({ cancelOrders: true });
    const symbols = closed.map(({ symbol }) => symbol);
    assert.deepEqual(symbols.sort(), [share.symbol, other.symbol].sort());
    assert.deepEqual(await positions.getAllOpenPositions(), []);
    await assert.rejects(positions.getOpenPosition(named), (error) => {
      assertHas(error, { status: 404, code: 40410000, message: 'position does not exist' });
      return error instanceof NotFoundError;
    });
  });

  test('what was refused is the error that it has a class for', async () => {
    const { orders, share } = await desk();
    const buy = { symbol: share.symbol, side: 'buy', qty: 1e6 };
    await assert.rejects(orders.market(buy), (error) => {
      assertHas(error, { code: 40310000, message: 'insufficient buying power' });
      return error instanceof PermissionError;
    });
    const finer = orders.limit({ ...buy, qty: 1, limitPrice: 90.123 });
    await assert.rejects(finer, (error) => error instanceof ValidationError);
    const stranger = client(server, 'no/such name').trading.account.getAccount();
    await assert.rejects(stranger, (error) => error instanceof AuthError);
  });

  test('portfolio history and activities, page by page', async () => {
    const { alpaca, orders, share } = await desk();
    const { portfolioHistory } = alpaca.trading;
    for (let i = 0; i < 5; ++i) await orders.market({ symbol: share.symbol, side: 'buy', qty: 1 });
    await until('a point of equity', async () => {
      const history = await portfolioHistory.getAccountPortfolioHistory({
        period: '1D',
        timeframe: '1Min',
      });
      return history.equity.at(-1) === 99_995 && history.profitLoss.at(-1) === -5;
    });
    const fills = await alpaca.trading.collectActivities({ activityTypes: ['FILL'], pageSize: 2 });
    assert.deepEqual(
      fills.map(({ price, qty, type }) => [price, qty, type]),
      Array.from({ length: 5 }, () => ['101', '1', 'fill']),
    );
    assert.equal(new Set(fills.map(({ id }) => id)).size, 5);
  });

  test('clock, calendar and assets', async () => {
    const { trading } = client(market);
    const clock = await trading.clock.legacyClock();
    assert.equal(clock.isOpen, true);
    assert.ok(clock.timestamp <= clock.nextClose);
    const days = await trading.calendar.legacyCalendar({
      start: new Date('2026-11-26'),
      end: new Date('2026-11-27'),
    });
    assert.deepEqual(
      days.map(({ date, open, close }) => [date.toISOString().slice(0, 10), open, close]),
      [['2026-11-27', '09:30', '13:00']],
    );
    const assets = await trading.assets.getV2Assets({ status: 'active', assetClass: 'crypto' });
    assert.deepEqual(assets.map(({ symbol }) => symbol).sort(), ['BTC', 'ETH']);
    const coin = await trading.assets.getV2AssetsSymbolOrAssetId({ symbolOrAssetId: 'BTC/USD' });
    assertHas(coin, { symbol: 'BTC', tradable: true, shortable: false });
  });
});

describe('market data', () => {
  test('bars of shares and coins, page by page', async () => {
    const { marketData } = client(market);
    const wish = { symbols: ['AAPL', 'TSLA'], timeframe: '1Day', start: daysAgo(100) };
    const whole = await marketData.getStockBars(wish);
    assert.deepEqual(Object.keys(whole), wish.symbols);
    assert.ok(whole.AAPL.length >= 99 && whole.AAPL.length <= 101, `${whole.AAPL.length} bars`);
    const paged = await marketData.getStockBars({ ...wish, limit: 7 });
    const yesterday = (bars) => bars.slice(0, -1); // today's still moves
    assert.deepEqual(yesterday(paged.TSLA), yesterday(whole.TSLA));
    const coins = await marketData.getCryptoBars({ ...wish, loc: 'us', symbols: ['BTC/USD'] });
    assert.ok(coins['BTC/USD'].length >= 99);
    assert.ok(coins['BTC/USD'][0].timestamp >= wish.start);
  });

  test('latest prices, quotes and snapshots', async () => {
    const { marketData } = client(market);
    assert.ok((await marketData.getLatestPrice('AAPL')) > 0);
    const { quotes } = await marketData.stocks.stockLatestQuotes({ symbols: 'AAPL,TSLA' });
    for (const { bp, ap } of [quotes.AAPL, quotes.TSLA]) assert.ok(bp > 0 && bp <= ap);
    const snapshots = await marketData.stocks.stockSnapshots({ symbols: 'AAPL,TSLA' });
    for (const name of ['latestTrade', 'latestQuote', 'minuteBar', 'dailyBar', 'prevDailyBar'])
      assert.ok(snapshots.TSLA[name], name);
    const coin = { loc: 'us', symbols: 'BTC/USD' };
    const latest = await marketData.crypto.cryptoLatestTrades(coin);
    assert.ok(latest.trades['BTC/USD'].p > 0);
  });
});

describe('its stream', () => {
  test('is acknowledged before an order is placed, and tells how it ends', async (t) => {
    const { alpaca, orders, share } = await desk();
    const stream = streamOf(t, alpaca, server);
    const errors = [];
    stream.onError((error) => errors.push(error));
    stream.connect();
    const order = { type: 'market', symbol: share.symbol, side: 'buy', timeInForce: 'day' };
    const filled = await alpaca.trading.submitAndWait({ ...order, qty: 3 }, { stream });
    assertHas(filled, { status: 'filled', filledQty: '3', filledAvgPrice: '101' });
    const waiting = alpaca.trading.submitAndWait(
      { ...order, qty: 1, type: 'limit', limitPrice: 90, clientOrderId: 'doomed' },
      { stream },
    );
    const doomed = await until('the order', async () => {
      const [open] = await orders.getAllOrders({ status: 'open' });
      return open;
    });
    await orders.deleteOrderByOrderID({ orderId: doomed.id });
    assertHas(await inTime('the end of the order', waiting), {
      status: 'canceled',
      clientOrderId: 'doomed',
    });
    assert.deepEqual(errors, []);
  });

  test('comes back by itself after a restart', async (t) => {
    const old = await serve(t, QUIET);
    const { alpaca, share } = await desk(old);
    const stream = streamOf(t, alpaca, old);
    const updates = [];
    let listening = 0;
    stream.onTradeUpdate(({ event, order }) => updates.push([event, order.clientOrderId]));
    stream.on('subscription', () => ++listening);
    stream.onConnect(() => stream.subscribeTradeUpdates());
    stream.connect();
    await until('the subscription', () => listening > 0);
    const buy = { symbol: share.symbol, side: 'buy', qty: 1 };
    const heard = async (name) => {
      await alpaca.trading.orders.market({ ...buy, clientOrderId: name });
      await until(`the fill of ${name}`, () => updates.length >= 2);
      assert.deepEqual(updates.splice(0), [
        ['new', name],
        ['fill', name],
      ]);
    };
    await heard('before');
    const acknowledged = listening;
    share.server = await restart(t, old, { kill: true });
    await share.quote(99, 101);
    await until('the subscription once more', () => listening > acknowledged);
    await heard('after');
  });
});
