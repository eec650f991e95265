// The plain endpoints: instruments, quotes, bars, health, metrics, the API's description, the page.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { parseMetrics, readMetrics } from './harness/metrics.mjs';
import { RawClient, parseHead, request, requestText } from './harness/raw.mjs';
import { Server } from './harness/server.mjs';
import { isPrice, openStream } from './harness/sse.mjs';
import { until } from './harness/until.mjs';

const SYMBOLS = ['AAPL', 'TSLA', 'GOOGL', 'BTC', 'ETH'];
const MICROSECONDS_UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
const SECONDS = { '1s': 1, '1m': 60, '5m': 300, '15m': 900, '1h': 3600, '1d': 86_400 };

let server;
before(async () => (server = await Server.start(['--set', 'market.rate=50'])));
after(() => server.stop());

async function json(path, status = 200) {
  const answer = await request(server, path);
  assert.equal(answer.status, status, `${path}: ${answer.text}`);
  return answer.json();
}

async function assertRefused(path, field) {
  const answer = await request(server, path);
  assert.equal(answer.status, 422, `${path}: ${answer.text}`);
  assert.equal(answer.headers.get('content-type'), 'application/problem+json');
  assert.equal(answer.json().field, field);
  return answer.json().detail;
}

describe('symbols and quotes', () => {
  test('/api/v1/symbols lists the instruments', async () => {
    const { symbols } = await json('/api/v1/symbols');
    assert.deepEqual(symbols.map(({ symbol }) => symbol).sort(), [...SYMBOLS].sort());
  });

  test('/api/v1/quotes gives the latest of all, or of some', async () => {
    const quotes = await until('all quotes', async () => {
      const found = (await json('/api/v1/quotes')).quotes;
      return found.length === SYMBOLS.length && found;
    });
    for (const quote of quotes) {
      for (const name of ['price', 'bid', 'ask', 'bid_size', 'ask_size', 'change', 'volume']) {
        assert.equal(typeof quote[name], 'number', `${name} of ${JSON.stringify(quote)}`);
      }
      assert.ok(quote.bid > 0 && quote.bid <= quote.ask, JSON.stringify(quote));
      assert.match(quote.time, MICROSECONDS_UTC);
    }
    const some = (await json('/api/v1/quotes?symbols=BTC,AAPL')).quotes;
    assert.deepEqual(some.map(({ symbol }) => symbol).sort(), ['AAPL', 'BTC']);
  });

  test('a quote is at least as new as what a stream has shown', async (t) => {
    const stream = await openStream(t, server, '/stream?symbols=BTC&interval=0');
    const { timestamp } = JSON.parse((await stream.next('price', isPrice)).data);
    const [quote] = (await json('/api/v1/quotes?symbols=BTC')).quotes;
    assert.ok(quote.time >= timestamp, `${quote.time} and ${timestamp}`);
  });

  test('an unknown symbol is not found', async () => {
    for (const path of [
      '/api/v1/quotes?symbols=AAPL,NOPE',
      '/api/v1/bars/NOPE',
      '/api/v1/bars/NOPE?timeframe=1m',
    ]) {
      assert.deepEqual(await json(path, 404), { error: 'Symbol not found' });
    }
  });
});

