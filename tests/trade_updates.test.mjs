// What happens to orders, as Alpaca's clients follow it: the WebSocket /stream and the event stream
// /v2/events/trades.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { WebSocket } from 'ws';

import { RFC3339, UUID, apca, listed, newTrader } from './harness/alpaca.mjs';
import { request } from './harness/raw.mjs';
import { Server, restart, serve } from './harness/server.mjs';
import { openStream, payload } from './harness/sse.mjs';
import { inTime, until } from './harness/until.mjs';

const QUIET = ['--source', 'none', '--set', 'server.drain_s=0.5'];

let server;
before(async () => (server = await Server.start(QUIET)));
after(() => server.stop());

async function desk(at = server) {
  const trader = newTrader(at);
  const share = await listed(at, 99, 101);
  const place = (fields) => trader.place({ symbol: share.symbol, ...fields });
  return { trader, share, place };
}

/** An open WebSocket; `said` is all that came, as JSON. */
async function connect(t, at = server, options = {}) {
  const socket = new WebSocket(`ws://127.0.0.1:${at.port}/stream`, options);
  t.after(() => socket.terminate());
  const said = [];
  socket.on('message', (bytes) => said.push(JSON.parse(bytes.toString('utf8'))));
  const closed = new Promise((resolve) => socket.on('close', (code) => resolve(code)));
  await inTime(
    'the socket',
    new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject)),
  );
  let taken = 0;
  /** The next message of this stream, any if undefined. */
  const next = async (stream) => {
    await until(
      () => `a message of ${stream}; said: ${JSON.stringify(said.slice(taken))}`,
      () => said.slice(taken).some((each) => stream === undefined || each.stream === stream),
    );
    while (stream !== undefined && said[taken].stream !== stream) ++taken;
    return said[taken++];
  };
  const say = (message) => socket.send(JSON.stringify(message));
  return { socket, said, closed, next, say };
}

const authenticate = (key_id, secret_key = 'any') => ({
  action: 'authenticate',
  data: { key_id, secret_key },
});
const listen = (...streams) => ({ action: 'listen', data: { streams } });
const AUTHORIZED = {
  stream: 'authorization',
  data: { status: 'authorized', action: 'authenticate' },
};
const LISTENING = { stream: 'listening', data: { streams: ['trade_updates'] } };

/** One that listens to an account. */
async function follow(t, trader, at = server) {
  const client = await connect(t, at);
  client.say(authenticate(trader.account));
  assert.deepEqual(await client.next(), AUTHORIZED);
  client.say(listen('trade_updates'));
  assert.deepEqual(await client.next(), LISTENING);
  return client;
}

const nextUpdate = async (client) => (await client.next('trade_updates')).data;

