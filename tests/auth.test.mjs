// Access with auth.mode=jwt: who is let in, to what, for how long, and what is told of it.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { bearer, post, publish, sendUserEvent } from './harness/api.mjs';
import { CHANNELS } from './harness/channel.mjs';
import { livetape } from './harness/command.mjs';
import { temporaryFolder } from './harness/folder.mjs';
import { assertProblem } from './harness/problem.mjs';
import { RawClient, readAnswer, request, requestText } from './harness/raw.mjs';
import { userEvent } from './harness/registry.mjs';
import { Server, serve } from './harness/server.mjs';
import { named, openStream, payload } from './harness/sse.mjs';
import { mint, nowSeconds, partsOf, signed } from './harness/tokens.mjs';

const QUIET = ['--source', 'none', '--set', 'server.drain_s=0.5'];
const JWT = [...QUIET, '--set', 'auth.mode=jwt'];
const ALL = 'subscribe publish trade admin';
const SKEW_S = 60;
const STREAM = '/api/v1/stream?topics=desk/*';

const folder = temporaryFolder();
const secret = randomBytes(32);
const secretFile = join(folder, 'secret.key');
writeFileSync(secretFile, `${secret.toString('base64url')}\n`, { mode: 0o600 });
const WITH_SECRET = [...JWT, '--set', `auth.jwt_key_file=${secretFile}`];

const get = (server, path, token, headers = {}) =>
  request(server, path, { headers: { ...bearer(token), ...headers } });

/** The status of a stream's answer; a stream that opens is closed again. */
async function streamStatus(t, server, path, headers) {
  const stream = await openStream(t, server, path, { headers });
  stream.close();
  return stream.head.status;
}

function assertRefused(answer, reason) {
  assertProblem(answer, 401);
  const challenge = answer.headers.get('www-authenticate');
  assert.match(challenge, /^Bearer error="invalid_token", error_description="[^"]+"$/);
  assert.match(challenge, reason);
}

test('who may not publish is told before a long body has come', async (t) => {
  const server = await serve(t, JWT);
  const reader = await mint(server, 'carl');
  for (const [path, token, status] of [
    ['/api/v1/publish', undefined, 401],
    ['/api/v1/publish', reader, 403],
    ['/api/v1/events', reader, 403],
    ['/api/v1/sse/training', reader, 403],
    ['/nowhere', reader, 404],
  ]) {
    const client = await RawClient.connect(server.port);
    const headers = { ...bearer(token), 'Content-Length': 1_000_000 };
    client.send(requestText(server.port, { method: 'POST', path, headers }) + '{"topic"');
    assertProblem(await readAnswer(client), status);
    client.close();
  }
});

describe('livetape token', () => {
  let server;
  before(async () => (server = await Server.start(JWT)));
  after(() => server.stop());

  test('the first start makes a key that is for its owner alone', () => {
    const { mode, size } = statSync(join(server.dataDir, 'jwt.key'));
    assert.equal(mode & 0o777, 0o600);
    assert.ok(size >= 43);
  });

  test('prints a token with these claims, which is let in', async (t) => {
    const topics = ['desk/*', 'market/**'];
    const scope = 'subscribe publish';
    const token = await mint(server, 'alice', { scope, ttl: '90s', sid: 's1', topics });
    const [header, claims] = partsOf(token);
    assert.equal(header.alg, 'HS256');
    assert.deepEqual([claims.sub, claims.sid, claims.topics], ['alice', 's1', topics]);
    assert.deepEqual(claims.scope.split(' ').sort(), ['publish', 'subscribe']);
    assert.ok(Math.abs(claims.exp - nowSeconds() - 90) <= 5, `${claims.exp}`);
    assert.equal(await streamStatus(t, server, STREAM, bearer(token)), 200);
  });

  for (const args of [
    [],
    ['--sub', 'a', '--scope', 'everything'],
    ['--sub', 'a', '--ttl', 'soon'],
    ['--sub', 'a', '--ttl', '-1h'],
    ['--sub', ''],
    ['--sub', 'a', 'stray'],
    // What the server would refuse: percent-encoded they have more than 128 bytes, and 8 KiB.
    ['--sub', '/'.repeat(43)],
    ['--sub', 'a', '--topics', Array(50).fill('t'.repeat(128)).join(',')],
  ]) {
    test(`livetape token ${args.join(' ').slice(0, 60)} prints none`, async () => {
      const all = ['token', ...args, '--data-dir', server.dataDir];
      const { status, stdout, stderr } = await livetape(all);
      assert.equal(status, 2, stderr);
      assert.equal(stdout, '');
      assert.ok(stderr.length > 0);
    });
  }
});

