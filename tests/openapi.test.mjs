// The description of the API tells the truth: what the server really answers and sends is all and
// only what /openapi.json says, and the bodies that it describes are taken.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { apca } from './harness/alpaca.mjs';
import { bearer, publish, tell } from './harness/api.mjs';
import { closesFile, importBars } from './harness/bars.mjs';
import { Description, refsOf } from './harness/description.mjs';
import { temporaryFolder } from './harness/folder.mjs';
import { Jobs } from './harness/jobs.mjs';
import { request } from './harness/raw.mjs';
import { Server } from './harness/server.mjs';
import { openStream, payload } from './harness/sse.mjs';
import { mint } from './harness/tokens.mjs';
import { until } from './harness/until.mjs';

// Falls every third day: something to trade, and to be learned.
const SAW = closesFile(Array.from({ length: 600 }, (_, i) => 100 + (i % 3)));
const ROWS = 'date,open,high,low,close,volume\n2020-01-02,1,2,1,2,9\n2020-01-03,0,0,0,0,0\n';
const UPLOAD = { 'Content-Type': 'text/csv' };

let server;
let api;
const seen = new Set();

before(async () => {
  const dataDir = join(temporaryFolder(), 'data');
  await importBars(dataDir, SAW, 'SAW');
  const settings = ['jobs.workers=1', 'market.rate=50', 'risk.drawdown_limit=0.5', 'limits.streams_per_address=0'];
  const args = settings.flatMap((setting) => ['--set', setting]);
  server = await Server.start(args, { dataDir });
  api = await Description.of(server);
  await until('prices of all symbols', async () => {
    const { quotes } = (await request(server, '/api/v1/quotes')).json();
    return quotes.length === 5;
  });
});
after(() => server.stop());

/** "/api/v1/bars/{symbol}" with its parameters and a query. */
const pathOf = (pattern, { query, ...names }) =>
  pattern.replace(/\{(\w+)\}/g, (_, name) => {
    assert.ok(names[name] !== undefined, `${name} of ${pattern}`);
    return encodeURIComponent(names[name]);
  }) + (query ? `?${query}` : '');

