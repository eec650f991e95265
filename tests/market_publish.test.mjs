// Market data by publish: any program can drive quotes, prices and bars.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { post, publish } from './harness/api.mjs';
import { assertProblem } from './harness/problem.mjs';
import { request } from './harness/raw.mjs';
import { Server, serve } from './harness/server.mjs';
import { isPrice, openStream, payload } from './harness/sse.mjs';
import { until } from './harness/until.mjs';

const tick = (symbol, data) => ({ topic: `market/${symbol}`, data });

async function quoteOf(server, symbol) {
  const answer = await request(server, `/api/v1/quotes?symbols=${encodeURIComponent(symbol)}`);
  return answer.status === 200 ? answer.json().quotes[0] : undefined;
}

const quoteWith = (server, symbol, expected) =>
  until(`${symbol} at ${JSON.stringify(expected)}`, async () => {
    const quote = await quoteOf(server, symbol);
    const fits = ([name, value]) => quote?.[name] === value;
    return Object.entries(expected).every(fits) && quote;
  });

describe('without a source', () => {
  let server;
  before(async () => (server = await Server.start(['--source', 'none'])));
  after(() => server.stop());

  test('a trade of a new symbol makes it known, everywhere', async (t) => {
    const stream = await openStream(t, server, '/stream?interval=0');
    assert.deepEqual(await publish(server, tick('NEW', { price: 10.5, size: 2 })), [null]);
    const { asset, price } = payload(await stream.next('the price', isPrice));
    assert.deepEqual([asset, price], ['NEW', 10.5]);
    await quoteWith(server, 'NEW', { price: 10.5, volume: 2 });
    const symbols = (await request(server, '/api/v1/symbols')).text;
    assert.ok(symbols.includes('"NEW"'), symbols);
    const one = await openStream(t, server, '/sse/NEW?interval=50ms');
    assert.equal((await one.next('text', isPrice)).data, 'NEW price is 10.5');
  });

  test('quotes move bid and ask, trades add up, volume replaces', async () => {
    await publish(server, tick('MOVE', { bid: 99, ask: 101, bid_size: 5, ask_size: 6 }));
    await quoteWith(server, 'MOVE', { bid: 99, ask: 101, bid_size: 5, ask_size: 6 });
    await publish(server, [
      tick('MOVE', { price: 99.5, size: 1 }),
      tick('MOVE', { price: '100.25', size: '2' }),
    ]);
    await quoteWith(server, 'MOVE', { price: 100.25, volume: 3, bid: 99 });
    await publish(server, tick('MOVE', { volume: 1000 }));
    await quoteWith(server, 'MOVE', { price: 100.25, volume: 1000 });
  });

  test('trades make bars, at the time that they name', async () => {
    const prices = [10, 12, 9, 11];
    const at = (second) => new Date(Date.UTC(2026, 0, 5, 15, 0, second)).toISOString();
    await publish(
      server,
      prices.map((price, n) => tick('BARS', { price, size: 1, time: at(n * 10) })),
    );
    const [bar] = await until('the bar', async () => {
      const answer = await request(server, '/api/v1/bars/BARS?timeframe=1m');
      const bars = answer.status === 200 ? answer.json().bars : [];
      return bars.at(-1)?.volume === 4 && bars;
    });
    assert.deepEqual([bar.open, bar.high, bar.low, bar.close], [10, 12, 9, 11]);
  });

  test('a late trade changes no price', async () => {
    const now = Date.now();
    const time = (ago) => new Date(now - ago).toISOString();
    await publish(server, tick('LATE', { price: 50, time: time(0) }));
    await publish(server, tick('LATE', { price: 40, time: time(3_600_000) }));
    await publish(server, tick('AFTER', { price: 1 }));
    await quoteWith(server, 'AFTER', { price: 1 });
    assert.equal((await quoteOf(server, 'LATE')).price, 50);
  });

  test('a symbol with a slash, and a share', async () => {
    await publish(server, [
      tick('SLASH%2FEUR', { price: 1.5 }),
      tick('SHARE', { price: 2, asset_class: 'us_equity' }),
    ]);
    await quoteWith(server, 'SLASH/EUR', { price: 1.5 });
    const { symbols } = (await request(server, '/api/v1/symbols')).json();
    const classOf = (symbol) => symbols.find((each) => each.symbol === symbol)?.asset_class;
    assert.equal(classOf('SLASH/EUR'), 'crypto', JSON.stringify(symbols));
    assert.equal(classOf('SHARE'), 'us_equity', JSON.stringify(symbols));
  });

  test('records, state and ticks may travel together', async () => {
    const ids = await publish(server, [
      { topic: 'mixed/a', data: 1 },
      tick('MIXED', { price: 3 }),
      { topic: 'mixed/s', data: 1, class: 'state' },
      { topic: 'mixed/b', data: 1 },
    ]);
    assert.deepEqual(
      ids.map((id) => id === null),
      [false, true, true, false],
    );
    await quoteWith(server, 'MIXED', { price: 3 });
  });

  for (const [data, field] of [
    [{ price: -1 }, 'price'],
    [{ price: 0 }, 'price'],
    [{ price: 'much' }, 'price'],
    [{ price: 1, size: -1 }, 'size'],
    [{ size: 1 }, 'price'],
    [{ bid: 2, ask: 1 }, 'bid'],
    [{ bid: 1 }, 'ask'],
    [{ price: 1, time: 'noon' }, 'time'],
    [{ price: 1, colour: 'blue' }, 'colour'],
    [{ price: 1, asset_class: 'bond' }, 'asset_class'],
    [{}, 'data'],
    [[1], 'data'],
    [null, 'data'],
  ]) {
    test(`${JSON.stringify(data)} is no market data: ${field}`, async () => {
      const answer = await post(server, '/api/v1/publish', tick('BAD', data));
      assertProblem(answer, 422);
      assert.ok(answer.json().field.endsWith(field), answer.text);
    });
  }

  test('a time ahead of the clock is refused, and named as the request has it', async () => {
    const ahead = tick('AHEAD', {
      price: 1,
      time: new Date(Date.now() + 3_600_000).toISOString(),
    });
    const fieldOf = async (body) => {
      const answer = await post(server, '/api/v1/publish', body);
      assertProblem(answer, 422);
      return answer.json().field;
    };
    assert.equal(await fieldOf(ahead), 'data.time');
    assert.equal(await fieldOf([ahead]), 'items[0].data.time');
    assert.equal(await fieldOf([tick('NOW', { price: 1 }), ahead]), 'items[1].data.time');
  });

  for (const topic of ['market', 'market/A/B', `market/${'A'.repeat(120)}`, 'market/A%0AB']) {
    test(`${topic.slice(0, 20)} is no symbol`, async () =>
      assertProblem(await post(server, '/api/v1/publish', { topic, data: { price: 1 } }), 422));
  }
});