describe('who is let in', () => {
  let server;
  let alice;
  before(async () => {
    server = await Server.start(WITH_SECRET);
    alice = signed({ scope: ALL }, secret);
  });
  after(() => server.stop());

  test('some paths are open', async () => {
    for (const path of ['/', '/healthz', '/readyz', '/openapi.json', '/api/v1/events/registry'])
      assert.equal((await request(server, path)).status, 200, path);
    for (const path of ['/stream', '/api/v1/publish', '/metrics'])
      assert.equal((await request(server, path, { method: 'OPTIONS' })).status, 204, path);
  });

  test('all others need a token', async () => {
    for (const path of [
      '/stream',
      '/sse',
      '/sse/AAPL',
      STREAM,
      '/api/v1/sse/training',
      '/api/v1/sse/status',
      '/api/v1/events',
      '/api/v1/quotes',
      '/api/v1/symbols',
      '/api/v1/bars/AAPL',
      '/metrics',
    ]) {
      const answer = await request(server, path);
      assertProblem(answer, 401);
      assert.match(answer.headers.get('www-authenticate'), /^Bearer/, path);
      assert.equal((await request(server, path, { method: 'HEAD' })).status, 401, path);
    }
    assertProblem(await post(server, '/api/v1/publish', { topic: 'a/b', data: 1 }), 401);
    assertProblem(await post(server, '/api/v1/sse/training', CHANNELS.training), 401);
    assertProblem(await post(server, '/api/v1/events', {}), 401);
    assertProblem(await request(server, '/api/v1/sessions/x', { method: 'DELETE' }), 401);
  });

  const hour = 3600;
  const forged = [
    ['alg none', () => signed({}, '', { alg: 'none' }), /algorithm/],
    ['alg None', () => signed({}, secret, { header: { alg: 'None' } }), /algorithm/],
    ['no alg', () => signed({}, secret, { header: { alg: undefined } }), /algorithm/],
    ['HS512', () => signed({}, secret, { alg: 'HS512' }), /algorithm/],
    ['another key', () => signed({}, randomBytes(32)), /signature/],
    ['no signature', () => signed({}, secret).replace(/[^.]*$/, ''), /signature|malformed/],
    ['an old one', () => signed({ exp: nowSeconds() - SKEW_S - 2 }, secret), /expired/],
    ['one without end', () => signed({ exp: undefined }, secret), /exp/],
    ['a textual end', () => signed({ exp: '2999' }, secret), /exp/],
    ['one for later', () => signed({ nbf: nowSeconds() + hour }, secret), /yet|nbf/],
    ['nobody', () => signed({ sub: undefined }, secret), /sub/],
    ['critical header', () => signed({}, secret, { header: { crit: ['x'] } }), /critical/],
    ['garbage', () => 'not-a-token', /malformed/],
    ['a long one', () => signed({ pad: 'x'.repeat(9000) }, secret), /long/],
  ];
  for (const [what, make, reason] of forged) {
    test(`${what} is refused with the reason`, async () => {
      const token = make();
      assertRefused(await get(server, '/api/v1/quotes', token), reason);
      assertRefused(await get(server, STREAM, token), reason);
      assertRefused(await request(server, `${STREAM}&token=${token}`), reason);
    });
  }

  test('an end or a beginning may be up to a minute off', async () => {
    const now = nowSeconds();
    for (const claims of [
      { exp: now - SKEW_S + 20 },
      { nbf: now + SKEW_S - 20 },
      { iat: now + 30 },
    ])
      assert.equal((await get(server, '/api/v1/quotes', signed(claims, secret))).status, 200);
  });

  test('scopes: each call needs its own', async () => {
    const event = { user_id: 'x', ...userEvent('ai.tool.executing') };
    const calls = {
      subscribe: (token) => get(server, '/api/v1/quotes', token),
      publish: (token) => post(server, '/api/v1/publish', { topic: 'a/b', data: 1 }, { token }),
      admin: (token) => get(server, '/metrics', token),
    };
    const further = {
      publish: [
        (token) => post(server, '/api/v1/sse/training', CHANNELS.training, { token }),
        (token) => post(server, '/api/v1/events', event, { token }),
      ],
      admin: [
        (token) => get(server, '/api/v1/sse/status', token),
        (token) =>
          request(server, '/api/v1/sessions/x', { method: 'DELETE', headers: bearer(token) }),
      ],
    };
    for (const [needed, call] of Object.entries(calls)) {
      for (const each of [call, ...(further[needed] ?? [])]) {
        for (const scope of ['subscribe', 'publish', 'trade', 'admin']) {
          const answer = await each(signed({ scope }, secret));
          const expected = scope === needed ? answer.status < 300 : answer.status === 403;
          assert.ok(expected, `${scope} for ${needed}: ${answer.status} ${answer.text}`);
          if (scope !== needed) assert.ok(answer.json().detail.includes(needed), answer.text);
        }
      }
    }
    assertProblem(await get(server, STREAM, signed({ scope: 'publish' }, secret)), 403);
  });

  test('topics: what is asked must lie within what is granted', async (t) => {
    const granted = signed({ scope: ALL, topics: ['desk/*', 'deep/**', 'user/bob/ai'] }, secret);
    const path = (topics) => `/api/v1/stream?topics=${topics}`;
    for (const topics of ['desk/*', 'desk/a', 'deep/a/b', 'deep/**', 'deep/*/x', 'user/bob/ai'])
      assert.equal(await streamStatus(t, server, path(topics), bearer(granted)), 200, topics);
    for (const topics of ['*', 'desk', 'desk/**', 'other/a', '**', 'user/bob/*', '*/a']) {
      const answer = await get(server, path(`desk/a,${topics}`), granted);
      assertProblem(answer, 403);
      assert.ok(answer.json().detail.includes(topics), answer.text);
    }
    for (const other of ['/api/v1/sse/training', '/stream', '/sse/AAPL'])
      assert.ok([403, 404].includes((await get(server, other, granted)).status), other);
    const write = (topic) =>
      post(server, '/api/v1/publish', { topic, data: { price: 1 } }, { token: granted });
    assert.equal((await write('desk/a')).status, 200);
    for (const topic of ['other/a', 'market/AAPL']) {
      const answer = await write(topic);
      assertProblem(answer, 403);
      assert.ok(answer.json().detail.includes(topic), answer.text);
    }
    const training = { token: granted };
    assertProblem(await post(server, '/api/v1/sse/training', CHANNELS.training, training), 403);
  });

  test('topics: the stream of a user needs them too', async (t) => {
    const holding = (...topics) => bearer(signed({ scope: ALL, topics }, secret));
    const events = '/api/v1/events';
    const own = holding('user/alice/**', 'broadcast/*');
    assert.equal(await streamStatus(t, server, events, own), 200);
    const some = holding('user/alice/ai', 'broadcast/ai');
    assert.equal(await streamStatus(t, server, `${events}?categories=ai`, some), 200);
    for (const [path, headers] of [
      [events, holding('desk/*')],
      [events, holding('user/bob/**', 'broadcast/*')],
      [events, holding('user/alice/**')],
      [events, some],
      [`${events}?categories=ai,import`, some],
    ])
      assertProblem(await request(server, path, { headers }), 403);
  });

  test('without a topics claim: all but what is of others', async (t) => {
    const path = (topics) => `/api/v1/stream?topics=${topics}`;
    for (const topics of ['desk/**', 'user/alice/*', 'paper/alice/orders', 'broadcast/*'])
      assert.equal(await streamStatus(t, server, path(topics), bearer(alice)), 200, topics);
    for (const topics of ['user/bob/ai', 'user/*/ai', 'paper/bob/orders', 'paper/**', '**']) {
      const answer = await get(server, path(topics), alice);
      assertProblem(answer, 403);
      assert.ok(answer.json().detail.includes(topics), answer.text);
    }
  });

  test('by header, by query, by cookie', async (t) => {
    assert.equal(await streamStatus(t, server, STREAM, bearer(alice)), 200);
    assert.equal(await streamStatus(t, server, STREAM, { Authorization: `bearer ${alice}` }), 200);
    assert.equal(await streamStatus(t, server, `${STREAM}&token=${alice}`), 200);
    assert.equal(await streamStatus(t, server, `/api/v1/sse/alerts?token=${alice}`), 200);
    const cookie = { Cookie: `a=b; livetape_token=${alice}; c=d` };
    assert.equal(await streamStatus(t, server, STREAM, cookie), 200);
    const named = [...WITH_SECRET, '--set', 'auth.cookie=desk'];
    const other = await serve(t, named);
    assert.equal(await streamStatus(t, other, STREAM, cookie), 401);
    assert.equal(await streamStatus(t, other, STREAM, { Cookie: `desk=${alice}` }), 200);
  });

  test('the cookie counts only where Origin is absent or allowed', async () => {
    const quotes = (headers) => request(server, '/api/v1/quotes', { headers });
    const Cookie = `livetape_token=${alice}`;
    for (const Origin of ['http://localhost:5173', `http://127.0.0.1:${server.port}`])
      assert.equal((await quotes({ Cookie, Origin })).status, 200, Origin);
    const foreign = { Origin: 'https://evil.example' };
    assert.equal((await quotes({ Cookie, ...foreign })).status, 401);
    assert.equal((await quotes({ ...bearer(alice), ...foreign })).status, 200);
    const headers = { Cookie, ...foreign };
    assertProblem(await request(server, STREAM, { headers }), 403);
    assertProblem(
      await post(server, '/api/v1/publish', { topic: 'a/b', data: 1 }, { headers }),
      403,
    );
  });

  test('streams are counted per subject', async (t) => {
    const own = await serve(t, [...WITH_SECRET, '--set', 'limits.streams_per_address=2']);
    for (let n = 0; n < 2; ++n)
      assert.equal((await openStream(t, own, STREAM, { headers: bearer(alice) })).head.status, 200);
    assertProblem(await get(own, STREAM, alice), 429);
    const back = await get(own, STREAM, alice, { 'Last-Event-ID': 'x' });
    assert.equal(back.text, 'retry: 30000\n\n');
    const bob = signed({ sub: 'bob' }, secret);
    assert.equal(await streamStatus(t, own, STREAM, bearer(bob)), 200);
  });

  test('a token that ends takes its streams with it, told', async (t) => {
    const token = signed({ scope: ALL, exp: nowSeconds() - SKEW_S + 15 }, secret);
    const native = await openStream(t, server, STREAM, { headers: bearer(token) });
    const channel = await openStream(t, server, `/api/v1/sse/alerts?token=${token}`);
    const market = await openStream(t, server, '/stream', { headers: bearer(token) });
    const lasting = await openStream(t, server, STREAM, { headers: bearer(alice) });
    for (const { head } of [native, channel, market, lasting]) assert.equal(head.status, 200);
    for (const [stream, unwrap] of [
      [native, (data) => data],
      [channel, (envelope) => envelope.data],
      [market, (data) => data],
    ]) {
      const last = (await stream.rest()).findLast((block) => block.data !== undefined);
      assert.equal(last.event, 'auth');
      assert.deepEqual(unwrap(payload(last)), { reason: 'expired' });
      assert.ok(stream.endedCleanly);
    }
    assertRefused(await get(server, STREAM, token), /expired/);
    const [id] = await publish(server, { topic: 'desk/a', data: 1 }, { token: alice });
    await lasting.next('others live on', (block) => block.id === id);
  });

  test('what a user did is that of its subject: keys of requests are apart', async () => {
    const write = (sub, data) =>
      post(
        server,
        '/api/v1/publish',
        { topic: 'desk/a', data },
        {
          token: signed({ sub, scope: 'publish' }, secret),
          headers: { 'Idempotency-Key': 'same' },
        },
      );
    const first = await write('alice', 1);
    assert.equal(first.status, 200, first.text);
    const second = await write('bob', 2);
    assert.equal(second.status, 200, second.text);
    assert.notEqual(second.text, first.text);
    assertProblem(await write('bob', 1), 422);
  });

  test('replay asks again what a token may see', async (t) => {
    const [id] = await sendUserEvent(
      server,
      { user_id: 'bob', ...userEvent('ai.tool.executing') },
      { token: alice },
    );
    const path = '/api/v1/stream?topics=user/bob/*&since=earliest';
    assertProblem(await get(server, path, alice), 403);
    const bob = signed({ sub: 'bob' }, secret);
    const stream = await openStream(t, server, path, { headers: bearer(bob) });
    await stream.next('hello', named('hello'));
    assert.equal((await stream.next('its own')).id, id);
  });
});

test('a token that is presented is verified, also where none is needed', async (t) => {
  const server = await serve(t, QUIET);
  assertRefused(await get(server, '/api/v1/quotes', 'a.b.c'), /malformed/);
  assertRefused(await get(server, STREAM, signed({}, randomBytes(32))), /signature/);
  const alice = await mint(server, 'alice');
  assert.equal((await get(server, '/api/v1/quotes', alice)).status, 200);
});

test('an address that others can reach is served with auth', async (t) => {
  const server = await serve(t, [...JWT, '--host', '0.0.0.0']);
  assert.equal((await request(server, '/healthz')).status, 200);
  assertProblem(await request(server, '/api/v1/quotes'), 401);
});
