// kill -9 while many clients trade: afterwards the accounts are exactly what the acknowledged
// answers say. Money is recomputed from the fills with whole numbers.
//
// CRASH_ROUNDS sets how often (12), CRASH_SEED repeats a run's choices.

import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Trader, apca } from './harness/alpaca.mjs';
import { publish } from './harness/api.mjs';
import { assertBooks, readTrades } from './harness/ledger.mjs';
import { randomFrom, seedFrom } from './harness/random.mjs';
import { RawClient, readAnswer, requestBytes } from './harness/raw.mjs';
import { Server } from './harness/server.mjs';
import { EventStream, payload } from './harness/sse.mjs';
import { until } from './harness/until.mjs';

const ROUNDS = Number(process.env.CRASH_ROUNDS ?? 12);
const SEED = seedFrom('CRASH_SEED');
const LIFE_ORDERS = 100; // at most, that one process acknowledges
const CASH = 1_000_000;
const ACCOUNTS = ['paper', 'first', 'second'];
const BUSY_PER_ACCOUNT = 6;
const SYMBOLS = ['AAA', 'BBB', 'CCC'];
const SETTINGS = ['--source', 'none', '--set', `paper.cash=${CASH}`, '--set', 'paper.fee=0.001'];

const pick = (random, list) => list[Math.floor(random() * list.length)];
const price = (random, about, width) => (about + (random() - 0.5) * width).toFixed(2);

/** One connection, one request after the other, until the server is killed. */
class Client {
  constructor(name, random) {
    Object.assign(this, { name, random });
  }

  async work(server) {
    try {
      this.client = await RawClient.connect(server.port);
      this.port = server.port;
      while (server.running && !server.killed) await this.step();
    } catch (error) {
      if (!server.killed) throw error;
    } finally {
      this.client?.close();
    }
  }

  async send(method, path, value, headers = {}) {
    const body = value === undefined ? {} : { body: JSON.stringify(value) };
    const fields = { ...headers, 'Content-Type': 'application/json' };
    this.client.send(requestBytes(this.port, { method, path, headers: fields, ...body }));
    return readAnswer(this.client, method);
  }
}

/** Moves the market. What it has told is not on the tape: only what it causes is. */
class Feed extends Client {
  async step() {
    const symbol = pick(this.random, SYMBOLS);
    const bid = Number(price(this.random, 100, 10));
    const quote = { bid, ask: Number((bid + 0.05).toFixed(2)), asset_class: 'us_equity' };
    const answer = await this.send('POST', '/api/v1/publish', {
      topic: `market/${symbol}`,
      data: quote,
    });
    assert.ok([200, 503].includes(answer.status), answer.text);
  }
}

/** Trades one account under names of its own, and remembers every answer. */
class Player extends Client {
  constructor(account, name, random) {
    super(name, random);
    this.account = account;
    this.headers = apca(account);
    this.sent = []; // {body, order: once acknowledged, refused, canceled}
  }

  newBody() {
    const { random } = this;
    const side = pick(random, ['buy', 'sell']);
    const body = {
      symbol: pick(random, SYMBOLS),
      qty: String(1 + Math.floor(random() * 5)),
      side,
      time_in_force: pick(random, ['day', 'gtc']),
      client_order_id: `${this.name}-${this.sent.length}`,
    };
    const sign = side === 'buy' ? 1 : -1;
    switch (Math.floor(random() * 8)) {
      case 0:
      case 1:
        return { ...body, type: 'limit', limit_price: price(random, 100, 8) };
      case 2:
        return { ...body, type: 'stop', stop_price: price(random, 100, 8) };
      case 3:
        return { ...body, type: 'trailing_stop', trail_price: '2' };
      case 4:
        return {
          ...body,
          type: 'limit',
          limit_price: '100',
          order_class: 'bracket',
          take_profit: { limit_price: String(100 + 3 * sign) },
          stop_loss: { stop_price: String(100 - 3 * sign) },
        };
      default:
        return { ...body, type: 'market' };
    }
  }

  async place(one) {
    const answer = await this.send('POST', '/v2/orders', one.body, this.headers);
    assert.ok([200, 403, 422, 503].includes(answer.status), answer.text);
    if (answer.status === 200) one.order = answer.json();
    else if (answer.status !== 503) one.refused = answer.json();
  }

  async step() {
    const canceled = this.random() < 0.15 && this.sent.findLast(({ order }) => order);
    if (canceled && !this.unsure()) return this.cancel(canceled);
    const one = this.unsure() ?? { body: this.newBody() };
    if (one !== this.sent.at(-1)) this.sent.push(one);
    await this.place(one);
  }

  async cancel(one) {
    const answer = await this.send('DELETE', `/v2/orders/${one.order.id}`, undefined, this.headers);
    assert.ok([204, 422, 503].includes(answer.status), answer.text);
    if (answer.status === 204) one.canceled = true;
  }

  /** Whose answer a crash has lost, or that came while the server was busy: it is asked again. */
  unsure() {
    const last = this.sent.at(-1);
    return last && !last.order && !last.refused ? last : undefined;
  }
}

/** Sees the fills as they happen, on one stream with resume, over all the lives of the server. */
class Witness {
  fills = [];