describe('bars', () => {
  for (const [timeframe, seconds] of Object.entries(SECONDS)) {
    test(`timeframe=${timeframe} gives regular bars, oldest first`, async () => {
      const { bars } = await until(`a bar of ${timeframe}`, async () => {
        const found = await json(`/api/v1/bars/AAPL?timeframe=${timeframe}`);
        return found.bars.length > 0 && found;
      });
      let before = '';
      for (const bar of bars) {
        assert.match(bar.time, MICROSECONDS_UTC);
        assert.ok(bar.time > before, `${bar.time} after ${before}`);
        before = bar.time;
        assert.equal((Date.parse(bar.time) / 1000) % seconds, 0, `${bar.time} begins a bar`);
        assert.ok(bar.low <= Math.min(bar.open, bar.close), JSON.stringify(bar));
        assert.ok(bar.high >= Math.max(bar.open, bar.close), JSON.stringify(bar));
        assert.ok(bar.low > 0 && bar.volume >= 0, JSON.stringify(bar));
      }
    });
  }

  test('history was made before the start: 400 days, and 5 days of minutes', async () => {
    const days = (await json('/api/v1/bars/TSLA?timeframe=1d&limit=1000')).bars;
    assert.ok(days.length >= 400, `${days.length} daily bars`);
    const minutes = (await json('/api/v1/bars/TSLA?timeframe=1m&limit=10000')).bars;
    assert.ok(minutes.length >= 5 * 1440 - 1, `${minutes.length} bars of a minute`);
    assert.equal(days[0].synthetic, true);
  });

  test('from, to and limit select', async () => {
    const all = (await json('/api/v1/bars/BTC?timeframe=1d&limit=1000')).bars;
    const [from, to] = [all[10].time, all[20].time];
    const range = (await json(`/api/v1/bars/BTC?timeframe=1d&from=${from}&to=${to}`)).bars;
    assert.deepEqual(
      range,
      all.filter(({ time }) => time >= from && time <= to),
    );
    // Typed as it is, the + of an offset is a space of the query.
    const typed = `from=${from.replace('Z', '+00:00')}&to=${to.replace('Z', '+00:00')}`;
    assert.deepEqual((await json(`/api/v1/bars/BTC?timeframe=1d&${typed}`)).bars, range);
    assert.equal((await json('/api/v1/bars/BTC?timeframe=1d&limit=7')).bars.length, 7);
    assert.deepEqual(
      (
        await json(
          '/api/v1/bars/BTC?timeframe=1d&from=1999-01-01T00:00:00Z&to=1999-02-01T00:00:00Z',
        )
      ).bars,
      [],
    );
  });

  test('wrong values are refused, naming field and range', async () => {
    const detail = await assertRefused('/api/v1/bars/AAPL?timeframe=2m', 'timeframe');
    for (const timeframe of Object.keys(SECONDS))
      assert.match(detail, new RegExp(`\\b${timeframe}\\b`));
    assert.match(await assertRefused('/api/v1/bars/AAPL?limit=0', 'limit'), /1/);
    await assertRefused('/api/v1/bars/AAPL?limit=many', 'limit');
    await assertRefused('/api/v1/bars/AAPL?limit=99999999', 'limit');
    await assertRefused('/api/v1/bars/AAPL?limit=-1', 'limit');
    await assertRefused('/api/v1/bars/AAPL?from=yesterday', 'from');
    await assertRefused('/api/v1/bars/AAPL?to=2024-13-01T00:00:00Z', 'to');
  });
});

describe('operations', () => {
  test('/healthz and /readyz are 200', async () => {
    assert.equal((await request(server, '/healthz')).status, 200);
    assert.equal((await request(server, '/readyz')).status, 200);
  });

  test('/metrics is Prometheus text, regular and complete; counters count', async (t) => {
    const answer = await request(server, '/metrics');
    assert.match(answer.headers.get('content-type'), /^text\/plain; version=0\.0\.4/);
    const families = parseMetrics(answer.text);
    for (const [name, { help, type, samples }] of families) {
      assert.match(name, /^(livetape|process)_/);
      assert.ok(help, `help of ${name}`);
      assert.ok(['counter', 'gauge', 'histogram'].includes(type), `type of ${name}`);
      assert.ok(samples.length > 0, name);
      assert.equal(type === 'counter', name.endsWith('_total'), `${name} is a ${type}`);
    }
    for (const subject of [
      /connection/,
      /stream/,
      /event/,
      /bytes/,
      /send/,
      /queue|depth/,
      /loop/,
      /slow|lag/,
    ]) {
      assert.ok(
        [...families.keys()].some((name) => subject.test(name)),
        `a metric about ${subject}`,
      );
    }

    const sum = (all, pattern) =>
      [...all]
        .filter(([name]) => pattern.test(name))
        .flatMap(([, family]) => family.samples)
        .reduce((total, { value }) => total + value, 0);
    const stream = await openStream(t, server, '/stream?interval=0');
    await stream.take('price', 50, isPrice);
    const later = await readMetrics(server);
    const bytes = /bytes.*_total$/;
    assert.ok(sum(later, bytes) > sum(families, bytes), 'bytes were counted');
  });
});

