// Channels: training, backtest, alerts and dashboard, from both sides.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { post, tell } from './harness/api.mjs';
import { CHANNELS, channel, inside, openChannel, step } from './harness/channel.mjs';
import { assertProblem } from './harness/problem.mjs';
import { readAnswer, request, requestText, RawClient } from './harness/raw.mjs';
import { Server, serve } from './harness/server.mjs';
import { named, openStream } from './harness/sse.mjs';
import { until } from './harness/until.mjs';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const QUIET = ['--source', 'none', '--set', 'server.drain_s=0.5'];

describe('a channel', () => {
  let server;
  before(async () => (server = await Server.start(QUIET)));
  after(() => server.stop());

  for (const name of Object.keys(CHANNELS)) {
    test(`${name} greets with connected, at a position`, async (t) => {
      const stream = await openChannel(t, server, name, { query: '?client_id=desk+7' });
      const block = await stream.next('connected');
      assert.equal(block.event, 'connected');
      assert.match(block.id, /^[^-\s]+-\d+$/);
      assert.deepEqual(inside(block), {
        client_id: 'desk 7',
        channel: name,
        message: `Connected to ${name} channel`,
      });
    });
  }

  test('a client without client_id is given a UUID, each its own', async (t) => {
    const ids = [];
    for (const query of ['', '?client_id=']) {
      const stream = await openChannel(t, server, 'alerts', { query });
      ids.push(inside(await stream.next('connected')).client_id);
    }
    for (const id of ids) assert.match(id, UUID);
    assert.notEqual(ids[0], ids[1]);
  });

  test('client_id is 128 printable bytes at most', async (t) => {
    const stream = await openChannel(t, server, 'alerts', {
      query: `?client_id=${'c'.repeat(128)}`,
    });
    assert.equal(inside(await stream.next('connected')).client_id, 'c'.repeat(128));
    for (const bad of ['c'.repeat(129), 'a%0Ab', 'a%00', '%7F', '%FF']) {
      const answer = await request(server, channel('alerts', `?client_id=${bad}`));
      assertProblem(answer, 422);
      assert.equal(answer.json().field, 'client_id');
    }
  });

  test('an unknown one is 404 both ways', async () => {
    for (const name of ['orders', 'Training', 'training%2Fx', 'training/']) {
      assertProblem(await request(server, channel(name)), 404);
      assertProblem(await post(server, channel(name), CHANNELS.training), 404);
    }
  });

  test('HEAD gives a head, OPTIONS both methods, another method 405', async () => {
    const client = await RawClient.connect(server.port);
    client.send(requestText(server.port, { method: 'HEAD', path: channel('training') }));
    const head = await readAnswer(client, 'HEAD');
    assert.equal(head.status, 200);
    assert.equal(head.headers.get('content-type'), 'text/event-stream; charset=utf-8');
    client.close();
    for (const method of ['OPTIONS', 'DELETE']) {
      const answer = await request(server, channel('training'), { method });
      assert.equal(answer.status, method === 'OPTIONS' ? 204 : 405);
      const allowed = answer.headers.get('allow').split(', ').sort();
      assert.deepEqual(allowed, ['GET', 'HEAD', 'OPTIONS', 'POST']);
    }
  });

  const whole = {
    training: {
      ...step('t-1', 45.5),
      message: 'epoch 9 “ü”',
      metrics: { loss: 0.25, accuracy: 0.91 },
      mine: { passes: ['through', null] },
    },
    backtest: {
      backtest_id: 'bt 1/ü',
      progress: 100,
      status: 'completed',
      message: null,
      current_date: '2026-01-02',
      results: { total_return: 0.25, sharpe_ratio: 1.5, max_drawdown: -0.125 },
    },
    alerts: {
      alert_type: 'drawdown',
      severity: 'critical',
      message: 'too deep',
      metric_name: 'drawdown',
      metric_value: -0.2,
      threshold: -0.1,
      entity_type: 'account',
      entity_id: 'paper',
    },
  };
  const eventOf = {
    training: 'training_progress',
    backtest: 'backtest_progress',
    alerts: 'risk_alert',
  };
  for (const [name, data] of Object.entries(whole)) {
    test(`what ${name} is told arrives named, in the envelope, with the answered id`, async (t) => {
      const stream = await openChannel(t, server, name);
      await stream.next('connected');
      const id = await tell(server, name, data);
      const block = await stream.next(eventOf[name], (each) => each.id === id);
      assert.equal(block.event, eventOf[name]);
      assert.deepEqual(inside(block), data);
    });
  }

  test('the dashboard is state: no id, the newest of each update_type at once', async (t) => {
    // The account's own state is there first; what a program says of it then is newer.
    const own = await openChannel(t, server, 'dashboard');
    await own.next('its own state', ({ data }) => data?.includes('"positions"'));
    const show = (update_type, data) => tell(server, 'dashboard', { update_type, data });
    assert.equal(await show('metrics', { equity: 1 }), null);
    await show('orders', [1, 2]);
    await show('metrics', { equity: 2 });
    const stream = await openChannel(t, server, 'dashboard');
    assert.equal((await stream.next('connected')).event, 'connected');
    const shown = new Map();
    while (!(shown.has('metrics') && shown.has('orders'))) {
      const block = await stream.next('state');
      assert.equal(block.event, 'dashboard_update');
      assert.equal(block.id, undefined);
      const { update_type, data, account = 'paper' } = inside(block);
      assert.equal(account, 'paper');
      assert.ok(!shown.has(update_type), `${update_type} twice`);
      shown.set(update_type, data);
    }
    assert.deepEqual(shown.get('metrics'), { equity: 2 });
    assert.deepEqual(shown.get('orders'), [1, 2]);
  });

  test('dashboard updates of one key come at most four a second, the newest last', async (t) => {
    const stream = await openChannel(t, server, 'dashboard');
    await stream.next('connected');
    const isMine = (block) => block.data?.includes('"burst"');
    const began = performance.now();
    for (let n = 1; n <= 40; ++n)
      await tell(server, 'dashboard', { update_type: 'market', account: 'burst', data: { n } });
    let events = 0;
    for (let last = 0; last < 40; ++events)
      last = inside(await stream.next('the last update', isMine)).data.n;
    const seconds = (performance.now() - began) / 1000;
    assert.ok(events <= seconds * 4 + 2, `${events} events in ${seconds} s`);
  });

  const refused = [
    ['training', { progress: 1, status: 'running' }, 'task_id', /task_id/],
    ['training', step('', 1), 'task_id', /./],
    ['training', step('t'.repeat(500), 1), 'task_id', /128/],
    ['training', step(7, 1), 'task_id', /string/],
    ['training', { task_id: 't', status: 'running' }, 'progress', /progress/],
    ['training', step('t', '50'), 'progress', /between 0 and 100/],
    ['training', step('t', 140), 'progress', /^progress must be between 0 and 100, got 140$/],
    ['training', step('t', -0.5), 'progress', /between 0 and 100/],
    ['training', { task_id: 't', progress: 1 }, 'status', /status/],
    ['training', step('t', 1, 'flying'), 'status', /queued.*started.*running.*cancelled/],
    ['training', { ...step('t', 1), metrics: 'good' }, 'metrics', /object/],
    ['training', { ...step('t', 1), message: 5 }, 'message', /string/],
    ['backtest', { progress: 1, status: 'running' }, 'backtest_id', /backtest_id/],
    ['backtest', { ...CHANNELS.backtest, results: [1] }, 'results', /object/],
    ['alerts', { severity: 'low', message: 'm' }, 'alert_type', /alert_type/],
    ['alerts', { alert_type: 'a', message: 'm' }, 'severity', /severity/],
    ['alerts', { alert_type: 'a', severity: 'low' }, 'message', /message/],
    ['alerts', { ...CHANNELS.alerts, severity: 'extreme' }, 'severity', /low.*critical/],
    ['alerts', { ...CHANNELS.alerts, metric_value: '5' }, 'metric_value', /number/],
    ['dashboard', { data: {} }, 'update_type', /update_type/],
    ['dashboard', { update_type: 'weather', data: {} }, 'update_type', /metrics.*market/],
    ['dashboard', { update_type: 'metrics' }, 'data', /data/],
    ['dashboard', { ...CHANNELS.dashboard, account: 9 }, 'account', /string/],
  ];
  for (const [name, body, field, right] of refused) {
    test(`${name} refuses ${JSON.stringify(body).slice(0, 70)}, naming ${field}`, async () => {
      const answer = await post(server, channel(name), body);
      assertProblem(answer, 422);
      assert.equal(answer.json().field, field);
      assert.match(answer.json().detail, right);
    });
  }

  for (const body of ['', '{', '[]', '"x"', 'null', '{"task_id":"t"} {}', '{"a":"\x01"}']) {
    test(`${JSON.stringify(body)} is no data object`, async () =>
      assertProblem(await post(server, channel('training'), body), 422));
  }

  test('status lists the clients of each channel, one entry per connection', async (t) => {
    const own = await serve(t, QUIET);
    const status = async () => (await request(own, '/api/v1/sse/status')).json();
    const nobody = { connection_count: 0, clients: [] };
    assert.deepEqual(await status(), {
      status: 'active',
      total_connections: 0,
      channels: { training: nobody, backtest: nobody, alerts: nobody, dashboard: nobody },
    });
    const twins = [];
    for (const id of ['twin', 'twin', 'other'])
      twins.push(await openChannel(t, own, 'training', { query: `?client_id=${id}` }));
    await openChannel(t, own, 'alerts', { query: '?client_id=%22%5C' });
    const full = await status();
    assert.equal(full.total_connections, 4);
    assert.equal(full.channels.training.connection_count, 3);
    assert.deepEqual(full.channels.training.clients.sort(), ['other', 'twin', 'twin']);
    assert.deepEqual(full.channels.alerts, { connection_count: 1, clients: ['"\\'] });
    twins[0].close();
    await until('a closed stream is gone', async () => {
      const { total_connections, channels } = await status();
      return total_connections === 3 && channels.training.clients.sort().join() === 'other,twin';
    });
  });

  test('one address may hold so many; who comes back over it is sent away', async (t) => {
    const own = await serve(t, [...QUIET, '--set', 'limits.streams_per_address=2']);
    await openChannel(t, own, 'training');
    await openChannel(t, own, 'alerts');
    const first = await request(own, channel('backtest'));
    assertProblem(first, 429);
    assert.match(first.headers.get('retry-after'), /^[1-9]\d*$/);
    const back = await request(own, channel('backtest'), { headers: { 'Last-Event-ID': 'x-1' } });
    assert.equal(back.status, 200);
    assert.equal(back.text, 'retry: 30000\n\n');
  });
});

test('a reader of JSON.parse(data).event, and one of onmessage, meet nothing strange', async (t) => {
  const server = await Server.start([...QUIET, '--set', 'sse.heartbeat_s=0.1']);
  t.after(() => server.stop());
  const streams = [];
  for (const name of Object.keys(CHANNELS)) {
    await tell(server, name, CHANNELS[name]);
    streams.push(await openStream(t, server, channel(name)));
    const headers = { 'Last-Event-ID': 'bad' };
    streams.push(await openStream(t, server, channel(name), { headers }));
    await tell(server, name, CHANNELS[name]);
  }
  for (const stream of streams) await stream.next('a heartbeat', (block) => block.comment === 'hb');
  for (const name of Object.keys(CHANNELS)) await tell(server, name, CHANNELS[name]);
  await server.stop();
  for (const stream of streams) {
    const blocks = (await stream.rest()).filter((block) => block.data !== undefined);
    assert.ok(blocks.some(named('drain')), JSON.stringify(blocks));
    for (const block of blocks) {
      assert.ok(block.event !== undefined, `an unnamed event: ${block.data}`);
      assert.ok(!['open', 'error', 'message'].includes(block.event), block.event);
      inside(block);
    }
  }
});
