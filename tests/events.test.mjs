// User events: who gets which, what is refused, and that nothing of one user reaches another.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { bearer, post, publish, sendUserEvent } from './harness/api.mjs';
import { assertProblem } from './harness/problem.mjs';
import { request } from './harness/raw.mjs';
import { CATEGORIES, USER_EVENTS, userEvent } from './harness/registry.mjs';
import { Server, restart } from './harness/server.mjs';
import { named, openStream, payload } from './harness/sse.mjs';
import { mint } from './harness/tokens.mjs';

const QUIET = ['--source', 'none', '--set', 'server.drain_s=0.5'];
const EVENTS = '/api/v1/events';

let server;
let alice;
let bob;
before(async () => {
  server = await Server.start(QUIET);
  alice = await mint(server, 'alice');
  bob = await mint(server, 'bob');
});
after(() => server.stop());

/** The stream of a token's user, past its hello. */
async function listen(t, token, { query = '', headers = {}, at = server } = {}) {
  const stream = await openStream(t, at, `${EVENTS}${query}`, {
    headers: { ...bearer(token), ...headers },
  });
  assert.equal(stream.head.status, 200);
  assert.deepEqual(Object.keys(await stream.next('retry')), ['retry']);
  const hello = await stream.next('hello');
  assert.equal(hello.event, 'hello');
  assert.match(hello.id, /^[^-\s]+-\d+$/);
  stream.hello = hello;
  return stream;
}

const send = (to, event = 'ai.tool.executing', data = {}) =>
  sendUserEvent(server, { ...to, ...userEvent(event, data) });

