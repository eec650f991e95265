// Desks: accounts that trade at random, the market they trade in, and who watches and follows them. A desk's
// accounts are used for some rounds; then a new desk opens, so that books stay short.

import assert from 'node:assert/strict';

import { Trader as AlpacaTrader } from '../harness/alpaca.mjs';
import { Feed, Player } from '../harness/trading_clients.mjs';
import { Follower } from './followers.mjs';
import { equityScreen } from './subscribers.mjs';

const ACCOUNTS = 3;
const PLAYERS_PER_ACCOUNT = 2;

/** Connects `client` anew when the server is another one than before, or the connection has ended. */
async function keepConnected(client, server) {
  if (client.life === server && !client.client.ended) return;
  client.life = undefined;
  await client.connect(server);
  client.life = server;
}

/** A player that also replaces its orders. */
export class Trader extends Player {
  constructor(account, name, chance, report) {
    super(account, name, chance.random);
    Object.assign(this, { chance, report });
  }

  async act(server) {
    await keepConnected(this, server);
    const before = this.sent.filter(({ order }) => order).length;
    try {
      const resting = this.sent.findLast(({ order }) => order?.status === 'new');
      if (!this.unsure() && resting?.body.type === 'limit' && this.chance.is(0.15))
        await this.replace(resting);
      else await this.step();
    } catch (error) {
      this.life = undefined; // what comes later on the connection is the answer to this one
      throw error;
    } finally {
      const count = this.sent.filter(({ order }) => order).length - before;
      this.report.count('orders acknowledged', count);
    }
  }

  async place(one) {
    if (one.replaces) return this.findReplacement(one);
    this.report.operation(this.name, 'orders placed', one.body.client_order_id);
    await super.place(one);
    if (one.refused) this.report.count('orders refused');
  }

  async cancel(one) {
    this.report.operation(this.name, 'cancels', one.body.client_order_id);
    await super.cancel(one);
  }

  async replace(resting) {
    const client_order_id = `${this.name}-${this.sent.length}`;
    const limit_price = this.chance.between(96, 104).toFixed(2);
    const one = { body: { ...resting.body, client_order_id }, replaces: resting.order.id };
    this.sent.push(one);
    this.report.operation(this.name, 'replaces', `${one.replaces} by ${client_order_id}`);
    const wish = { limit_price, client_order_id };
    const answer = await this.send('PATCH', `/v2/orders/${one.replaces}`, wish, this.headers);
    assert.ok([200, 403, 422, 503].includes(answer.status), answer.text);
    if (answer.status === 200) one.order = answer.json();
    else one.refused = { status: answer.status };
  }

  /** A replacement whose answer was lost: it is there under its name, or has never been. */
  async findReplacement(one) {
    this.report.operation(this.name, 'lost replacements looked up', one.body.client_order_id);
    const query = `client_order_id=${one.body.client_order_id}`;
    const path = `/v2/orders:by_client_order_id?${query}`;
    const answer = await this.send('GET', path, undefined, this.headers);
    assert.ok([200, 404, 503].includes(answer.status), answer.text);
    if (answer.status === 200) one.order = answer.json();
    else if (answer.status === 404) one.refused = { status: 404 };
  }

  /** True when each of its orders was answered. */
  async settle(server) {
    if (this.unsure()) await this.act(server);
    return !this.unsure();
  }

  thinkMs() {
    return this.chance.between(40, 500);
  }

  close() {
    this.client?.close();
  }
}

/** Tells prices of the symbols that are traded. */
export class Market extends Feed {
  constructor(name, chance, report) {
    super(name, chance.random);
    Object.assign(this, { chance, report });
  }

  async act(server) {
    await keepConnected(this, server);
    try {
      this.report.count('quotes published');
      await this.step();
    } catch (error) {
      this.life = undefined;
      throw error;
    }
  }

  async settle() {
    return true;
  }

  thinkMs() {
    return this.chance.between(20, 150);
  }

  close() {
    this.client?.close();
  }
}

/** The accounts of some rounds, their players and screens. */
export class Desk {
  constructor(number, seedOf, { world, storm }) {
    this.accounts = Array.from({ length: ACCOUNTS }, (_, i) => `d${number}a${i}`);
    this.players = this.accounts.flatMap((account) =>
      Array.from({ length: PLAYERS_PER_ACCOUNT }, (_, i) => {
        const name = `${account}p${i}`;
        return new Trader(account, name, seedOf(name), world.report);
      }),
    );
    const habits = ['steady', 'slow', 'resetting'];
    this.screens = this.accounts.map((account, i) => {
      const name = `equity of ${account}, ${habits[i]}`;
      const chance = seedOf(name);
      return equityScreen(name, { account, world, storm, chance, habit: habits[i] });
    });
    const context = { world, storm };
    this.followers = this.accounts.flatMap((account) =>
      ['steady', 'slow', 'leaving', 'resetting'].map((habit) => {
        const name = `${habit} bot of ${account}`;
        return new Follower(name, { ...context, account, habit, chance: seedOf(name) });
      }),
    );
    this.fills = new Map(this.accounts.map((account) => [account, []]));
  }

  /** An account is there once it has been asked for. */
  async open(server) {
    for (const account of this.accounts) await new AlpacaTrader(server, account).get('/v2/account');
  }

  /** Notes fills that the log holds: [{account, ...}]. */
  told(fills) {
    for (const fill of fills) this.fills.get(fill.account)?.push(fill);
  }

  /** What was compared is not needed any more. */
  forget() {
    for (const each of this.followers) each.forget(this.fills.get(each.account).length);
  }

  close() {
    for (const each of [...this.screens, ...this.followers]) each.finish();
    for (const player of this.players) player.close();
  }
}