/** Asks, checks the answer (and a body that was taken) against the description; gives its JSON. */
async function ask(method, pattern, { body, headers, expect, ...names } = {}) {
  const answer = await request(server, pathOf(pattern, names), {
    method,
    headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const what = `${method} ${pattern} ${answer.status}`;
  if (expect) assert.equal(answer.status, expect, `${what}: ${answer.text}`);
  else assert.ok(answer.status < 300, `${what}: ${answer.text}`);
  const name = api.schemaOf(method, pattern, answer.status, answer.headers.get('content-type'));
  seen.add(`${method} ${pattern}`);
  if (name === undefined) return answer.text;
  const json = answer.json();
  api.assertIs(name, json, what);
  if (answer.status < 300 && body !== undefined && typeof body !== 'string') {
    const { schema } = api.json.paths[pattern][method.toLowerCase()].requestBody.content[
      'application/json'
    ];
    const request = schema.$ref.split('/').at(-1);
    assert.deepEqual(api.faultsOf(request, body), [], `body of ${what}`);
  }
  return json;
}

const get = (pattern, names) => ask('GET', pattern, names);
const post = (pattern, body, names) => ask('POST', pattern, { body, ...names });

describe('the document', () => {
  test('every reference leads to a schema', () => {
    for (const ref of refsOf(api.json)) {
      assert.ok(api.schemas[ref.replace('#/components/schemas/', '')], ref);
    }
  });

  test('every schema is used', () => {
    const used = new Set(refsOf(api.json).map((ref) => ref.split('/').at(-1)));
    // What topics of the native stream carry, and what may be published to market/<symbol>.
    const told = ['ImportProgress', 'ServerDashboardUpdate', 'MarketTick'];
    const unused = Object.keys(api.schemas).filter((name) => !used.has(name));
    assert.deepEqual(unused.sort(), told.sort());
  });

  test('every answer with a body has a schema', () => {
    for (const { path, method, operation } of api.operations()) {
      for (const [status, { content = {} }] of Object.entries(operation.responses)) {
        for (const [type, { schema }] of Object.entries(content)) {
          assert.ok(schema?.$ref ?? schema?.type, `${method} ${path} ${status} ${type}`);
        }
      }
    }
  });

  test('what is not described is noticed', () => {
    const good = { name: 'a', key_id: 'b', secret: 'c' };
    api.assertIs('PaperAccountKeys', good);
    assert.throws(() => api.assertIs('PaperAccountKeys', { ...good, extra: 1 }));
    assert.throws(() => api.assertIs('PaperAccountKeys', { name: 'a', key_id: 'b' }));
    const { total, limit, offset } = { total: 0, limit: 1, offset: 0 };
    assert.throws(() => api.assertIs('Alerts', { alerts: [], total, limit, offset, extra: 1 }));
  });
});

describe('answers', () => {
  test('of the market', async () => {
    await get('/api/v1/symbols');
    await get('/api/v1/quotes');
    await get('/api/v1/quotes', { query: 'symbols=NOPE', expect: 404 });
    for (const timeframe of ['1s', '1m', '1d']) {
      await get('/api/v1/bars/{symbol}', { symbol: 'AAPL', query: `timeframe=${timeframe}` });
    }
    await get('/api/v1/bars/{symbol}', { symbol: 'AAPL', query: 'limit=no', expect: 422 });
  });

  test('of orders, positions and the account', async () => {
    const headers = apca('paper');
    const order = (body) =>
      post('/v2/orders', { side: 'buy', type: 'market', time_in_force: 'gtc', ...body }, { headers });
    const filled = await order({ symbol: 'AAPL', qty: '3' });
    await order({ symbol: 'BTC/USD', notional: 500 });
    const resting = { symbol: 'AAPL', qty: 2, type: 'limit', limit_price: '1.5' };
    const { id } = await order({ ...resting, client_order_id: 'mine' });
    await order({ symbol: 'TSLA', qty: 1, type: 'trailing_stop', trail_percent: '5' });
    await order({
      symbol: 'TSLA',
      qty: '1',
      order_class: 'bracket',
      take_profit: { limit_price: '9000' },
      stop_loss: { stop_price: '10', limit_price: null },
    });
    await post('/v2/orders', { symbol: 'AAPL' }, { headers, expect: 422 });
    await post('/v2/orders', 'nothing', { headers, expect: 400 });
    const dear = { symbol: 'AAPL', side: 'buy', type: 'limit', time_in_force: 'day' };
    await post('/v2/orders', { ...dear, qty: 'many', limit_price: '1' }, { headers, expect: 422 });
    await post('/v2/orders', { ...dear, qty: '9000000', limit_price: '100' }, { headers, expect: 403 });
    const much = { symbol: 'AAPL', side: 'sell', type: 'limit', time_in_force: 'day', qty: '1' };
    await order({ ...much, limit_price: '9000', qty: '3' });
    await post('/v2/orders', { ...much, limit_price: '9000' }, { headers, expect: 403 });

    await get('/v2/orders', { query: 'status=all&nested=true', headers });
    await get('/v2/orders', { query: 'status=no', headers, expect: 422 });
    await get('/v2/orders/{order_id}', { order_id: filled.id, headers });
    await get('/v2/orders/{order_id}', { order_id: 'none', headers, expect: 404 });
    await get('/v2/orders:by_client_order_id', { query: 'client_order_id=mine', headers });
    const change = { qty: '1', limit_price: 1.25 };
    const next = await ask('PATCH', '/v2/orders/{order_id}', { order_id: id, body: change, headers });
    assert.equal(next.replaces, id);
    await get('/v2/orders/{order_id}', { order_id: id, headers });
    await ask('DELETE', '/v2/orders/{order_id}', { order_id: next.id, headers, expect: 204 });
    await ask('DELETE', '/v2/orders/{order_id}', { order_id: next.id, headers, expect: 422 });

    await get('/v2/positions', { headers });
    await get('/v2/positions/{symbol}', { symbol: 'AAPL', headers });
    await get('/v2/positions/{symbol}', { symbol: 'ETH', headers, expect: 404 });
    await get('/v2/account', { headers });
    await get('/v2/account/configurations', { headers });
    const suspend = { suspend_trade: false, max_margin_multiplier: '4' };
    await ask('PATCH', '/v2/account/configurations', { body: suspend, headers });
    await until('a fill in the store', async () => {
      const activities = await get('/v2/account/activities', { headers });
      return activities.length >= 3;
    });
    await get('/v2/account/activities/{type}', { type: 'FILL', headers });
    await get('/v2/account/portfolio/history', { headers });
    await get('/v2/account/portfolio/history', { query: 'period=1D', headers });

    await get('/api/paper-trading/status');
    await get('/api/paper-trading/status', { query: 'account=nobody', expect: 404 });
    const { trades } = await get('/api/paper-trading/trades', { query: 'limit=10' });
    assert.ok(trades.length >= 3);
    await until('a point of equity', async () => {
      const query = 'interval=1s';
      const { equity_history } = await get('/api/paper-trading/equity-history', { query });
      return equity_history.length > 0;
    });
    await get('/api/v1/risk');
    await ask('DELETE', '/v2/orders', { headers });
    await ask('DELETE', '/v2/positions/{symbol}', { symbol: 'AAPL', query: 'qty=1', headers });
    await ask('DELETE', '/v2/positions', { query: 'cancel_orders=true', headers });
    await post('/v2/account/reset', undefined, { headers });
  });

  test("of Alpaca's market data", async () => {
    await get('/v2/clock');
    await get('/v2/calendar', { query: 'start=2026-11-20&end=2026-12-24' });
    await get('/v2/assets');
    await get('/v2/assets/{symbol_or_asset_id}', { symbol_or_asset_id: 'AAPL' });
    await get('/v2/assets/{symbol_or_asset_id}', { symbol_or_asset_id: 'NOPE', expect: 404 });
    await get('/v2/assets/{base}/{quote}', { base: 'BTC', quote: 'USD' });
    const symbol = 'AAPL';
    await get('/v2/stocks/{symbol}/bars', { symbol, query: 'timeframe=1Min&limit=2' });
    await get('/v2/stocks/{symbol}/bars', { symbol, query: 'timeframe=no', expect: 422 });
    await get('/v2/stocks/bars', { query: 'symbols=AAPL,TSLA&timeframe=1Day' });
    await get('/v1beta3/crypto/us/bars', { query: 'symbols=BTC/USD&limit=2' });
    await get('/v2/stocks/{symbol}/snapshot', { symbol });
    await get('/v2/stocks/snapshots', { query: 'symbols=AAPL,TSLA' });
    await get('/v1beta3/crypto/us/snapshots', { query: 'symbols=BTC/USD' });
    for (const what of ['quotes', 'trades', 'bars']) {
      await get(`/v2/stocks/{symbol}/${what}/latest`, { symbol });
      await get(`/v2/stocks/${what}/latest`, { query: 'symbols=AAPL' });
      await get(`/v1beta3/crypto/us/latest/${what}`, { query: 'symbols=BTC/USD' });
    }
  });

  test('of accounts and risk', async () => {
    await post('/api/v1/accounts', { name: 'other', cash: '5000.5', multiplier: 1, owner: null });
    await post('/api/v1/accounts', { name: 'other' }, { expect: 409 });
    await post('/api/v1/accounts', { name: 'no name' }, { expect: 422 });
    await get('/api/v1/accounts');
    const body = { state: 'REDUCING' };
    await ask('PUT', '/api/v1/accounts/{name}/state', { name: 'other', body });
    await ask('PUT', '/api/v1/accounts/{name}/state', { name: 'nobody', body, expect: 404 });
    await get('/api/v1/risk', { query: 'account=other' });
    await get('/api/v1/risk/limits');
    const limits = { var_limit: '0.25', var_limit_action: 'alert', gross_limit: 3, net_limit: null };
    await ask('PUT', '/api/v1/risk/limits', { body: limits });
    await ask('PUT', '/api/v1/risk/limits', { body: { var_limit: 'much' }, expect: 422 });
    const alert = { alert_type: 'var', severity: 'low', message: 'm', threshold: 1 };
    const id = await tell(server, 'alerts', alert);
    await get('/api/v1/alerts');
    await post('/api/v1/alerts/{id}/ack', undefined, { id });
    await post('/api/v1/alerts/{id}/ack', undefined, { id: 'no-1', expect: 404 });
    await get('/api/v1/alerts', { query: 'acknowledged=true&severity=low' });
  });

  test('of jobs', async () => {
    await get('/api/v1/strategies');
    const backtests = new Jobs(server);
    const one = { strategy: 'sma_cross', params: { fast: 2, slow: 3 }, symbols: ['SAW'], cash: '9e4' };
    const sweep = {
      strategy: 'sma_cross',
      params: { fast: [1, 2], slow: [3, 4] },
      symbols: 'SAW',
      from: '2024-01-04',
      cash: '90000',
    };
    const first = await post('/api/v1/backtests', one);
    const second = await post('/api/v1/backtests', sweep);
    await post('/api/v1/backtests', { strategy: 'none', symbols: ['SAW'] }, { expect: 422 });
    for (const { backtest_id: id } of [first, second]) {
      await backtests.completed(id);
      await get('/api/v1/backtests/{id}', { id });
      for (const list of ['trades', 'fills', 'sweep']) {
        await get(`/api/v1/backtests/{id}/${list}`, { id, query: 'limit=5' });
      }
      await get('/api/v1/backtests/{id}/equity', { id, query: 'limit=50' });
      await ask('DELETE', '/api/v1/backtests/{id}', { id, expect: 409 });
      await post('/api/v1/backtests/{id}/restart', undefined, { id });
    }
    await get('/api/v1/backtests');
    await get('/api/v1/backtests/{id}', { id: 'none', expect: 404 });

    const teach = { model: 'direction', symbols: ['SAW'], rounds: 5, params: { max_depth: 2 } };
    const { task_id } = await post('/api/v1/trainings', teach);
    await new Jobs(server, 'training').completed(task_id);
    await get('/api/v1/trainings/{id}', { id: task_id });
    await get('/api/v1/trainings/{id}/rounds', { id: task_id });
    await get('/api/v1/trainings', { query: 'status=completed' });
    await ask('DELETE', '/api/v1/trainings/{id}', { id: task_id, expect: 409 });
    await post('/api/v1/trainings/{id}/restart', undefined, { id: task_id });

    const file = { headers: UPLOAD, query: 'symbol=ROWS' };
    const { import_id } = await post('/api/v1/imports', ROWS, file);
    await new Jobs(server, 'import').completed(import_id);
    const { report } = await get('/api/v1/imports/{id}', { id: import_id });
    assert.equal(report.bad, 1);
    const empty = await post('/api/v1/imports', '', { headers: UPLOAD });
    await new Jobs(server, 'import').over(empty.import_id);
    await get('/api/v1/imports');
    await ask('DELETE', '/api/v1/imports/{id}', { id: import_id, expect: 409 });
    await post('/api/v1/imports/{id}/restart', undefined, { id: import_id });
  });
});

/** The schema of each event of a stream until all of `names` have come; gives the data by name. */
async function follow(t, pattern, { names, headers, ...path }) {
  const events = api.eventsOf(pattern);
  const stream = await openStream(t, server, pathOf(pattern, path), { headers });
  assert.equal(stream.head.status, 200);
  seen.add(`GET ${pattern}`);
  const came = new Map();
  while (names.some((name) => !came.has(name))) {
    const block = await stream.next(`${names} of ${pattern}`, ({ data }) => data !== undefined);
    const name = block.event ?? 'message';
    const schema = name in events ? events[name] : events.message;
    assert.ok(name in events || schema, `${pattern} sends ${name}, which is not described`);
    if (schema) api.assertIs(schema, payload(block), `${name} of ${pattern}`);
    came.set(name, [...(came.get(name) ?? []), block.data]);
  }
  return came;
}

const jsonOf = (came, name) => came.get(name).map((text) => JSON.parse(text));

describe('streams', () => {
  test('of prices and of the clock', async (t) => {
    const names = ['message'];
    await follow(t, '/stream', { names });
    const json = { symbol: 'AAPL', query: 'format=json&interval=100ms', names };
    await assert.doesNotReject(follow(t, '/stream', { names, query: 'symbols=BTC' }));
    const stream = await openStream(t, server, pathOf('/sse/{symbol}', json));
    const block = await stream.next('a price', ({ data }) => data !== undefined);
    api.assertIs('Price', payload(block));
    for (const [pattern, text] of [
      ['/sse/{symbol}', /^AAPL price is [\d.]+$/],
      ['/sse', /^The current time is /],
    ]) {
      seen.add(`GET ${pattern}`);
      const plain = await openStream(t, server, pathOf(pattern, { symbol: 'AAPL' }));
      assert.match((await plain.next('a line', ({ data }) => data !== undefined)).data, text);
    }
    await follow(t, '/api/events/equity', { names });
  });

  test('of the channels, of tasks that others do', async (t) => {
    const said = { task_id: 't', progress: 5, status: 'running', metrics: { loss: 1 } };
    const names = ['connected', 'training_progress'];
    await post('/api/v1/sse/{channel}', said, { channel: 'training' });
    await post('/api/v1/sse/{channel}', { ...said, progress: 101 }, { channel: 'training', expect: 422 });
    await follow(t, '/api/v1/sse/{channel}', { channel: 'training', names });
    const alert = { alert_type: 'a', severity: 'high', message: 'm', metric_value: null };
    await post('/api/v1/sse/{channel}', alert, { channel: 'alerts' });
    const alerts = { channel: 'alerts', names: ['connected', 'risk_alert'] };
    await follow(t, '/api/v1/sse/{channel}', alerts);
    await get('/api/v1/sse/status');
    await get('/api/v1/sse/{channel}', { channel: 'none', expect: 404 });
  });

  test('of the dashboard', async (t) => {
    const came = await follow(t, '/api/v1/sse/{channel}', {
      channel: 'dashboard',
      names: ['connected', 'dashboard_update'],
    });
    for (const { data } of jsonOf(came, 'dashboard_update')) {
      api.assertIs('ServerDashboardUpdate', data);
    }
    const state = { update_type: 'metrics', data: { a: 1 }, account: 'somebody' };
    await post('/api/v1/sse/{channel}', state, { channel: 'dashboard' });
  });

  test('of jobs, whatever they tell while they run', async (t) => {
    const topics = 'topics=jobs/*/*&since=earliest';
    const tests = [
      ['backtest', '/api/v1/backtests', { strategy: 'rsi', symbols: ['SAW'] }, 'backtest_progress'],
      ['training', '/api/v1/trainings', { symbols: ['SAW'], rounds: 4 }, 'training_progress'],
    ];
    for (const [kind, pattern, body, event] of tests) {
      const jobs = new Jobs(server, kind);
      const { [jobs.idField]: id } = await post(pattern, body);
      await jobs.completed(id);
      const stream = await openStream(t, server, `/api/v1/stream?${topics}&types=${event}`);
      const over = ({ data }) => data?.includes(id) && data.includes('"completed"');
      const told = [];
      await stream.next(`the end of ${id}`, (block) => {
        if (block.event === event) told.push(payload(block).data);
        return over(block);
      });
      const schema = { backtest_progress: 'BacktestProgress', training_progress: 'TrainingProgress' };
      for (const data of told.filter((each) => each[jobs.idField] === id)) {
        api.assertIs(schema[event], data);
      }
    }
    const { import_id } = await post('/api/v1/imports', ROWS, { headers: UPLOAD, query: 'symbol=T' });
    await new Jobs(server, 'import').completed(import_id);
    const stream = await openStream(t, server, `/api/v1/stream?${topics}&types=import_progress`);
    for (;;) {
      const block = await stream.next('import_progress', ({ event }) => event === 'import_progress');
      const { data } = payload(block);
      api.assertIs('ImportProgress', data);
      if (data.import_id === import_id && data.status === 'completed') break;
    }
  });

  test('of everything', async (t) => {
    const types = {
      quote: 'Quote',
      equity: 'Equity',
      fill: 'OrderEvent',
      new: 'OrderEvent',
      position: 'PaperPosition',
    };
    const order = { symbol: 'AAPL', side: 'buy', type: 'market', time_in_force: 'gtc', qty: '1' };
    await post('/v2/orders', order, { headers: apca('paper') });
    const query = 'topics=market/*,paper/paper/*&since=earliest';
    const names = ['hello', 'quote', 'equity', 'fill', 'new', 'position', 'heartbeat'];
    const came = await follow(t, '/api/v1/stream', { names, query });
    for (const [name, schema] of Object.entries(types)) {
      for (const { data } of jsonOf(came, name)) {
        if (data !== null) api.assertIs(schema, data, name);
      }
    }
    await follow(t, '/api/v1/stream', { names: ['batch'], query: `${query}&format=batch` });
    const gone = 'topics=market/*&since=00000000-7';
    await follow(t, '/api/v1/stream', { names: ['hello', 'gap'], query: gone });
    await get('/api/v1/stream', { expect: 422 });
    const since = 'since=2020-01-01';
    const trades = { names: ['message'], query: since, headers: apca('paper') };
    await follow(t, '/v2/events/trades', trades);
  });

  test('of user events', async (t) => {
    await get('/api/v1/events/registry');
    await get('/api/v1/events', { expect: 401 });
    const payload = { file_name: 'a.csv', file_format: 'csv' };
    const event = { event: 'import.started', data: payload };
    const { ids } = await post('/api/v1/events', { user_id: 'alice', ...event });
    await post('/api/v1/events', { user_ids: ['alice', 'bob'], ...event });
    await post('/api/v1/events', { broadcast: true, ...event });
    for (const wrong of [event, { user_id: 'a', broadcast: true, ...event }]) {
      assert.notDeepEqual(api.faultsOf('UserEvent', wrong), []);
      await post('/api/v1/events', wrong, { expect: 422 });
    }
    const token = await mint(server, 'alice');
    const headers = { ...bearer(token), 'Last-Event-ID': ids[0] };
    await follow(t, '/api/v1/events', { headers, names: ['hello', 'import.started'] });
  });
});

describe('what is written', () => {
  test('publications', async () => {
    const item = { topic: 'test/a', data: { x: 1 } };
    await post('/api/v1/publish', item);
    await post('/api/v1/publish', [item, { ...item, class: 'state', key: 'k', type: 't' }]);
    const tick = { price: '10.5', size: 2, bid: 10.4, ask: 10.6, asset_class: 'us_equity' };
    assert.deepEqual(api.faultsOf('MarketTick', tick), []);
    await post('/api/v1/publish', { topic: 'market/NEW', data: tick });
    await publish(server, { topic: 'market/NEW', data: { bid: 10.4, ask: 10.6 } });
    for (const [wrong, status] of [
      [{ topic: 'test/a' }, 422],
      [{ ...item, type: 'a b' }, 422],
      [{ ...item, class: 'other' }, 422],
      [{ ...item, more: 1 }, 422],
      [[], 422],
    ]) {
      assert.notDeepEqual(api.faultsOf('Publication', wrong), [], JSON.stringify(wrong));
      await post('/api/v1/publish', wrong, { expect: status });
    }
  });

  test('a body that the description refuses is refused by the server', async () => {
    const order = { symbol: 'AAPL', side: 'buy', type: 'market', time_in_force: 'day', qty: '1' };
    const backtest = { strategy: 'sma_cross', symbols: ['SAW'] };
    for (const [method, pattern, schema, body] of [
      ['POST', '/v2/orders', 'OrderRequest', { ...order, side: 'hold' }],
      ['POST', '/v2/orders', 'OrderRequest', { ...order, qty: 'many' }],
      ['POST', '/v2/orders', 'OrderRequest', { ...order, symbol: undefined }],
      ['POST', '/v2/orders', 'OrderRequest', { ...order, extended_hours: 'yes' }],
      ['POST', '/v2/orders', 'OrderRequest', { ...order, take_profit: {} }],
      ['POST', '/api/v1/accounts', 'NewPaperAccount', { cash: 5 }],
      ['POST', '/api/v1/accounts', 'NewPaperAccount', { name: 'x', multiplier: 3 }],
      ['POST', '/api/v1/accounts', 'NewPaperAccount', { name: 'x', colour: 'red' }],
      ['POST', '/api/v1/backtests', 'BacktestRequest', { ...backtest, symbols: [] }],
      ['POST', '/api/v1/backtests', 'BacktestRequest', { ...backtest, timeframe: '2m' }],
      ['POST', '/api/v1/backtests', 'BacktestRequest', { ...backtest, close_at_end: 'no' }],
      ['POST', '/api/v1/backtests', 'BacktestRequest', { ...backtest, params: { fast: {} } }],
      ['POST', '/api/v1/backtests', 'BacktestRequest', { ...backtest, more: 1 }],
      ['POST', '/api/v1/trainings', 'TrainingRequest', { rounds: 5 }],
      ['POST', '/api/v1/trainings', 'TrainingRequest', { symbols: ['SAW'], rounds: 0 }],
      ['POST', '/api/v1/trainings', 'TrainingRequest', { symbols: ['SAW'], rounds: 1001 }],
      ['POST', '/api/v1/trainings', 'TrainingRequest', { symbols: ['SAW'], model: 'oracle' }],
      ['PUT', '/api/v1/risk/limits', 'RiskLimitsChange', { var_method: 'guess' }],
      ['PUT', '/api/v1/risk/limits', 'RiskLimitsChange', { max_orders_per_s: 1.5 }],
      ['PUT', '/api/v1/risk/limits', 'RiskLimitsChange', { no_limit: 1 }],
      ['PUT', '/api/v1/accounts/{name}/state', 'AccountStateChange', { state: 'ASLEEP' }],
      ['PATCH', '/v2/account/configurations', 'AccountConfigurationChange', { no_shorting: 1 }],
    ]) {
      assert.notDeepEqual(api.faultsOf(schema, body), [], `${schema} ${JSON.stringify(body)}`);
      await ask(method, pattern, { name: 'paper', body, expect: 422 });
    }
  });

  test('sessions', async () => {
    const session = { session_id: 's1', expect: 204 };
    await ask('DELETE', '/api/v1/sessions/{session_id}', session);
  });

  test('a job that waits is cancelled', async () => {
    const sweep = { fast: Array.from({ length: 400 }, (_, i) => i + 1), slow: [401, 402, 403] };
    const body = { strategy: 'sma_cross', params: sweep, symbols: ['SAW'] };
    // One worker: the last ones wait.
    const queued = [];
    for (let i = 0; i < 40; i += 1) queued.push(await post('/api/v1/backtests', body));
    const { backtest_id: id } = queued.at(-1);
    assert.equal((await ask('DELETE', '/api/v1/backtests/{id}', { id })).status, 'cancelled');
    const rest = queued.slice(0, -1).map((job) => job.backtest_id);
    for (const each of rest) {
      await request(server, `/api/v1/backtests/${each}`, { method: 'DELETE' });
    }
    assert.equal((await get('/api/v1/backtests/{id}', { id })).results, null);
  });
});

describe('operations', () => {
  test('are described too', async () => {
    await get('/');
    await get('/healthz');
    await get('/readyz');
    await get('/metrics');
    seen.add('GET /openapi.json');
  });

  test('everything that is described has been asked', () => {
    const all = api.operations().map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    assert.deepEqual(
      all.filter((operation) => !seen.has(operation)),
      [],
    );
  });
});