describe('WebSocket /stream', () => {
  test('tells new, fill and canceled, with the order as it was then', async (t) => {
    const { trader, share, place } = await desk();
    const client = await follow(t, trader);
    const waiting = await place({ type: 'limit', limit_price: '90', qty: '2' });
    const first = await nextUpdate(client);
    assert.equal(first.event, 'new');
    assert.deepEqual(first.order, waiting);
    assert.match(first.timestamp, RFC3339);
    const bought = await place({ qty: '3' });
    assert.equal((await nextUpdate(client)).event, 'new');
    const fill = await nextUpdate(client);
    assert.deepEqual(
      [fill.event, fill.price, fill.qty, fill.position_qty],
      ['fill', '101', '3', '3'],
    );
    assert.match(fill.execution_id, UUID);
    assert.deepEqual(fill.order, bought);
    await share.quote(89, 90);
    const late = await nextUpdate(client);
    assert.deepEqual(
      [late.event, late.price, late.qty, late.position_qty, late.order.id, late.order.status],
      ['fill', '90', '2', '5', waiting.id, 'filled'],
    );
    const doomed = await place({ type: 'limit', limit_price: '80' });
    await nextUpdate(client);
    await trader.ok('DELETE', `/v2/orders/${doomed.id}`, undefined, 204);
    const canceled = await nextUpdate(client);
    assert.deepEqual([canceled.event, canceled.order.status], ['canceled', 'canceled']);
  });

  test('tells replaced and expired by their names', async (t) => {
    const { trader, place } = await desk();
    const client = await follow(t, trader);
    const old = await place({ type: 'limit', limit_price: '90' });
    const changed = await trader.ok('PATCH', `/v2/orders/${old.id}`, { limit_price: '91' });
    const events = [];
    while (events.length < 3) {
      const { event, order } = await nextUpdate(client);
      events.push([event, order.id]);
    }
    assert.deepEqual(events[0], ['new', old.id]);
    assert.deepEqual(events.slice(1).sort(), [
      ['new', changed.id],
      ['replaced', old.id],
    ]);
  });

  test('both spellings of the authentication, and both said twice', async (t) => {
    const { trader, place } = await desk();
    const client = await connect(t);
    client.say({ action: 'auth', key: trader.account, secret: 'any' });
    const answer = await client.next('authorization');
    assert.equal(answer.data.status, 'authorized');
    client.say(authenticate(trader.account));
    assert.equal((await client.next('authorization')).data.status, 'authorized');
    client.say(listen('trade_updates'));
    client.say(listen('trade_updates'));
    assert.deepEqual(await client.next('listening'), LISTENING);
    assert.deepEqual(await client.next('listening'), LISTENING);
    await place({});
    assert.equal((await nextUpdate(client)).event, 'new');
    assert.equal((await nextUpdate(client)).event, 'fill');
    await place({});
    assert.equal((await nextUpdate(client)).event, 'new', 'each event comes once');
  });

  test('an empty list of streams ends the listening', async (t) => {
    const { trader, place } = await desk();
    const client = await follow(t, trader);
    client.say(listen());
    assert.deepEqual(await client.next('listening'), {
      stream: 'listening',
      data: { streams: [] },
    });
    const untold = await place({});
    client.say(listen('trade_updates', 'no such stream'));
    assert.deepEqual(await client.next(), LISTENING);
    const told = await place({});
    const { event, order } = await nextUpdate(client);
    assert.deepEqual([event, order.id], ['new', told.id]);
    assert.ok(!client.said.some(({ data }) => data.order?.id === untold.id));
  });

  test('nothing is told of other accounts, or without authentication', async (t) => {
    const mine = await desk();
    const other = await desk();
    const client = await follow(t, mine.trader);
    const stranger = await connect(t);
    stranger.say(listen('trade_updates'));
    await other.place({});
    const own = await mine.place({ type: 'limit', limit_price: '1' });
    const first = await nextUpdate(client);
    assert.equal(first.order.id, own.id);
    // What it is answered now comes behind all that it was told before.
    stranger.say(listen('trade_updates'));
    await until('both of its answers', () => stranger.said.length === 2);
    assert.deepEqual(
      stranger.said.map(({ stream, data }) => [stream, data.status]),
      Array(2).fill(['authorization', 'unauthorized']),
    );
  });

  test('messages may be binary, and in fragments', async (t) => {
    const { trader, place } = await desk();
    const client = await connect(t);
    const text = JSON.stringify(authenticate(trader.account));
    client.socket.send(text.slice(0, 7), { fin: false });
    client.socket.send(text.slice(7), { fin: true });
    assert.deepEqual(await client.next(), AUTHORIZED);
    client.socket.send(Buffer.from(JSON.stringify(listen('trade_updates'))));
    assert.deepEqual(await client.next(), LISTENING);
    await place({});
    assert.equal((await nextUpdate(client)).event, 'new');
  });

  for (const text of ['', 'nonsense', '[]', '{"action":"dance"}', '{"action":5}', 'null']) {
    test(`${JSON.stringify(text)} is answered, and the socket lives`, async (t) => {
      const { trader } = await desk();
      const client = await connect(t);
      client.socket.send(text);
      const answer = await client.next();
      assert.ok(JSON.stringify(answer).includes('error'), JSON.stringify(answer));
      client.say(authenticate(trader.account));
      assert.deepEqual(await client.next('authorization'), AUTHORIZED);
    });
  }

  test('a ping is answered', async (t) => {
    const client = await connect(t);
    client.socket.ping('are you there');
    const echo = await inTime('pong', new Promise((resolve) => client.socket.on('pong', resolve)));
    assert.equal(String(echo), 'are you there');
  });

  test('a hundred sockets hear all fills of their account, in order', async (t) => {
    const { trader, place } = await desk();
    // One address may open 100 streams; a few stay free for others.
    const clients = await Promise.all(Array.from({ length: 90 }, () => follow(t, trader)));
    const ids = [];
    for (let i = 0; i < 10; ++i) ids.push((await place({})).id);
    for (const client of clients) {
      const heard = [];
      while (heard.length < ids.length) {
        const { event, order } = await nextUpdate(client);
        if (event === 'fill') heard.push(order.id);
      }
      assert.deepEqual(heard, ids);
      client.socket.terminate();
    }
  });

  test('a server that stops says so', async (t) => {
    const other = await serve(t, QUIET);
    const { trader } = await desk(other);
    const client = await follow(t, trader, other);
    await other.stop();
    assert.ok([1001, 1012].includes(await inTime('the close', client.closed)));
  });

  test('without the upgrade, /stream is the market', async (t) => {
    const stream = await openStream(t, server, '/stream');
    assert.equal(stream.head.headers.get('content-type'), 'text/event-stream; charset=utf-8');
  });

  test('a page of another origin opens none', async () => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/stream`, {
      origin: 'https://example.com',
    });
    const error = await inTime('refusal', new Promise((resolve) => socket.on('error', resolve)));
    assert.match(error.message, /403/);
  });
});

describe('GET /v2/events/trades', () => {
  const isUpdate = (block) => block.data !== undefined;
  const open = async (t, trader, query = '', headers = {}) => {
    const stream = await openStream(t, trader.server, `/v2/events/trades${query}`, {
      headers: { ...trader.headers, ...headers },
    });
    assert.equal(stream.head.status, 200);
    assert.deepEqual(Object.keys(await stream.next('retry')), ['retry']);
    return stream;
  };
  const take = async (stream, count) => {
    const blocks = await stream.take('trade event', count, isUpdate);
    return blocks.map((block) => ({ id: block.id, name: block.event, ...payload(block) }));
  };

  test('tells every step live, on one line, with an id and no name', async (t) => {
    const { trader, place } = await desk();
    await trader.get('/v2/account');
    const stream = await open(t, trader);
    const order = await place({ qty: '2' });
    const [accepted, fill] = await take(stream, 2);
    for (const event of [accepted, fill]) {
      assert.equal(event.name, undefined);
      assert.match(event.id, /^[^-\s]+-\d+$/);
      assert.match(event.account_id, UUID);
      assert.match(event.at, RFC3339);
      assert.match(event.timestamp, RFC3339);
      assert.equal(typeof event.event_id, 'string');
      assert.equal(event.order.id, order.id);
    }
    assert.deepEqual([accepted.event, fill.event], ['new', 'fill']);
    assert.deepEqual([fill.price, fill.qty, fill.position_qty], ['101', '2', '2']);
    assert.deepEqual(fill.order, order);
  });

  test('names its position at once, behind which the first event is not lost', async (t) => {
    const { trader, place } = await desk();
    await trader.get('/v2/account');
    const stream = await open(t, trader);
    const position = await stream.next('its position');
    assert.deepEqual(Object.keys(position), ['id']);
    stream.close();
    const order = await place({ type: 'limit', limit_price: '50' });
    const [event] = await take(await open(t, trader, '', { 'Last-Event-ID': position.id }), 1);
    assert.equal(event.order.id, order.id);
  });

  test('resumes behind Last-Event-ID, since_id and since, without hole or duplicate', async (t) => {
    const { trader, place } = await desk();
    const orders = [];
    for (let i = 0; i < 6; ++i) orders.push(await place({ type: 'limit', limit_price: '50' }));
    const all = await take(await open(t, trader, '?since=2020-01-01'), 6);
    assert.deepEqual(
      all.map(({ order }) => order.id),
      orders.map(({ id }) => id),
    );
    const rest = all.slice(3).map(({ id }) => id);
    const [, , third] = all;
    const idsOf = async (stream) => (await take(stream, rest.length)).map(({ id }) => id);
    assert.deepEqual(await idsOf(await open(t, trader, '', { 'Last-Event-ID': third.id })), rest);
    const by = (name, value) => `?${new URLSearchParams({ [name]: value })}`;
    assert.deepEqual(await idsOf(await open(t, trader, by('since_id', third.event_id))), rest);
    // A client of Alpaca comes back with the time of the last event and a nanosecond more.
    const [, digits] = /\.(\d+)Z$/.exec(third.at);
    const next = String(BigInt(digits.padEnd(9, '0')) + 1n).padStart(9, '0');
    const since = third.at.replace(/\.\d+Z$/, `.${next}Z`);
    assert.deepEqual(await idsOf(await open(t, trader, by('since', since))), rest);
  });

  test('with until it ends', async (t) => {
    const { trader, place } = await desk();
    const first = await place({ type: 'limit', limit_price: '50' });
    await place({ type: 'limit', limit_price: '50' });
    const now = new Date(Date.now() + 60_000).toISOString();
    const range = new URLSearchParams({ since: '2020-01-01', until: first.created_at });
    const some = await open(t, trader, `?${range}`);
    const told = (await some.rest()).filter(isUpdate).map((block) => payload(block).order.id);
    assert.ok(told.length <= 1 && told.every((id) => id === first.id), JSON.stringify(told));
    assert.ok(some.endedCleanly);
    const past = new Date(Date.now() - 1000).toISOString();
    const none = await open(t, trader, `?${new URLSearchParams({ since: past, until: past })}`);
    assert.deepEqual((await none.rest()).filter(isUpdate), []);
    const wrong = `?${new URLSearchParams({ since: now, until: past })}`;
    const answer = await request(server, `/v2/events/trades${wrong}`, { headers: trader.headers });
    assert.ok([200, 422].includes(answer.status));
  });

  test('tells only of its own account', async (t) => {
    const mine = await desk();
    const other = await desk();
    await mine.trader.get('/v2/account');
    const stream = await open(t, mine.trader);
    await other.place({});
    const own = await mine.place({ type: 'limit', limit_price: '50' });
    const [first] = await take(stream, 1);
    assert.equal(first.order.id, own.id);
  });

  test('goes on after a restart', async (t) => {
    const old = await serve(t, QUIET);
    const { trader, place } = await desk(old);
    const before_ = await place({ type: 'limit', limit_price: '50' });
    const [first] = await take(await open(t, trader, '?since=2020-01-01'), 1);
    const later = await place({ type: 'limit', limit_price: '51' });
    trader.server = await restart(t, old, { kill: true });
    const stream = await open(t, trader, '', { 'Last-Event-ID': first.id });
    const [next] = await take(stream, 1);
    assert.deepEqual([first.order.id, next.order.id], [before_.id, later.id]);
    const share = await listed(trader.server, 10, 10);
    const last = await trader.place({ symbol: share.symbol });
    const [accepted, fill] = await take(stream, 2);
    assert.deepEqual([accepted.order.id, fill.event], [last.id, 'fill']);
  });

  test('a gap is a comment: no client takes it for a trade', async (t) => {
    const { trader, place } = await desk();
    await trader.get('/v2/account');
    const stream = await open(t, trader, '', { 'Last-Event-ID': 'nonsense' });
    await place({});
    const blocks = await stream.take('blocks', 2);
    assert.ok(
      blocks.some(({ comment }) => comment?.includes('gap')),
      JSON.stringify(blocks),
    );
    for (const { event } of blocks) assert.equal(event, undefined);
  });
});

test('a key that is no account name is refused on both', async (t) => {
  const client = await connect(t);
  client.say(authenticate('no/such name'));
  assert.equal((await client.next('authorization')).data.status, 'unauthorized');
  const answer = await request(server, '/v2/events/trades', { headers: apca('no/such name') });
  assert.equal(answer.status, 401);
  assert.equal(answer.json().code, 40110000);
});
