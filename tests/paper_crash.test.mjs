// kill -9 while many clients trade: afterwards the accounts are exactly what the acknowledged
// answers say. Money is recomputed from the fills with whole numbers.
//
// CRASH_ROUNDS sets how often (12), CRASH_SEED repeats a run's choices.

import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Trader } from './harness/alpaca.mjs';
import { publish } from './harness/api.mjs';
import { assertBooks, readTrades } from './harness/ledger.mjs';
import { randomFrom, seedFrom } from './harness/random.mjs';
import { Server } from './harness/server.mjs';
import { EventStream, payload } from './harness/sse.mjs';
import { Feed, Player, SYMBOLS, assertAcknowledged } from './harness/trading_clients.mjs';
import { until } from './harness/until.mjs';

const ROUNDS = Number(process.env.CRASH_ROUNDS ?? 12);
const SEED = seedFrom('CRASH_SEED');
const LIFE_ORDERS = 100; // at most, that one process acknowledges
const CASH = 1_000_000;
const ACCOUNTS = ['paper', 'first', 'second'];
const BUSY_PER_ACCOUNT = 6;
const SETTINGS = ['--source', 'none', '--set', `paper.cash=${CASH}`, '--set', 'paper.fee=0.001'];

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
