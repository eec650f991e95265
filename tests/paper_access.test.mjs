// With auth.mode=jwt a paper account belongs to a user. What one user's account does reaches no
// other on any way in: REST, the three kinds of streams, WebSocket, the dashboard.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { WebSocket } from 'ws';

import { Trader, apca, assertHas } from './harness/alpaca.mjs';
import { bearer, publish } from './harness/api.mjs';
import { temporaryFolder } from './harness/folder.mjs';
import { patiently } from './harness/patiently.mjs';
import { assertProblem } from './harness/problem.mjs';
import { request } from './harness/raw.mjs';
import { Server, restart, serve } from './harness/server.mjs';
import { openStream, payload } from './harness/sse.mjs';
import { mint } from './harness/tokens.mjs';
import { inTime, until } from './harness/until.mjs';

const file = join(temporaryFolder(), 'livetape.toml');
writeFileSync(
  file,
  ['alice', 'bob']
    .map(
      (owner) => `[[accounts]]
name = "${owner}-desk"
key = "KEY-${owner}"
secret = "secret-of-${owner}"
owner = "${owner}"
`,
    )
    .join(''),
);
const ARGS = ['--source', 'none', '--set', 'auth.mode=jwt', '--config', file];
const NOT_AUTHORIZED = { status: 401, code: 40110000 };
const FORBIDDEN = { status: 403, code: 40310000 };

let server;
let tokens;
before(async () => {
  server = await Server.start(ARGS);
  tokens = {
    alice: await mint(server, 'alice', { scope: 'subscribe trade' }),
    bob: await mint(server, 'bob', { scope: 'subscribe trade' }),
    reader: await mint(server, 'alice', { scope: 'subscribe' }),
    narrow: await mint(server, 'alice', { scope: 'subscribe trade', topics: ['market/*'] }),
    desk: await mint(server, 'alice', { scope: 'subscribe trade', topics: ['paper/alice-desk/*'] }),
    admin: await mint(server, 'root', { scope: 'subscribe publish trade admin' }),
  };
  const quote = { topic: 'market/ACME', data: { bid: 100, ask: 100, asset_class: 'us_equity' } };
  await publish(server, quote, { token: tokens.admin });
});
after(() => server?.stop());

const byKey = (owner, secret = `secret-of-${owner}`) =>
  new Trader(server, `${owner}-desk`, apca(`KEY-${owner}`, secret));
const byToken = (name, account) => new Trader(server, account, bearer(tokens[name]));
const buy = (trader, fields = {}) => trader.place({ symbol: 'ACME', ...fields });
const get = (path, token) =>
  patiently(() => request(server, path, { headers: bearer(tokens[token]) }));

describe('the way in', () => {
  test('is the key with its secret', async () => {
    assertHas(await byKey('alice').get('/v2/account'), { account_number: 'alice-desk' });
    for (const headers of [
      apca('KEY-alice', 'secret-of-bob'),
      apca('KEY-alice', ''),
      apca('alice-desk', 'secret-of-alice'),
      apca('unheard-of', 'any'),
      {},
    ]) {
      const stranger = new Trader(server, 'alice-desk', headers);
      for (const [method, path, body] of [
        ['GET', '/v2/account'],
        ['GET', '/v2/orders'],
        ['POST', '/v2/orders', { symbol: 'ACME', qty: 1, side: 'buy', type: 'market' }],
        ['DELETE', '/v2/positions'],
        ['GET', '/v2/events/trades'],
      ]) {
        await stranger.fails(method, path, body, NOT_AUTHORIZED);
        const refused = await stranger.call(method, path, body);
        assert.match(refused.headers.get('www-authenticate') ?? '', /^Bearer/);
      }
    }
  });

  test('or a token with trade, whose subject owns the account', async () => {
    assertHas(await byToken('alice').get('/v2/account'), { account_number: 'alice-desk' });
    const named = await byToken('alice').get('/v2/account?account=alice-desk');
    assert.equal(named.account_number, 'alice-desk');
    await byToken('alice').fails('GET', '/v2/account?account=bob-desk', undefined, FORBIDDEN);
    await byToken('reader').fails('POST', '/v2/orders', {}, FORBIDDEN);
    assertHas(await byToken('admin').get('/v2/account?account=bob-desk'), {
      account_number: 'bob-desk',
    });
  });

  test('and prices need their topic of the token', async () => {
    const ofOne = ['quotes/latest', 'trades/latest', 'snapshot', 'bars'];
    const ofSeveral = ['quotes/latest', 'snapshots', 'bars'];
    for (const path of [
      ...ofOne.map((what) => `/v2/stocks/ACME/${what}`),
      ...ofSeveral.map((what) => `/v2/stocks/${what}?symbols=ACME`),
      '/v1beta3/crypto/us/latest/quotes?symbols=NOBODYS,ACME',
    ]) {
      const { message } = await byToken('desk').fails('GET', path, undefined, FORBIDDEN);
      assert.ok(message.includes('market/ACME'), message);
      await byToken('alice').get(path);
      await byKey('alice').get(path);
    }
    const [asset] = await byToken('desk').get('/v2/assets');
    assert.equal(asset.symbol, 'ACME');
    await buy(byToken('desk'));
  });

  test('and only an admin opens accounts', async () => {
    const post = (token, body) =>
      byToken(token).call('POST', '/api/v1/accounts', { name: 'third', ...body });
    assertProblem(await post('alice'), 403);
    const made = await post('admin', { owner: 'carol' });
    assert.equal(made.status, 201, made.text);
    const carol = await mint(server, 'carol', { scope: 'subscribe trade' });
    const account = await new Trader(server, 'third', bearer(carol)).get('/v2/account');
    assert.equal(account.account_number, 'third');
  });
});

