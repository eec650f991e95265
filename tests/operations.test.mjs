// A server that others reach, as docs/operations.md has it: behind nginx with TLS, and as a service
// of systemd.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { WebSocket } from 'ws';

import { readExample } from './examples/document.mjs';
import { apca } from './harness/alpaca.mjs';
import { bearer } from './harness/api.mjs';
import { launchChromium } from './harness/chromium.mjs';
import { livetape } from './harness/command.mjs';
import { temporaryFolder } from './harness/folder.mjs';
import { NAME, Nginx } from './harness/nginx.mjs';
import { request } from './harness/raw.mjs';
import { Server, restart, serve } from './harness/server.mjs';
import { named, payload } from './harness/sse.mjs';
import { mint } from './harness/tokens.mjs';
import { inTime, until } from './harness/until.mjs';

const SETTINGS = join(temporaryFolder(), 'livetape.toml');
writeFileSync(SETTINGS, readExample('examples/operations/livetape.toml'));
const OPEN = ['--config', SETTINGS, '--set', 'auth.mode=none', '--set', 'server.drain_s=0.5'];

describe('behind nginx with TLS', () => {
  let server;
  let nginx;
  before(async () => {
    server = await Server.start([...OPEN, '--set', 'limits.streams_per_address=2']);
    nginx = await Nginx.start(server);
  });
  after(async () => {
    await nginx.stop();
    await server.stop();
  });

  const publish = (topic, data) =>
    nginx.request('/api/v1/publish', { method: 'POST', body: JSON.stringify({ topic, data }) });

  test('what is published comes at once, and again by Last-Event-ID', async (t) => {
    const path = '/api/v1/stream?topics=desk/*';
    const stream = await nginx.open(t, path);
    assert.equal(stream.head.status, 200);
    await stream.next('hello', named('hello'));
    const [first] = (await publish('desk/a', 1)).json().ids;
    const event = await stream.next('the record', named('message'));
    assert.equal(event.id, first);
    assert.equal(payload(event).data, 1);
    stream.close();
    const [second] = (await publish('desk/a', 2)).json().ids;
    const again = await nginx.open(t, path, { headers: { 'Last-Event-ID': first } });
    assert.equal((await again.next('what was missed', named('message'))).id, second);
  });

  test("the page's own requests are those of this server, and no other's", async (t) => {
    for (const [origin, status] of [
      [nginx.origin, 200],
      [`https://${NAME}`, 403], // another port
      ['https://evil.example', 403],
    ]) {
      const headers = { Origin: origin };
      const body = '{"topic":"desk/b","data":1}';
      const answer = await nginx.request('/api/v1/publish', { method: 'POST', headers, body });
      assert.equal(answer.status, status, `${origin}: ${answer.text}`);
    }
    const wrong = await nginx.request('/healthz', { headers: { Host: 'other.example' } });
    assert.equal(wrong.status, 421);
    const stream = await nginx.open(t, '/stream', { headers: { Origin: nginx.origin } });
    assert.equal(stream.head.headers.get('access-control-allow-origin'), nginx.origin);
  });

  test('a WebSocket tells of orders', async (t) => {
    const socket = new WebSocket(`wss://${nginx.host}/stream`, {
      ...nginx.connection,
      lookup: (_, { all }, done) =>
        all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4),
      origin: nginx.origin,
    });
    t.after(() => socket.terminate());
    const said = [];
    socket.on('message', (bytes) => said.push(JSON.parse(bytes.toString('utf8'))));
    await inTime(
      'the socket',
      new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject)),
    );
    socket.send('{"action":"auth","key":"proxied","secret":"any"}');
    socket.send('{"action":"listen","data":{"streams":["trade_updates"]}}');
    await until('that it listens', () => said.some(({ stream }) => stream === 'listening'));
    const order = await nginx.request('/v2/orders', {
      method: 'POST',
      headers: { ...apca('proxied'), 'Content-Type': 'application/json' },
      body: '{"symbol":"BTC/USD","qty":"0.01","side":"buy","type":"market","time_in_force":"gtc"}',
    });
    assert.equal(order.status, 200, order.text);
    await until('a fill', () => said.some(({ data }) => data?.event === 'fill'));
  });

  test('limits count clients, not the proxy', async (t) => {
    const open = (localAddress) => nginx.open(t, '/stream', { localAddress });
    for (const localAddress of ['127.0.0.2', '127.0.0.2', '127.0.0.3']) {
      assert.equal((await open(localAddress)).head.status, 200);
    }
    assert.equal((await open('127.0.0.2')).head.status, 429);
  });

  test('an import of more than nginx takes by itself', async () => {
    let rows = 'date,open,high,low,close,volume\n';
    for (let day = 0; rows.length < 3 << 20; ++day) {
      const date = new Date(Date.UTC(1970, 0, 2) + day * 60_000).toISOString();
      rows += `${date},1,1,1,1,1\n`;
    }
    const answer = await nginx.request('/api/v1/imports?symbol=LONG&timeframe=1m', {
      method: 'POST',
      headers: { 'Content-Type': 'text/csv' },
      body: rows,
    });
    assert.equal(answer.status, 202, answer.text);
  });

  test('the dashboard is live, and an order can be placed', async (t) => {
    const browser = await launchChromium([`--host-resolver-rules=MAP ${NAME} 127.0.0.1`]);
    t.after(() => browser.close());
    const page = await browser.newPage({ ignoreHTTPSErrors: true });
    const answers = [];
    page.on('response', (response) => answers.push([response.status(), response.url()]));
    await page.goto(`${nginx.origin}/`);
    await page.getByText('Live', { exact: true }).first().waitFor();
    const status = await page.evaluate(async () => {
      const order = { symbol: 'BTC/USD', qty: '1', side: 'buy', type: 'market' };
      const body = JSON.stringify({ ...order, time_in_force: 'gtc' });
      const answer = await fetch('/v2/orders', { method: 'POST', body });
      return answer.status;
    });
    assert.equal(status, 200);
    assert.deepEqual(
      answers.filter(([code]) => code >= 400),
      [],
    );
  });
});

