// The description of the API tells the truth: what the server really answers is all and only what
// /openapi.json says. What it pushes, and what it takes: openapi_streams.test.mjs.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { apca } from './harness/alpaca.mjs';
import { tell } from './harness/api.mjs';
import { run } from './harness/command.mjs';
import { DescribedServer, isPushed } from './harness/described_server.mjs';
import { refsOf } from './harness/description.mjs';
import { Jobs } from './harness/jobs.mjs';
import { request } from './harness/raw.mjs';
import { until } from './harness/until.mjs';

const ROWS = 'date,open,high,low,close,volume\n2020-01-02,1,2,1,2,9\n2020-01-03,0,0,0,0,0\n';
const UPLOAD = { 'Content-Type': 'text/csv' };

let api; // its description
let live;
before(async () => {
  live = await DescribedServer.start();
  api = live.description;
});
after(() => live.stop());

const ask = (...request) => live.ask(...request);
const get = (...request) => live.get(...request);
const post = (...request) => live.post(...request);

describe('the document', () => {
  test('every reference leads to a schema', () => {
    for (const ref of refsOf(api.json)) {
      assert.ok(api.schemas[ref.replace('#/components/schemas/', '')], ref);
    }
  });

  test('every schema is used', () => {
    const used = new Set(refsOf(api.json).map((ref) => ref.split('/').at(-1)));
    // What topics of the native stream carry, and what may be published to market/<symbol>.
    const told = ['MarketTick', 'ServerDashboardUpdate', 'ServerEvent'];
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

  test('what has parameters that can be wrong says what becomes of those', () => {
    for (const { path, method, operation } of api.operations()) {
      const typed = operation.parameters.filter(
        (one) => one.in === 'query' && (one.schema.type !== 'string' || one.schema.enum),
      );
      if (typed.length > 0) assert.ok(operation.responses[422], `${method} ${path}`);
    }
  });

  test('what holds for a whole kind of paths is said of each', () => {
    const names = (operation, place) =>
      operation.parameters.filter((one) => one.in === place).map(({ name }) => name);
    for (const { path, method, operation } of api.operations()) {
      const stream = operation.responses[200]?.content?.['text/event-stream'] !== undefined;
      const query = names(operation, 'query');
      assert.equal(new Set(query).size, query.length, `${method} ${path}`);
      for (const name of ['last_event_id', 'since'])
        assert.equal(query.includes(name), stream, `${name} of ${method} ${path}`);
      assert.equal(names(operation, 'header').includes('Last-Event-ID'), stream, path);
      const alpacas = path.startsWith('/v2/') || path.startsWith('/v1beta3/');
      if (alpacas) assert.ok(query.includes('account'), `${method} ${path}`);
      // Who needs a token may have one that does not reach so far.
      const refused = operation.responses[401] ? [403] : [];
      for (const status of alpacas ? [401, 403, 404] : refused)
        assert.ok(operation.responses[status], `${status} of ${method} ${path}`);
      const keys = (operation.security ?? api.json.security).some((way) => 'key_id' in way);
      assert.equal(keys, alpacas, `${method} ${path}`);
    }
    const { securitySchemes } = api.json.components;
    assert.equal(securitySchemes.bearer.scheme, 'bearer');
    assert.deepEqual(
      ['token', 'cookie', 'key_id', 'secret_key'].map((one) => securitySchemes[one].name),
      ['token', 'livetape_token', 'APCA-API-KEY-ID', 'APCA-API-SECRET-KEY'],
    );
  });

  // As in the addresses that documents show: ?account=&limit=&from=. Under /v2 an account is named.
  test('a parameter that is left empty is as if it were missing', async () => {
    const names = { symbol: 'AAPL', channel: 'training', base: 'BTC', quote: 'USD' };
    const needed = { topics: 'a/*', symbols: 'AAPL', client_order_id: 'none' };
    const statusOf = async (path, query) => {
      const filled = path.replace(/\{(\w+)\}/g, (_, name) => names[name] ?? 'none');
      const text = new URLSearchParams(query).toString();
      return (await request(live.server, `${filled}?${text}`, { method: 'HEAD' })).status;
    };
    for (const { path, operation } of api.operations().filter(({ method }) => method === 'get')) {
      const asked = operation.parameters.filter((one) => one.in === 'query');
      const required = asked.filter((one) => one.required).map(({ name }) => [name, needed[name]]);
      const status = await statusOf(path, required);
      for (const { name } of asked.filter((one) => !one.required)) {
        if (name === 'account' && !path.startsWith('/api/')) continue;
        assert.equal(await statusOf(path, [...required, [name, '']]), status, `${name} of ${path}`);
      }
    }
  });

  test("the page's types are made from it", async () => {
    const script = fileURLToPath(new URL('../web/types.mjs', import.meta.url));
    const checked = await run(process.execPath, [script, '--check', live.server.url], {
      within: 120_000,
    });
    assert.equal(checked.status, 0, checked.stderr);
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
    await get('/api/v1/quotes', { query: 'symbols=NOPE', status: 404 });
    for (const timeframe of ['1s', '1m', '1d']) {
      await get('/api/v1/bars/{symbol}', { symbol: 'AAPL', query: `timeframe=${timeframe}` });
    }
    await get('/api/v1/bars/{symbol}', { symbol: 'AAPL', query: 'limit=no', status: 422 });
  });

  test('of orders, positions and the account', async () => {
    const headers = apca('paper');
    const order = (body) =>
      post(
        '/v2/orders',
        { side: 'buy', type: 'market', time_in_force: 'gtc', ...body },
        { headers },
      );
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
    await post('/v2/orders', { symbol: 'AAPL' }, { headers, status: 422 });
    await post('/v2/orders', 'nothing', { headers, status: 400 });
    const dear = { symbol: 'AAPL', side: 'buy', type: 'limit', time_in_force: 'day' };
    await post('/v2/orders', { ...dear, qty: 'many', limit_price: '1' }, { headers, status: 422 });
    await post(
      '/v2/orders',
      { ...dear, qty: '9000000', limit_price: '100' },
      { headers, status: 403 },
    );
    const much = { symbol: 'AAPL', side: 'sell', type: 'limit', time_in_force: 'day', qty: '1' };
    await order({ ...much, limit_price: '9000', qty: '3' });
    await post('/v2/orders', { ...much, limit_price: '9000' }, { headers, status: 403 });

    await get('/v2/orders', { query: 'status=all&nested=true', headers });
    await get('/v2/orders', { query: 'status=no', headers, status: 422 });
    await get('/v2/orders/{order_id}', { order_id: filled.id, headers });
    await get('/v2/orders/{order_id}', { order_id: 'none', headers, status: 404 });
    await get('/v2/orders:by_client_order_id', { query: 'client_order_id=mine', headers });
    const change = { qty: '1', limit_price: 1.25 };
    const next = await ask('PATCH', '/v2/orders/{order_id}', {
      order_id: id,
      body: change,
      headers,
    });
    assert.equal(next.replaces, id);
    await get('/v2/orders/{order_id}', { order_id: id, headers });
    await ask('DELETE', '/v2/orders/{order_id}', { order_id: next.id, headers, status: 204 });
    await ask('DELETE', '/v2/orders/{order_id}', { order_id: next.id, headers, status: 422 });

    await get('/v2/positions', { headers });
    await get('/v2/positions/{symbol}', { symbol: 'AAPL', headers });
    await get('/v2/positions/{symbol}', { symbol: 'ETH', headers, status: 404 });
    const coin = { base: 'BTC', quote: 'USD', headers };
    await get('/v2/positions/{base}/{quote}', coin);
    await ask('DELETE', '/v2/positions/{base}/{quote}', { ...coin, query: 'percentage=50' });
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
    await get('/api/paper-trading/status', { query: 'account=nobody', status: 404 });
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
    await get('/v2/assets/{symbol_or_asset_id}', { symbol_or_asset_id: 'NOPE', status: 404 });
    await get('/v2/assets/{base}/{quote}', { base: 'BTC', quote: 'USD' });
    const symbol = 'AAPL';
    await get('/v2/stocks/{symbol}/bars', { symbol, query: 'timeframe=1Min&limit=2' });
    await get('/v2/stocks/{symbol}/bars', { symbol, query: 'timeframe=no', status: 422 });
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
    await post('/api/v1/accounts', { name: 'other' }, { status: 409 });
    await post('/api/v1/accounts', { name: 'no name' }, { status: 422 });
    await get('/api/v1/accounts');
    const body = { state: 'REDUCING' };
    await ask('PUT', '/api/v1/accounts/{name}/state', { name: 'other', body });
    await ask('PUT', '/api/v1/accounts/{name}/state', { name: 'nobody', body, status: 404 });
    await get('/api/v1/risk', { query: 'account=other' });
    await get('/api/v1/risk/limits');
    const limits = {
      var_limit: '0.25',
      var_limit_action: 'alert',
      gross_limit: 3,
      net_limit: null,
    };
    await ask('PUT', '/api/v1/risk/limits', { body: limits });
    await ask('PUT', '/api/v1/risk/limits', { body: { var_limit: 'much' }, status: 422 });
    const alert = { alert_type: 'var', severity: 'low', message: 'm', threshold: 1 };
    const id = await tell(live.server, 'alerts', alert);
    await get('/api/v1/alerts');
    await post('/api/v1/alerts/{id}/ack', undefined, { id });
    await post('/api/v1/alerts/{id}/ack', undefined, { id: 'no-1', status: 404 });
    await get('/api/v1/alerts', { query: 'acknowledged=true&severity=low' });
  });

  test('of jobs', async () => {
    await get('/api/v1/strategies');
    const backtests = new Jobs(live.server);
    const one = {
      strategy: 'sma_cross',
      params: { fast: 2, slow: 3 },
      symbols: ['SAW'],
      cash: '9e4',
    };
    const sweep = {
      strategy: 'sma_cross',
      params: { fast: [1, 2], slow: [3, 4] },
      symbols: 'SAW',
      from: '2024-01-04',
      cash: '90000',
    };
    const first = await post('/api/v1/backtests', one);
    const second = await post('/api/v1/backtests', sweep);
    await post('/api/v1/backtests', { strategy: 'none', symbols: ['SAW'] }, { status: 422 });
    for (const { backtest_id: id } of [first, second]) {
      await backtests.completed(id);
      await get('/api/v1/backtests/{id}', { id });
      for (const list of ['trades', 'fills', 'sweep']) {
        await get(`/api/v1/backtests/{id}/${list}`, { id, query: 'limit=5' });
      }
      await get('/api/v1/backtests/{id}/equity', { id, query: 'limit=50' });
      await ask('DELETE', '/api/v1/backtests/{id}', { id, status: 409 });
      await post('/api/v1/backtests/{id}/restart', undefined, { id });
    }
    await get('/api/v1/backtests');
    await get('/api/v1/backtests/{id}', { id: 'none', status: 404 });

    const teach = { model: 'direction', symbols: ['SAW'], rounds: 5, params: { max_depth: 2 } };
    const { task_id } = await post('/api/v1/trainings', teach);
    await new Jobs(live.server, 'training').completed(task_id);
    await get('/api/v1/trainings/{id}', { id: task_id });
    await get('/api/v1/trainings/{id}/rounds', { id: task_id });
    await get('/api/v1/trainings', { query: 'status=completed' });
    await ask('DELETE', '/api/v1/trainings/{id}', { id: task_id, status: 409 });
    await post('/api/v1/trainings/{id}/restart', undefined, { id: task_id });

    const file = { headers: UPLOAD, query: 'symbol=ROWS' };
    const { import_id } = await post('/api/v1/imports', ROWS, file);
    await new Jobs(live.server, 'import').completed(import_id);
    const { report } = await get('/api/v1/imports/{id}', { id: import_id });
    assert.equal(report.bad, 1);
    const empty = await post('/api/v1/imports', '', { headers: UPLOAD });
    await new Jobs(live.server, 'import').over(empty.import_id);
    await get('/api/v1/imports');
    await ask('DELETE', '/api/v1/imports/{id}', { id: import_id, status: 409 });
    await ask('POST', '/api/v1/imports/{id}/restart', { id: import_id, status: 409 });
  });

  test('a job that waits is cancelled', async () => {
    const sweep = { fast: Array.from({ length: 400 }, (_, i) => i + 1), slow: [401, 402, 403] };
    const body = { strategy: 'sma_cross', params: sweep, symbols: ['SAW'] };
    // One worker: the last ones wait.
    const queued = [];
    for (let i = 0; i < 10; i += 1) queued.push(await post('/api/v1/backtests', body));
    const { backtest_id: id } = queued.at(-1);
    assert.equal((await ask('DELETE', '/api/v1/backtests/{id}', { id })).status, 'cancelled');
    const rest = queued.slice(0, -1).map((job) => job.backtest_id);
    for (const each of rest) {
      await request(live.server, `/api/v1/backtests/${each}`, { method: 'DELETE' });
    }
    assert.equal((await get('/api/v1/backtests/{id}', { id })).results, null);
  });
});

describe('operations', () => {
  test('errors that any path may have are described, in the form of the family', async () => {
    const headers = { Host: 'example.com' };
    for (const [path, name] of [
      ['/api/v1/quotes', 'Problem'],
      ['/v2/account', 'AlpacaError'],
      ['/v1beta3/crypto/us/bars', 'AlpacaError'],
    ]) {
      const answer = await request(live.server, path, { headers });
      assert.equal(answer.status, 421, answer.text);
      const { content } = api.json.paths[path].get.responses.default;
      const { schema } = content[answer.headers.get('content-type')];
      assert.equal(schema.$ref, `#/components/schemas/${name}`);
      api.assertIs(name, answer.json());
    }
  });

  test('are described too', async () => {
    for (const path of ['/healthz', '/readyz', '/metrics', '/openapi.json']) await get(path);
    const document = await get('/');
    await get('/favicon.svg');
    await get('/assets/{name}', { name: /"\/assets\/([\w.-]+)"/.exec(document)[1] });
  });

  test('everything that is described has been asked', () => {
    assert.deepEqual(
      live.unseen((path) => !isPushed(path)),
      [],
    );
  });
});