test('a published symbol is taken over from the built-in source', async (t) => {
  const server = await serve(t, ['--set', 'market.rate=50']);
  await until('built-in prices', async () => (await quoteOf(server, 'BTC'))?.price > 0);
  await publish(server, tick('AAPL', { price: 1.25 }));
  await quoteWith(server, 'AAPL', { price: 1.25 });
  const stream = await openStream(t, server, '/stream?interval=0');
  const prices = { AAPL: new Set(), BTC: new Set() };
  while (prices.BTC.size < 20) {
    const { asset, price } = payload(await stream.next('prices', isPrice));
    prices[asset]?.add(price);
  }
  assert.deepEqual([...prices.AAPL], [1.25]);
});

test('where not all new symbols of a request find a place, none is taken', async (t) => {
  const server = await serve(t, ['--source', 'none']);
  const ticks = (name, count) =>
    Array.from({ length: count }, (_, n) => tick(`${name}${n}`, { price: 1 }));
  const known = async () => (await request(server, '/api/v1/symbols')).json().symbols.length;
  await publish(server, ticks('FIRST', 9_990));
  await until('all are known', async () => (await known()) === 9_990);
  const more = ticks('MORE', 11);
  assertProblem(await post(server, '/api/v1/publish', [...ticks('FIRST', 9), ...more]), 507);
  assert.equal(await quoteOf(server, 'MORE0'), undefined);
  // The tenth that is new is the last that has a place; a second tick of it is none more.
  await publish(server, [...ticks('FIRST', 9), ...more.slice(0, 10), more[9]]);
  await until('as many as there may be', async () => (await known()) === 10_000);
  assertProblem(await post(server, '/api/v1/publish', more[10]), 507);
  await publish(server, more[9]);
});
