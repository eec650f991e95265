// What the server pushes is what /openapi.json says, and what is published or asked of it is taken if
// and only if it is described. Answers: openapi.test.mjs.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { apca } from './harness/alpaca.mjs';
import { bearer } from './harness/api.mjs';
import { walkFile } from './harness/bars.mjs';
import { DescribedServer, isPushed } from './harness/described_server.mjs';
import { Jobs } from './harness/jobs.mjs';
import { openStream, payload } from './harness/sse.mjs';
import { mint } from './harness/tokens.mjs';

const ROWS = 'date,open,high,low,close,volume\n2020-01-02,1,2,1,2,9\n2020-01-03,0,0,0,0,0\n';

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

describe('streams', () => {
  test('of prices and of the clock', async (t) => {
    const events = ['message'];
    await live.follow(t, '/stream', { events });
    const lost = { 'Last-Event-ID': 'nonsense' };
    await live.follow(t, '/stream', { events: ['gap', 'message'], headers: lost });
    await live.followText(t, '/sse', /^The current time is /);
    await live.followText(t, '/sse/{symbol}', /^AAPL price is [\d.]+$/, { symbol: 'AAPL' });
    const stream = await openStream(t, live.server, '/sse/AAPL?format=json&interval=100ms');
    api.assertIs('Price', payload(await stream.next('a price', ({ data }) => data !== undefined)));
    await live.follow(t, '/api/events/equity', { events });
  });

  test('of the channels, of tasks that others do', async (t) => {
    const channel = '/api/v1/sse/{channel}';
    const said = { task_id: 't', progress: 5, status: 'running', metrics: { loss: 1 } };
    await post(channel, said, { channel: 'training' });
    await post(channel, { ...said, progress: 101 }, { channel: 'training', status: 422 });
    const events = ['connected', 'training_progress'];
    await live.follow(t, channel, { channel: 'training', events });
    const alert = { alert_type: 'a', severity: 'high', message: 'm', metric_value: null };
    await post(channel, alert, { channel: 'alerts' });
    await live.follow(t, channel, { channel: 'alerts', events: ['connected', 'risk_alert'] });
    const lost = { 'Last-Event-ID': 'nonsense' };
    const gap = { events: ['connected', 'gap'], headers: lost };
    await live.follow(t, channel, { channel: 'training', ...gap });
    await get('/api/v1/sse/status');
    await get(channel, { channel: 'none', status: 404 });
  });

  test('of the dashboard', async (t) => {
    const events = ['connected', 'dashboard_update'];
    const channel = { channel: 'dashboard' };
    const came = await live.follow(t, '/api/v1/sse/{channel}', { ...channel, events });
    for (const { data } of came.get('dashboard_update')) {
      api.assertIs('ServerDashboardUpdate', data);
    }
    const state = { update_type: 'metrics', data: { a: 1 }, account: 'somebody' };
    await post('/api/v1/sse/{channel}', state, channel);
  });

  for (const [title, kind, pattern, body, names] of [
    ['a backtest', 'backtest', '/api/v1/backtests', { strategy: 'rsi', symbols: ['SAW'] }],
    [
      'a sweep',
      'backtest',
      '/api/v1/backtests',
      { strategy: 'rsi', symbols: ['SAW'], params: { period: [2, 3] } },
    ],
    ['a training', 'training', '/api/v1/trainings', { symbols: ['SAW'], rounds: 4 }],
    [
      'an import',
      'import',
      '/api/v1/imports',
      ROWS,
      { headers: { 'Content-Type': 'text/csv' }, query: 'symbol=T' },
    ],
  ]) {
    test(`of ${title}`, async (t) => {
      const jobs = new Jobs(live.server, kind);
      const { [jobs.idField]: id } = await post(pattern, body, names);
      await jobs.completed(id);
      const path = `/api/v1/stream?topics=jobs/${kind}/${id}&since=earliest`;
      const stream = await openStream(t, live.server, path);
      for (let status; status !== 'completed';) {
        const block = await stream.next('progress', ({ event }) => event === `${kind}_progress`);
        api.assertIs('ServerEvent', payload(block));
        ({ status } = payload(block).data);
      }
    });
  }

  test('of jobs that run, and are cancelled', async (t) => {
    const upload = { query: 'symbol=WALK&timeframe=1m', headers: { 'Content-Type': 'text/csv' } };
    const rows = readFileSync(walkFile(60_000), 'utf8');
    const { import_id } = await post('/api/v1/imports', rows, upload);
    await new Jobs(live.server, 'import').completed(import_id);
    const bars = { symbols: ['WALK'], timeframe: '1m' };
    const fast = Array.from({ length: 100 }, (_, i) => i + 1);
    const params = { fast, slow: fast.map((n) => n + 100) };
    const deep = { rounds: 1000, params: { early_stopping_rounds: 0, max_depth: 10 } };
    for (const [kind, body] of [
      ['backtest', { strategy: 'sma_cross', ...bars, params }],
      ['training', { ...bars, ...deep }],
    ]) {
      const jobs = new Jobs(live.server, kind);
      const path = `/api/v1/stream?topics=jobs/${kind}/*`;
      const stream = await openStream(t, live.server, path);
      const next = async (status) => {
        const is = ({ event, data }) =>
          event === `${kind}_progress` && data.includes(`"status":"${status}"`);
        const event = payload(await stream.next(status, is));
        api.assertIs('ServerEvent', event);
        return event.data;
      };
      const id = await jobs.start(body);
      const { rate_unit } = await next('running');
      assert.match(rate_unit, /^(bars|rounds)\/s$/);
      assert.equal((await jobs.ask('DELETE', `/${id}`)).status, 200);
      await next('cancelled');
      api.assertIs(kind === 'backtest' ? 'Backtest' : 'Training', await jobs.one(id));
    }
  });

  test('of everything', async (t) => {
    const order = { symbol: 'AAPL', side: 'buy', type: 'market', time_in_force: 'gtc', qty: '1' };
    const headers = apca('paper');
    await post('/v2/orders', order, { headers });
    const query = 'topics=market/*,paper/paper/*&since=earliest';
    const own = ['quote', 'equity', 'fill', 'new', 'position'];
    const events = ['hello', 'heartbeat', ...own];
    const came = await live.follow(t, '/api/v1/stream', { events, query });
    for (const name of own) {
      for (const event of came.get(name)) api.assertIs('ServerEvent', event);
    }
    const batch = { events: ['hello', 'batch'], query: `${query}&format=batch` };
    await live.follow(t, '/api/v1/stream', batch);
    const gone = { events: ['hello', 'gap'], query: 'topics=market/*&since=00000000-7' };
    await live.follow(t, '/api/v1/stream', gone);
    await get('/api/v1/stream', { status: 422 });
    const trades = { events: ['message'], query: 'since=2020-01-01', headers };
    await live.follow(t, '/v2/events/trades', trades);
  });

  test('of user events', async (t) => {
    await get('/api/v1/events/registry');
    await get('/api/v1/events', { status: 401 });
    const event = { event: 'import.started', data: { file_name: 'a.csv', file_format: 'csv' } };
    const { ids } = await post('/api/v1/events', { user_id: 'alice', ...event });
    await post('/api/v1/events', { user_ids: ['alice', 'bob'], ...event });
    await post('/api/v1/events', { broadcast: true, ...event });
    for (const wrong of [event, { user_id: 'a', broadcast: true, ...event }]) {
      await live.refuses('POST', '/api/v1/events', wrong);
    }
    const token = await mint(live.server, 'alice');
    const headers = { ...bearer(token), 'Last-Event-ID': ids[0] };
    await live.follow(t, '/api/v1/events', { headers, events: ['hello', 'import.started'] });
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
    await post('/api/v1/publish', { topic: 'market/NEW', data: { bid: 10.4, ask: 10.6 } });
    for (const wrong of [
      { topic: 'test/a' },
      { ...item, type: 'a b' },
      { ...item, class: 'other' },
      { ...item, more: 1 },
      [],
    ]) {
      await live.refuses('POST', '/api/v1/publish', wrong);
    }
  });

  test('a body that the description refuses is refused by the server', async () => {
    const order = { symbol: 'AAPL', side: 'buy', type: 'market', time_in_force: 'day', qty: '1' };
    const backtest = { strategy: 'sma_cross', symbols: ['SAW'] };
    for (const [method, pattern, body] of [
      ['POST', '/v2/orders', { ...order, side: 'hold' }],
      ['POST', '/v2/orders', { ...order, qty: 'many' }],
      ['POST', '/v2/orders', { ...order, symbol: undefined }],
      ['POST', '/v2/orders', { ...order, extended_hours: 'yes' }],
      ['POST', '/v2/orders', { ...order, take_profit: {} }],
      ['POST', '/api/v1/accounts', { cash: 5 }],
      ['POST', '/api/v1/accounts', { name: 'x', multiplier: 3 }],
      ['POST', '/api/v1/accounts', { name: 'x', colour: 'red' }],
      ['POST', '/api/v1/backtests', { ...backtest, symbols: [] }],
      ['POST', '/api/v1/backtests', { ...backtest, timeframe: '2m' }],
      ['POST', '/api/v1/backtests', { ...backtest, close_at_end: 'no' }],
      ['POST', '/api/v1/backtests', { ...backtest, params: { fast: {} } }],
      ['POST', '/api/v1/backtests', { ...backtest, more: 1 }],
      ['POST', '/api/v1/trainings', { rounds: 5 }],
      ['POST', '/api/v1/trainings', { symbols: ['SAW'], rounds: 0 }],
      ['POST', '/api/v1/trainings', { symbols: ['SAW'], rounds: 1001 }],
      ['POST', '/api/v1/trainings', { symbols: ['SAW'], model: 'oracle' }],
      ['PUT', '/api/v1/risk/limits', { var_method: 'guess' }],
      ['PUT', '/api/v1/risk/limits', { max_orders_per_s: 1.5 }],
      ['PUT', '/api/v1/risk/limits', { no_limit: 1 }],
      ['PUT', '/api/v1/accounts/{name}/state', { state: 'ASLEEP' }],
      ['PUT', '/api/v1/accounts/{name}/state', { state: 'ACTIVE', more: 1 }],
      ['POST', '/api/v1/trainings', { symbols: ['SAW'], more: 1 }],
      ['PATCH', '/v2/account/configurations', { no_shorting: 1 }],
    ]) {
      await live.refuses(method, pattern, body, { name: 'paper' });
    }
  });

  test('the requests that the documentation shows are described', () => {
    const root = fileURLToPath(new URL('..', import.meta.url));
    const pages = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
    const shown = ['README.md', ...pages.map((name) => join('docs', name))].flatMap((page) => {
      const text = readFileSync(join(root, page), 'utf8').replaceAll('\\\n', ' ');
      return [
        ...text.matchAll(
          /^.*\bcurl\b(.*) (?:http:\/\/)?(?:localhost|127\.0\.0\.1):8000(\/\S*)(.*) -d '(\{.*\})'/gm,
        ),
      ];
    });
    assert.ok(shown.length >= 3, `${shown.length} requests`);
    for (const [line, before, path, , body] of shown) {
      const method = /-X (\w+)/.exec(before)?.[1] ?? 'POST';
      const wanted = api.requestOf(method, path);
      assert.deepEqual(api.faultsOf(wanted, JSON.parse(body)), [], line);
    }
  });

  test('sessions', async () => {
    const session = { session_id: 's1', status: 204 };
    await ask('DELETE', '/api/v1/sessions/{session_id}', session);
  });
});

test('everything that pushes or is published has been asked', () => {
  assert.deepEqual(live.unseen(isPushed), []);
});