describe("another user's account", () => {
  test('is in no list, and answers nothing', async () => {
    const order = await buy(byKey('bob'), { type: 'limit', limit_price: '50' });
    const alice = byKey('alice');
    const { accounts } = await byToken('alice').get('/api/v1/accounts');
    assert.deepEqual(
      accounts.map(({ name }) => name),
      ['alice-desk'],
    );
    const missing = { status: 404, code: 40410000 };
    const path = `/v2/orders/${order.id}`;
    await alice.fails('GET', path, undefined, missing);
    await alice.fails('PATCH', path, { qty: '2' }, missing);
    await alice.fails('DELETE', path, undefined, missing);
    const named = `/v2/orders:by_client_order_id?client_order_id=${order.client_order_id}`;
    await alice.fails('GET', named, undefined, missing);
    assert.deepEqual(await alice.get(`/v2/orders?status=all&after_order_id=${order.id}`), []);
    for (const what of [
      'paper-trading/status',
      'paper-trading/trades',
      'paper-trading/equity-history',
      'events/equity',
    ]) {
      const answer = await get(`/api/${what}?account=bob-desk`, 'alice');
      assertProblem(answer, 404);
      const unknown = await get(`/api/${what}?account=fred-desk`, 'alice');
      assert.equal(
        answer.text.replaceAll('bob', 'fred'),
        unknown.text,
        'whether it exists is not told',
      );
    }
    const put = await byToken('alice').call('PUT', '/api/v1/accounts/bob-desk/state', {
      state: 'HALTED',
    });
    assertProblem(put, 404);
    assertHas(await byKey('bob').get('/v2/account'), { trading_blocked: false });
    await byKey('bob').ok('DELETE', path, undefined, 204);
  });

  test('is on no stream', async (t) => {
    for (const topics of [
      'paper/bob-desk/**',
      'paper/bob-desk/orders',
      'paper/**',
      'paper/*/fills',
      '**',
    ])
      assertProblem(await get(`/api/v1/stream?topics=${topics}`, 'alice'), 403);
    for (const topics of ['paper/alice-desk/fills', 'paper/alice-desk/**'])
      assertProblem(await get(`/api/v1/stream?topics=${topics}`, 'narrow'), 403);
    assertProblem(await get('/api/events/equity?account=alice-desk', 'narrow'), 403);

    const headers = bearer(tokens.alice);
    const [native, updates] = await Promise.all([
      openStream(t, server, '/api/v1/stream?topics=paper/alice-desk/**', { headers }),
      openStream(t, server, '/v2/events/trades', { headers: byKey('alice').headers }),
    ]);
    await native.next('hello', ({ event }) => event === 'hello');
    await updates.next('retry');
    const theirs = await buy(byKey('bob'));
    const mine = await buy(byKey('alice'));
    for (const [stream, orderOf] of [
      [native, ({ data }) => data.order],
      [updates, ({ order }) => order],
    ]) {
      const isFill = (block) => block.data?.includes('execution_id');
      for (let seen = 0; seen < 2; ++seen) {
        const block = await stream.next('an event of an order', isFill);
        assert.ok(!block.data.includes(theirs.id));
        assert.equal(orderOf(payload(block)).id, mine.id);
      }
    }
  });

  test('is on no WebSocket', async (t) => {
    const listen = async (key, secret) => {
      const socket = new WebSocket(`ws://127.0.0.1:${server.port}/stream`);
      t.after(() => socket.terminate());
      const said = [];
      socket.on('message', (bytes) => said.push(JSON.parse(bytes)));
      await inTime('the socket', new Promise((resolve) => socket.on('open', resolve)));
      const say = (action, data) => socket.send(JSON.stringify({ action, data }));
      say('authenticate', { key_id: key, secret_key: secret });
      say('listen', { streams: ['trade_updates'] });
      await until('an answer', () => said.length > 0);
      return { said, status: said[0].data.status };
    };
    const alice = await listen('KEY-alice', 'secret-of-alice');
    assert.equal(alice.status, 'authorized');
    const thief = await listen('KEY-bob', 'secret-of-alice');
    assert.equal(thief.status, 'unauthorized');
    await until('the listening', () => alice.said.length > 1);
    const theirs = await buy(byKey('bob'));
    const mine = await buy(byKey('alice'));
    await until('the fill', () => alice.said.some(({ data }) => data.event === 'fill'));
    const told = alice.said.filter(({ stream }) => stream === 'trade_updates');
    assert.deepEqual(
      told.map(({ data }) => data.order.id),
      [mine.id, mine.id],
    );
    for (const { said } of [alice, thief]) assert.ok(!JSON.stringify(said).includes(theirs.id));
  });

  test('is not on the dashboard, which everybody may read', async (t) => {
    const headers = bearer(tokens.alice);
    const dashboard = await openStream(t, server, '/api/v1/sse/dashboard', { headers });
    await dashboard.next('connected', ({ event }) => event === 'connected');
    await buy(byKey('bob'));
    const shared = byToken('admin', 'paper');
    await shared.ok('POST', '/v2/orders?account=paper', {
      symbol: 'ACME',
      qty: '1',
      side: 'buy',
      type: 'market',
      time_in_force: 'day',
    });
    const seen = [];
    while (!seen.some(({ data }) => data.trades_executed === 1)) {
      const block = await dashboard.next('an update', ({ data }) => data?.includes('update_type'));
      seen.push(payload(block).data);
    }
    assert.ok(
      seen.every(({ account }) => account === 'paper'),
      JSON.stringify(seen),
    );
  });
});