describe('/openapi.json', () => {
  const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options'];
  let description;
  before(async () => (description = await json('/openapi.json')));

  const operations = () =>
    Object.entries(description.paths).flatMap(([path, item]) =>
      Object.entries(item)
        .filter(([method]) => METHODS.includes(method))
        .map(([method, operation]) => ({ path, method, operation })),
    );

  test('is OpenAPI 3', () => {
    assert.match(description.openapi, /^3\.\d+\.\d+$/);
    assert.ok(description.info.title && description.info.version);
    const ids = operations()
      .map(({ operation }) => operation.operationId)
      .filter(Boolean);
    assert.equal(new Set(ids).size, ids.length, 'operation ids are unique');
    for (const { path, method, operation } of operations()) {
      const where = `${method} ${path}`;
      assert.ok(operation.summary, `summary of ${where}`);
      const statuses = Object.entries(operation.responses);
      assert.ok(statuses.length > 0, `responses of ${where}`);
      for (const [status, response] of statuses) {
        assert.match(status, /^([1-5]\d\d|default)$/, where);
        assert.ok(response.description, `description of ${status} of ${where}`);
      }
      const parameters = operation.parameters ?? [];
      for (const { name, in: place, required, schema } of parameters) {
        assert.ok(name && ['path', 'query', 'header', 'cookie'].includes(place), where);
        assert.ok(schema?.type ?? schema?.$ref, `schema of ${name} of ${where}`);
        if (place === 'path') assert.equal(required, true, `${name} of ${where}`);
      }
      const inPath = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
      assert.deepEqual(
        parameters
          .filter((each) => each.in === 'path')
          .map(({ name }) => name)
          .sort(),
        inPath.sort(),
        where,
      );
    }
  });

  test('names every endpoint of the contract so far', () => {
    for (const path of [
      '/',
      '/stream',
      '/sse',
      '/sse/{symbol}',
      '/api/v1/symbols',
      '/api/v1/quotes',
      '/api/v1/bars/{symbol}',
      '/healthz',
      '/readyz',
      '/metrics',
      '/openapi.json',
      '/api/v1/sse/{channel}',
      '/api/v1/sse/status',
      '/api/v1/events',
      '/api/v1/events/registry',
      '/api/v1/stream',
    ]) {
      assert.ok(description.paths[path]?.get, `GET ${path}`);
    }
    for (const path of ['/api/v1/sse/{channel}', '/api/v1/events', '/api/v1/publish']) {
      assert.ok(description.paths[path]?.post, `POST ${path}`);
    }
    assert.ok(description.paths['/api/v1/sessions/{session_id}']?.delete);
  });

  test('everything that it names is served as it says', async () => {
    for (const { path, method, operation } of operations()) {
      const client = await RawClient.connect(server.port);
      client.send(
        requestText(server.port, {
          method: method.toUpperCase(),
          path: path
            .replace('{symbol}', 'AAPL')
            .replace('{channel}', 'training')
            .replace('{session_id}', 's1')
            .replace('{name}', 'paper'),
        }),
      );
      const head = parseHead(await client.takeThrough('\r\n\r\n'));
      client.close();
      const described = operation.responses[head.status];
      assert.ok(described, `${method} ${path} answered ${head.status}, which is not described`);
      assert.notEqual(head.status, 405, `${method} ${path}`);
      // What a parameter names need not be there; a path without one is.
      if (!path.includes('{')) assert.notEqual(head.status, 404, `${method} ${path}`);
      if (head.status === 204) continue;
      const types = Object.keys(described.content ?? {});
      const type = head.headers.get('content-type').split(';')[0];
      assert.ok(
        types.some((each) => each.split(';')[0] === type),
        `${method} ${path}: ${type} is not in ${types}`,
      );
    }
  });
});
