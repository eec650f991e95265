// Trading as a client of Alpaca's API does it, and the market it trades in.

import assert from 'node:assert/strict';

import { publish } from './api.mjs';
import { patiently } from './patiently.mjs';
import { request } from './raw.mjs';
import { until } from './until.mjs';

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
export const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

export const apca = (key, secret = 'any') => ({
  'APCA-API-KEY-ID': key,
  'APCA-API-SECRET-KEY': secret,
});

/** What `expected` names is so in `object`; the rest of it does not matter. */
export function assertHas(object, expected) {
  const part = Object.fromEntries(Object.keys(expected).map((name) => [name, object[name]]));
  assert.deepEqual(part, expected);
}

/** One account: `account` undefined is the default one. Everything is checked to be JSON. */
export class Trader {
  constructor(server, account, headers = account === undefined ? {} : apca(account)) {
    Object.assign(this, { server, headers, account: account ?? 'paper' });
  }

  /** Any request: {status, headers, text, json()}. */
  call(method, path, body, headers = {}) {
    return request(this.server, path, {
      method,
      headers: {
        ...this.headers,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  }

  /** A read that the server may be too busy for: asked again, as it says, until it is not. */
  read(path) {
    return patiently(() => this.call('GET', path));
  }

  /** One that has to succeed; gives its JSON. */
  async ok(method, path, body, status = 200) {
    const answer = method === 'GET' ? await this.read(path) : await this.call(method, path, body);
    assert.equal(answer.status, status, `${method} ${path}: ${answer.status} ${answer.text}`);
    if (status === 204) return assert.equal(answer.text, '');
    assert.equal(answer.headers.get('content-type'), 'application/json');
    return answer.json();
  }

  get(path) {
    return this.ok('GET', path);
  }

  /** One that has to fail with Alpaca's error body; gives it. */
  async fails(method, path, body, { status, code, message }) {
    const answer = method === 'GET' ? await this.read(path) : await this.call(method, path, body);
    const what = `${method} ${path} ${JSON.stringify(body)}: ${answer.status} ${answer.text}`;
    assert.equal(answer.status, status, what);
    assert.equal(answer.headers.get('content-type'), 'application/json', what);
    const error = answer.json();
    assert.equal(error.code, code, what);
    assert.equal(typeof error.message, 'string', what);
    if (message instanceof RegExp) assert.match(error.message, message, what);
    else if (message !== undefined) assert.equal(error.message, message, what);
    return error;
  }

  place(fields) {
    return this.ok('POST', '/v2/orders', orderBody(fields));
  }

  refused(fields, expected) {
    return this.fails('POST', '/v2/orders', orderBody(fields), expected);
  }

  order(id, query = '') {
    return this.get(`/v2/orders/${id}${query}`);
  }

  /** The order once all these fields of it are so. */
  async settled(id, fields) {
    const is = ([name, value]) => order[name] === value;
    let order;
    await until(
      () => `order ${id} with ${JSON.stringify(fields)}; it is ${JSON.stringify(order)}`,
      async () => {
        order = await this.order(id);
        return Object.entries(fields).every(is);
      },
    );
    return order;
  }

  /** Everything that was caused before this is over; then the status object. */
  status() {
    return this.get(`/api/paper-trading/status?account=${this.account}`);
  }

  /** Position of a symbol, undefined when there is none. */
  async position(symbol) {
    const all = await this.get('/v2/positions');
    return all.find((each) => each.symbol === symbol);
  }
}

const defaults = { qty: '1', side: 'buy', type: 'market', time_in_force: 'day' };

/** An order of one share at market, with these fields instead; undefined leaves one out. */
export const orderBody = (fields) => ({
  ...(fields.notional === undefined ? defaults : { ...defaults, qty: undefined }),
  ...fields,
});

let accounts = 0;
/** An account that no other test uses. */
export const newTrader = (server) => new Trader(server, `t${++accounts}`);

let listings = 0;
/** A symbol that no other test uses, and what can be told about it. */
export class Listing {
  constructor(server, assetClass = 'us_equity') {
    const name = `X${++listings}`;
    this.symbol = assetClass === 'crypto' ? `${name}/USD` : name;
    Object.assign(this, { server, assetClass });
  }

  /** The floor has taken it when this is over. */
  async tell(data) {
    await publish(this.server, {
      topic: `market/${encodeURIComponent(this.symbol)}`,
      data: { asset_class: this.assetClass, ...data },
    });
    return this;
  }

  quote(bid, ask = bid) {
    return this.tell({ bid, ask });
  }

  trade(price, size = 1) {
    return this.tell({ price, size });
  }
}

/** A symbol with a price. */
export const listed = (server, bid, ask, assetClass) =>
  new Listing(server, assetClass).quote(bid, ask);

let opened = 0;
/** A trader with an account on these terms. */
export async function openAccount(server, terms = {}) {
  const name = `desk-${++opened}`;
  const visitor = new Trader(server);
  const made = await visitor.ok('POST', '/api/v1/accounts', { name, ...terms }, 201);
  return new Trader(server, name, apca(made.key_id, made.secret));
}

export const trade = (trader, share, side, qty, fields = {}) =>
  trader.place({ symbol: share.symbol, side, qty: String(qty), ...fields });

/** A buy order that waits for a price of 50. */
export const resting = (trader, share, fields = {}) =>
  trade(trader, share, 'buy', 1, { type: 'limit', limit_price: '50', ...fields });