test('a user sees the own account on every way', async (t) => {
  const headers = bearer(tokens.bob);
  const equity = await openStream(t, server, '/api/events/equity?account=bob-desk', { headers });
  assert.equal(equity.head.status, 200);
  await equity.next('the state', ({ data }) => data && payload({ data }).account === 'bob-desk');
  const order = await buy(byToken('bob'));
  const answer = await get('/api/paper-trading/trades?account=bob-desk', 'bob');
  assert.equal(answer.json().trades[0].order_id, order.id);
  assert.equal((await get('/api/paper-trading/status?account=bob-desk', 'bob')).status, 200);
  assertHas(
    await byToken('bob').ok('PUT', '/api/v1/accounts/bob-desk/state', { state: 'ACTIVE' }),
    {
      state: 'ACTIVE',
    },
  );
});

describe('keys that change hands in the configuration', () => {
  const KEYS = ['K1', 'K2', 'K3'];
  const written = join(temporaryFolder(), 'keys.toml');
  const lines = (values) =>
    Object.entries(values).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  // Account by account its key.
  const write = (accounts) =>
    writeFileSync(
      written,
      Object.entries(accounts)
        .map(([name, key]) => ['[[accounts]]', ...lines({ name, key, secret: `of-${name}` }), ''])
        .flat()
        .join('\n'),
    );
  /** Who is let in by which key, and does something, so that the account is on disk. */
  const letIn = async (at) => {
    const found = {};
    for (const key of KEYS) {
      for (const name of ['ann', 'ben', 'cyd']) {
        const headers = apca(key, `of-${name}`);
        const answer = await request(at, '/v2/account/reset', { method: 'POST', headers });
        if (answer.status === 200) found[answer.json().account_number] = key;
      }
    }
    return found;
  };
  const begin = async (t, accounts) => {
    write(accounts);
    const args = ['--source', 'none', '--set', 'auth.mode=jwt', '--config', written];
    const first = await serve(t, args);
    assert.deepEqual(await letIn(first), accounts);
    return first;
  };
  const later = async (t, at, accounts, options) => {
    write(accounts);
    return restart(t, at, options);
  };

  test('let in whom it names, at once and after the next start', async (t) => {
    let at = await begin(t, { ann: 'K1', ben: 'K2' });
    for (const accounts of [
      { ann: 'K2', ben: 'K1' },
      { cyd: 'K1', ben: 'K3', ann: 'K2' }, // a new account first, with a key that is given up
      { cyd: 'K2', ann: 'K1', ben: 'K3' },
    ]) {
      for (const kill of [false, true]) {
        at = await later(t, at, accounts, { kill });
        assert.deepEqual(await letIn(at), accounts);
      }
    }
  });

  test('stay with an account that the configuration names no more', async (t) => {
    let at = await begin(t, { ann: 'K1', ben: 'K2' });
    for (let n = 0; n < 2; ++n) {
      at = await later(t, at, { ben: 'K1' });
      assert.match(at.stderr, /account ben gets no key: it is another account's/);
      assert.deepEqual(await letIn(at), { ann: 'K1' });
    }
    at = await later(t, at, { ann: 'K3', ben: 'K1' });
    assert.deepEqual(await letIn(at), { ann: 'K3', ben: 'K1' });
  });
});