describe('the registry', () => {
  /** The part of the answer that speaks of one type, whatever the shape around it. */
  function partAbout(value, type) {
    if (value === null || typeof value !== 'object') return undefined;
    if (Object.hasOwn(value, type)) return value[type];
    if (!Array.isArray(value) && Object.values(value).includes(type)) return value;
    for (const inner of Object.values(value)) {
      const found = partAbout(inner, type);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  test('names every type with its payload fields, to anybody', async () => {
    const answer = await request(server, `${EVENTS}/registry`);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-type'), 'application/json');
    const registry = answer.json();
    for (const category of CATEGORIES) assert.ok(answer.text.includes(`"${category}"`), category);
    for (const { event, fields } of USER_EVENTS) {
      const part = JSON.stringify(partAbout(registry, event) ?? null);
      for (const field of fields) assert.ok(part.includes(`"${field}"`), `${event}: ${part}`);
    }
  });

  test('decides what is taken: each type whole; without any one field never', async () => {
    for (const { event, fields, data } of USER_EVENTS) {
      const whole = await post(server, EVENTS, { user_id: 'nobody', event, data });
      assert.equal(whole.status, 200, `${event}: ${whole.text}`);
      for (const field of fields) {
        const { [field]: _, ...lacking } = data;
        const answer = await post(server, EVENTS, { user_id: 'nobody', event, data: lacking });
        assertProblem(answer, 422);
        assert.ok(answer.json().detail.includes(field), `${event}: ${answer.text}`);
      }
    }
  });

  const to = { user_id: 'nobody' };
  const good = userEvent('ai.tool.executing');
  for (const [body, says] of [
    [{ ...to, event: 'ai.dream', data: {} }, /ai\.dream/],
    [{ ...to, data: {} }, /event/],
    [{ ...to, event: good.event }, /data/],
    [{ ...to, event: good.event, data: 'x' }, /object/],
    [good, /user_id.*user_ids.*broadcast/],
    [{ ...good, user_id: 'a', broadcast: true }, /user_id.*broadcast|one/],
    [{ ...good, user_ids: [] }, /user_ids/],
    [{ ...good, user_ids: ['a', 5] }, /user_ids/],
    [{ ...good, user_id: '' }, /user_id/],
    [{ ...good, broadcast: false }, /broadcast|user_id/],
  ]) {
    test(`${JSON.stringify(body).slice(0, 80)} is refused`, async () => {
      const answer = await post(server, EVENTS, body);
      assertProblem(answer, 422);
      assert.match(answer.json().detail, says);
    });
  }
});

describe('delivery', () => {
  test('the user gets the payload itself, named, with the answered id', async (t) => {
    const stream = await listen(t, alice);
    const { event, data } = userEvent('sync.accounts.completed', {
      account_count: 3,
      extra: ['ü'],
    });
    const ids = await sendUserEvent(server, { user_id: 'alice', event, data });
    assert.equal(ids.length, 1);
    const block = await stream.next('event');
    assert.deepEqual([block.event, block.id], [event, ids[0]]);
    assert.deepEqual(payload(block), data);
  });

  test('hello tells the time and the position', async (t) => {
    const hello = payload((await listen(t, alice)).hello);
    assert.match(hello.server_time, /^\d{4}-.*\.\d{6}Z$/);
  });

  test('several users get theirs, with ids in the given order; nobody else does', async (t) => {
    const carol = await mint(server, 'carol');
    const streams = [await listen(t, alice), await listen(t, bob), await listen(t, carol)];
    const ids = await send({ user_ids: ['bob', 'alice'] });
    assert.equal(new Set(ids).size, 2);
    assert.equal((await streams[0].next('for alice')).id, ids[1]);
    assert.equal((await streams[1].next('for bob')).id, ids[0]);
    const [all] = await send({ broadcast: true });
    for (const stream of streams) assert.equal((await stream.next('for all')).id, all);
  });

  test('a user is whoever the token says, percent signs and slashes included', async (t) => {
    const odd = 'a/b*%2F ü';
    const stream = await listen(t, await mint(server, odd));
    await send({ user_id: 'a' });
    await send({ user_id: 'a/b' });
    const [id] = await send({ user_id: odd });
    assert.equal((await stream.next('its own')).id, id);
  });

  test('categories select, by comma or repeated', async (t) => {
    for (const query of [
      '?categories=ai,security',
      '?categories=ai&categories=security',
      '?categories=ai,ai&categories=security',
    ]) {
      const stream = await listen(t, alice, { query });
      await send({ user_id: 'alice' }, 'import.failed');
      await send({ broadcast: true }, 'provider.disconnected');
      const [first] = await send({ user_id: 'alice' }, 'ai.response.chunk');
      const [second] = await send({ broadcast: true }, 'security.login.failed');
      assert.equal((await stream.next('ai')).id, first);
      assert.equal((await stream.next('security')).id, second);
    }
  });

  for (const bad of ['weather', 'ai,weather', 'AI', 'ai;security', '*', '..%2Fai', '%00']) {
    test(`categories=${bad} is refused, listing the valid ones`, async () => {
      const answer = await request(server, `${EVENTS}?categories=${bad}`, {
        headers: bearer(alice),
      });
      assertProblem(answer, 422);
      assert.equal(answer.json().field, 'categories');
      for (const category of CATEGORIES) assert.ok(answer.json().detail.includes(category));
    });
  }
});

describe('privacy', () => {
  for (const [what, path, headers] of [
    ['no token', EVENTS, {}],
    ['an empty one', EVENTS, { Authorization: 'Bearer ' }],
    ['another scheme', EVENTS, { Authorization: 'Basic YTpi' }],
  ]) {
    test(`${what} is 401 with WWW-Authenticate`, async () => {
      const answer = await request(server, path, { headers });
      assertProblem(answer, 401);
      assert.match(answer.headers.get('www-authenticate'), /^Bearer\b/);
    });
  }

  test('a bad token is 401 by header, query or cookie', async () => {
    for (const [path, headers] of [
      [EVENTS, bearer('a.b.c')],
      [`${EVENTS}?token=nonsense`, {}],
      [EVENTS, { Cookie: `livetape_token=${alice.slice(0, -4)}AAAA` }],
    ]) {
      const answer = await request(server, path, { headers });
      assertProblem(answer, 401);
      assert.match(answer.headers.get('www-authenticate'), /^Bearer error="invalid_token"/);
    }
  });

  test("another's id is a position and nothing else", async (t) => {
    const [secret] = await send({ user_id: 'alice' }, 'ai.response.chunk', { chunk: 'SECRET' });
    const [own] = await send({ user_id: 'bob' });
    const before = (await listen(t, bob, { headers: { 'Last-Event-ID': secret } })).hello;
    assert.equal(before.event, 'hello');
    for (const cursor of [secret, 'earliest', secret.replace(/\d+$/, '1')]) {
      const stream = await listen(t, bob, { query: `?since=${cursor}` });
      const marker = (await send({ user_id: 'bob' }, 'ai.tool.executing'))[0];
      const seen = [];
      for (let block; block?.id !== marker; seen.push(block)) block = await stream.next('marker');
      assert.ok(seen.some((block) => block.id === own));
      assert.ok(!seen.some((block) => block.id === secret));
      assert.ok(!JSON.stringify([stream.hello, seen]).includes('SECRET'));
    }
  });

  test('a user comes back and gets the rest, once', async (t) => {
    const first = (await send({ user_id: 'alice' }))[0];
    await send({ user_id: 'bob' });
    const rest = [(await send({ user_id: 'alice' }))[0], (await send({ broadcast: true }))[0]];
    const stream = await listen(t, alice, { headers: { 'Last-Event-ID': first } });
    for (const id of rest) assert.equal((await stream.next('replay')).id, id);
  });

  const stream = (topics) => `/api/v1/stream?topics=${encodeURIComponent(topics)}`;
  for (const topics of ['user/alice/*', 'user/*/ai', '**', 'user/**', '*/*/*', '*/alice/ai']) {
    test(`${topics} shows no user to whoever has no token, nor to another user`, async () => {
      for (const headers of [{}, bearer(bob)]) {
        const answer = await request(server, stream(topics), { headers });
        assertProblem(answer, 403);
        assert.ok(answer.json().detail.includes(topics), answer.text);
      }
    });
  }

  test('spelling it otherwise does not help', async (t) => {
    for (const topics of ['us%65r/alice/*', '%75ser/**', 'user%2Falice/*']) {
      const odd = await openStream(t, server, stream(`${topics},probe/a`));
      if (odd.head.status !== 200) continue;
      await odd.next('hello', named('hello'));
      await send({ user_id: 'alice' });
      const [id] = await publish(server, { topic: 'probe/a', data: 1 });
      assert.equal((await odd.next('the probe alone')).id, id);
    }
  });

  test('on the native stream a user reads its own', async (t) => {
    const own = await openStream(t, server, stream('user/bob/*,broadcast/*'), {
      headers: bearer(bob),
    });
    await own.next('hello', named('hello'));
    await send({ user_id: 'alice' });
    const [id] = await send({ user_id: 'bob' });
    const block = await own.next('event');
    assert.equal(block.id, id);
    assert.equal(payload(block).topic, 'user/bob/ai');
  });
});

describe('a revoked session', () => {
  const revoke = (sid, query = '', at = server) =>
    request(at, `/api/v1/sessions/${sid}${query}`, { method: 'DELETE' });

  test('its streams end, its tokens are refused, others live; also after a restart', async (t) => {
    const first = await Server.start(QUIET);
    const doomed = await mint(first, 'dora', { sid: 's-1' });
    const healthy = await mint(first, 'dora', { sid: 's-2' });
    const streams = [
      await listen(t, doomed, { at: first }),
      await listen(t, doomed, { at: first }),
    ];
    const witness = await listen(t, healthy, { at: first });
    const native = await openStream(t, first, `/api/v1/stream?topics=x/*&token=${doomed}`);

    const answer = await revoke('s-1', '', first);
    assert.equal(answer.status, 204);
    for (const stream of [...streams, native]) {
      const last = (await stream.rest()).findLast((block) => block.event !== undefined);
      assert.equal(last.event, 'auth');
      assert.deepEqual(payload(last), { reason: 'revoked' });
      assert.equal(last.id, undefined);
      assert.ok(stream.endedCleanly);
    }
    const told = await witness.next('security.session.revoked', named('security.session.revoked'));
    assert.equal(payload(told).session_id, 's-1');

    const assertRevoked = async (at) => {
      for (const path of [EVENTS, '/api/v1/stream?topics=x/*', '/api/v1/quotes']) {
        const refused = await request(at, path, { headers: bearer(doomed) });
        assertProblem(refused, 401);
        assert.match(refused.headers.get('www-authenticate'), /revoked/);
      }
      await listen(t, healthy, { at });
    };
    await assertRevoked(first);
    const second = await restart(t, first);
    await assertRevoked(second);
    await assertRevoked(await restart(t, second, { kill: true }));
  });

  test('an unknown one is 204 too, and ?user_id= is told', async (t) => {
    const stream = await listen(t, alice);
    assert.equal((await revoke('never-seen', '?user_id=alice')).status, 204);
    const told = await stream.next('told');
    assert.equal(told.event, 'security.session.revoked');
    assert.equal(payload(told).session_id, 'never-seen');
    assert.equal((await revoke('never-seen', '?user_id=alice')).status, 204, 'and again');
  });
});
