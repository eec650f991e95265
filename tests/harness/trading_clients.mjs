// Clients that trade, and move the market, at random on one connection each, and remember what they
// were answered, so that the accounts can be compared with it after whatever has happened.

import assert from 'node:assert/strict';

import { apca } from './alpaca.mjs';
import { RawClient, readAnswer, requestBytes } from './raw.mjs';

export const SYMBOLS = ['AAA', 'BBB', 'CCC'];

const pick = (random, list) => list[Math.floor(random() * list.length)];
const price = (random, about, width) => (about + (random() - 0.5) * width).toFixed(2);

/** One connection, one request after the other, until the server is killed. */
export class Client {
  constructor(name, random) {
    Object.assign(this, { name, random });
  }

  /** Takes a new connection. */
  async connect(server) {
    this.client?.close();
    this.client = await RawClient.connect(server.port);
    this.port = server.port;
  }

  async work(server) {
    try {
      await this.connect(server);
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
export class Feed extends Client {
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
export class Player extends Client {
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
export function assertAcknowledged(player, orders) {
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