  async work(server, enough = () => false) {
    const headers = this.lastId === undefined ? {} : { 'Last-Event-ID': this.lastId };
    const since = this.lastId === undefined ? '&since=earliest' : '';
    let stream;
    try {
      const path = `/api/v1/stream?topics=paper/*/fills&snapshot=false${since}`;
      stream = await EventStream.open(server, path, { headers });
      while (!enough(this.fills)) {
        const block = await stream.next('more', (each) => each.id !== undefined);
        assert.notEqual(block.event, 'gap', block.data);
        this.lastId = block.id;
        if (['fill', 'partial_fill'].includes(block.event)) this.fills.push(payload(block).data);
      }
    } catch (error) {
      if (!server.killed) throw error;
    } finally {
      stream?.close();
    }
  }
}

/** What never changes of an order, and what its end fixes. */
const FIXED = [
  'id',
  'client_order_id',
  'symbol',
  'side',
  'type',
  'qty',
  'limit_price',
  'created_at',
];
const ENDED = ['status', 'filled_qty', 'filled_avg_price', 'filled_at', 'canceled_at'];
const OVER = ['filled', 'canceled', 'expired'];
const only = (order, names) => Object.fromEntries(names.map((name) => [name, order[name]]));

/** Every acknowledged order is there once, as it was told; of the others at most one. A refused
 * one leaves its name free: what was asked again may be there as often as it was refused. */
function assertAcknowledged(player, orders) {
  const named = new Map();
  const refusals = new Set();
  for (const order of orders) {
    if (!order.client_order_id.startsWith(`${player.name}-`)) continue;
    if (order.status === 'rejected') {
      refusals.add(order.client_order_id);
      continue;
    }
    assert.ok(!named.has(order.client_order_id), `${order.client_order_id} is there twice`);
    named.set(order.client_order_id, order);
  }
  for (const { body, order, refused, canceled } of player.sent) {
    const found = named.get(body.client_order_id);
    named.delete(body.client_order_id);
    refusals.delete(body.client_order_id);
    if (refused) assert.equal(found, undefined, `refused: ${JSON.stringify(found)}`);
    if (!order) continue;
    assert.ok(found, `order ${body.client_order_id} is lost`);
    assert.deepEqual(only(found, FIXED), only(order, FIXED));
    if (OVER.includes(order.status)) assert.deepEqual(only(found, ENDED), only(order, ENDED));
    if (canceled) assert.equal(found.status, 'canceled', body.client_order_id);
  }
  assert.deepEqual([...named.keys(), ...refusals], [], 'orders that nobody has placed');
}

/** All accounts are what their fills, and the answers of the players, say. */
async function assertAll(server, players) {
  for (const account of ACCOUNTS) {
    const { orders } = await assertBooks(new Trader(server, account), CASH);
    for (const player of players)
      if (player.account === account) assertAcknowledged(player, orders);
  }
}

const acknowledged = (players) =>
  players.reduce((sum, { sent }) => sum + sent.filter(({ order }) => order).length, 0);

const removeStore = (server) => {
  for (const suffix of ['', '-wal', '-shm'])
    rmSync(join(server.dataDir, `store.db${suffix}`), { force: true });
};

/** Nothing is left open: what was realised is what flowed. */
async function closeAll(server) {
  const data = { bid: 100, ask: 100.05, asset_class: 'us_equity' };
  await publish(
    server,
    SYMBOLS.map((symbol) => ({ topic: `market/${symbol}`, data })),
  );
  for (const account of ACCOUNTS) {
    const trader = new Trader(server, account);
    const closed = await trader.ok('DELETE', '/v2/positions?cancel_orders=true', undefined, 207);
    for (const each of closed) assert.equal(each.status, 200, JSON.stringify(each));
    const { ledger } = await assertBooks(trader, CASH);
    assert.deepEqual(ledger.open, []);
    assert.equal(ledger.cash - ledger.start, ledger.realised);
  }
}

test(`${ROUNDS} crashes of a trading floor, seed ${SEED}`, async (t) => {
  t.diagnostic(`CRASH_SEED=${SEED} CRASH_ROUNDS=${ROUNDS}`);
  const random = randomFrom(SEED);
  const players = ACCOUNTS.flatMap((account) =>
    Array.from(
      { length: BUSY_PER_ACCOUNT },
      (_, i) => new Player(account, `${account}${i}`, random),
    ),
  );
  const feeds = [new Feed('feed', random), new Feed('other feed', random)];
  const witness = new Witness();

  let server = await Server.start(SETTINGS);
  t.after(() => server.running && server.kill());
  for (let round = 0; round < ROUNDS; ++round) {
    const enough = acknowledged(players) + random() * LIFE_ORDERS;
    const work = Promise.all([...players, ...feeds, witness].map((each) => each.work(server)));
    await Promise.race([until('orders', () => acknowledged(players) >= enough, { every: 1 }), work]);
    await server.kill();
    await work;
    if (round % 3 === 2) removeStore(server); // it is made of the tape
    server = await server.again();
    await assertAll(server, players);
  }
  await closeAll(server);

  const all = [];
  for (const account of ACCOUNTS) all.push(...(await readTrades(new Trader(server, account))));
  await witness.work(server, (seen) => seen.length >= all.length);
  assert.deepEqual(
    witness.fills.map(({ execution_id }) => execution_id).sort(),
    all.map(({ id }) => id).sort(),
  );
  await server.stop();
  assert.ok(all.length >= ROUNDS, `only ${all.length} fills`);
  t.diagnostic(`${acknowledged(players)} acknowledged orders, ${all.length} fills`);
});