test('a restart behind nginx: 502 meanwhile, and nothing is missed', async (t) => {
  const server = await serve(t, OPEN);
  const nginx = await Nginx.start(server);
  t.after(() => nginx.stop());
  const path = '/api/v1/stream?topics=desk/*';
  const publish = (data) =>
    nginx.request('/api/v1/publish', {
      method: 'POST',
      body: JSON.stringify({ topic: 'desk/a', data }),
    });
  const stream = await nginx.open(t, path);
  await stream.next('hello', named('hello'));
  const [seen] = (await publish(1)).json().ids;
  await stream.next('the record', named('message'));
  await server.stop();
  await stream.next('that it goes', named('drain'));
  assert.equal((await nginx.request('/healthz')).status, 502);
  const next = await restart(t, server);
  const [missed] = (await publish(2)).json().ids;
  const again = await nginx.open(t, path, { headers: { 'Last-Event-ID': seen } });
  assert.equal((await again.next('what was missed', named('message'))).id, missed);
  assert.ok(next.running);
});

test('the settings are right, and ask for tokens', async (t) => {
  const checked = await livetape(['check-config', '--config', SETTINGS]);
  assert.equal(checked.status, 0, checked.stderr);
  const server = await serve(t, ['--config', SETTINGS, '--source', 'none']);
  const path = '/metrics';
  assert.equal((await request(server, path)).status, 401);
  const token = await mint(server, 'prometheus', { scope: 'admin' });
  const { status, text } = await request(server, path, { headers: bearer(token) });
  assert.equal(status, 200);
  const page = readFileSync(new URL('../docs/operations.md', import.meta.url), 'utf8');
  const told = new Set([...page.matchAll(/`(livetape_[a-z_]+)`/g)].map(([, name]) => name));
  assert.ok(told.size > 5);
  for (const name of told) assert.ok(text.includes(`# HELP ${name} `), `there is no ${name}`);
});

test('the unit of systemd has no fault', (t) => {
  const analyze = '/usr/bin/systemd-analyze';
  if (!existsSync(analyze)) return t.skip(`there is no ${analyze}`);
  // The user and the program of the example need not be on this machine.
  const unit = readExample('examples/operations/livetape.service')
    .replace('/usr/local/bin/livetape', process.execPath)
    .replace('User=livetape', 'User=nobody');
  const file = join(temporaryFolder(), 'livetape.service');
  writeFileSync(file, unit);
  const args = ['verify', '--man=no', file];
  assert.equal(execFileSync(analyze, args, { encoding: 'utf8', stdio: 'pipe' }), '');
});
