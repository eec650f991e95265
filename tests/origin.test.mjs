// Who may talk to the server from a browser: Host, Origin and CORS.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { assertProblem } from './harness/problem.mjs';
import { request } from './harness/raw.mjs';
import { Server, serve } from './harness/server.mjs';
import { openStream } from './harness/sse.mjs';

let server;
before(async () => (server = await Server.start()));
after(() => server.stop());

describe('Host', () => {
  const withHost = (host) => request(server, '/healthz', { headers: { Host: host } });

  test('this server by its names', async () => {
    for (const host of [
      `127.0.0.1:${server.port}`,
      '127.0.0.1',
      'localhost',
      `localhost:${server.port}`,
      'LOCALHOST',
    ]) {
      assert.equal((await withHost(host)).status, 200, host);
    }
  });

  test('any other name is misdirected', async () => {
    for (const host of [
      'evil.example',
      'localhost.evil.example',
      '127.0.0.1.evil.example:80',
      '10.1.2.3',
      '',
    ]) {
      const answer = await withHost(host);
      assertProblem(answer, 421);
    }
    const stream = await request(server, '/stream', { headers: { Host: 'evil.example' } });
    assert.equal(stream.status, 421);
  });

  test('HTTP/1.1 needs it, HTTP/1.0 does not', async () => {
    const without = await request(server, '/healthz', { headers: { Host: null } });
    assert.ok([400, 421].includes(without.status), `${without.status}`);
    const old = await request(server, '/healthz', { headers: { Host: null }, version: '1.0' });
    assert.equal(old.status, 200);
  });

  test('server.hosts adds names', async (t) => {
    const named = await serve(t, ['--set', 'server.hosts=desk.example', '--source', 'none']);
    const status = async (host) =>
      (await request(named, '/healthz', { headers: { Host: host } })).status;
    assert.equal(await status('desk.example:8000'), 200);
    assert.equal(await status('other.example'), 421);
  });
});

describe('Origin', () => {
  const FOREIGN = [
    'https://evil.example',
    'null',
    'http://localhost.evil.example',
    'https://localhost:3000',
    'http://127.0.0.1.evil.example',
  ];
  const from = (origin, path, options = {}) =>
    request(server, path, { ...options, headers: { ...options.headers, Origin: origin } });
  const allowOrigin = (answer) => answer.headers.get('access-control-allow-origin');

  test('a foreign page may not open a stream or post', async () => {
    for (const origin of FOREIGN) {
      for (const path of ['/stream', '/sse', '/sse/AAPL'])
        assertProblem(await from(origin, path), 403);
      assertProblem(await from(origin, '/healthz', { method: 'POST', body: '{}' }), 403);
      assertProblem(await from(origin, '/healthz', { method: 'DELETE' }), 403);
    }
  });

  test('a foreign page gets a GET, which its browser will not show it', async () => {
    for (const origin of FOREIGN) {
      const answer = await from(origin, '/api/v1/symbols');
      assert.equal(answer.status, 200);
      assert.equal(allowOrigin(answer), undefined);
      assert.equal((await from(origin, '/api/v1/symbols', { method: 'HEAD' })).status, 200);
      const preflight = await from(origin, '/api/v1/symbols', { method: 'OPTIONS' });
      assert.equal(preflight.status, 204);
      assert.equal(allowOrigin(preflight), undefined);
    }
  });

  test('local pages are allowed, by exactly their name', async (t) => {
    for (const origin of [
      'http://localhost:3000',
      'http://127.0.0.1:5173',
      'http://[::1]:80',
      'http://localhost',
      server.url,
    ]) {
      const answer = await from(origin, '/api/v1/symbols');
      assert.equal(answer.status, 200);
      assert.equal(allowOrigin(answer), origin);
      assert.equal(answer.headers.get('access-control-allow-credentials'), 'true');
      assert.equal(answer.headers.get('access-control-expose-headers'), 'Retry-After');
      const stream = await openStream(t, server, '/stream', { headers: { Origin: origin } });
      assert.equal(stream.head.status, 200);
      assert.equal(stream.head.headers.get('access-control-allow-origin'), origin);
      assert.equal(stream.head.headers.get('access-control-allow-credentials'), 'true');
    }
  });

  test('they can read a refusal that comes before the body does', async () => {
    const large = { method: 'POST', headers: { 'Content-Length': '99999999' } };
    for (const path of ['/api/v1/publish', '/healthz']) {
      const own = await from('http://localhost:3000', path, large);
      assertProblem(own, 413);
      assert.equal(allowOrigin(own), 'http://localhost:3000');
      assert.equal(own.headers.get('access-control-expose-headers'), 'Retry-After');
      const foreign = await from('https://evil.example', path, large);
      assert.equal(foreign.status, 413);
      assert.equal(allowOrigin(foreign), undefined);
      assert.equal(foreign.headers.get('vary'), 'Origin');
    }
  });

  test('a preflight is answered in full', async () => {
    const answer = await from('http://localhost:3000', '/stream', {
      method: 'OPTIONS',
      headers: {
        'Access-Control-Request-Method': 'GET',
        'Access-Control-Request-Headers': 'last-event-id',
      },
    });
    assert.equal(answer.status, 204);
    assert.equal(allowOrigin(answer), 'http://localhost:3000');
    assert.equal(
      answer.headers.get('access-control-allow-headers'),
      'Authorization, Content-Type, Last-Event-ID, Idempotency-Key, ' +
        'APCA-API-KEY-ID, APCA-API-SECRET-KEY',
    );
    assert.equal(answer.headers.get('access-control-max-age'), '600');
  });

  test('server.cors_origins adds exact origins', async (t) => {
    const other = await serve(t, [
      '--set',
      'server.cors_origins=https://desk.example',
      '--source',
      'none',
    ]);
    const status = async (origin) =>
      await request(other, '/sse', { method: 'HEAD', headers: { Origin: origin } });
    assert.equal(allowOrigin(await status('https://desk.example')), 'https://desk.example');
    assert.equal(allowOrigin(await status('https://desk.example:444')), undefined);
  });

  test('Vary: Origin is always there', async (t) => {
    const answers = [
      await request(server, '/healthz'),
      await request(server, '/nope'),
      await request(server, '/healthz', { method: 'POST' }),
      await request(server, '/stream', { method: 'OPTIONS' }),
      await request(server, '/stream', { method: 'HEAD' }),
      await request(server, '/stream?interval=bad'),
      await request(server, '/sse/NOPE'),
      await request(server, '/healthz', { headers: { Host: 'evil.example' } }),
      await from('https://evil.example', '/stream'),
      (await openStream(t, server, '/stream')).head,
    ];
    for (const answer of answers)
      assert.equal(answer.headers.get('vary'), 'Origin', `${answer.status}`);
  });
});
