// When all is quiet: whatever was left open is settled, the log is read back by a client that comes
// late, and everything that anybody was told or has seen is compared with it.

import assert from 'node:assert/strict';

import { Trader } from '../harness/alpaca.mjs';
import { decimal, parseExact, units } from '../harness/exact.mjs';
import { assertBooks } from '../harness/ledger.mjs';
import { readLog } from '../harness/log.mjs';
import { metric } from '../harness/metrics.mjs';
import { assertAcknowledged } from '../harness/trading_clients.mjs';
import { until } from '../harness/until.mjs';
import {
  BrokenPromise,
  checkGap,
  checkHistory,
  checkLog,
  checkPublished,
  checkScreen,
  checkSeen,
  differenceOf,
} from './promises.mjs';
import { within } from './subscribers.mjs';
import { CASH } from './world.mjs';

const CONVERGE_WITHIN_MS = 40_000;

/** `probe` in time, or the promise is broken. */
async function promised(promise, detail, probe) {
  try {
    await until(detail, probe, { within: CONVERGE_WITHIN_MS });
  } catch (error) {
    if (error.code === 'ERR_ASSERTION' || error instanceof BrokenPromise) throw error;
    throw new BrokenPromise(promise, error.message);
  }
}

/** Everybody whose last answer was lost asks again. */
async function settle(server, clients) {
  const open = new Set(clients);
  const one = async (client) => {
    try {
      if (await client.settle(server)) open.delete(client);
    } catch (error) {
      if (error.code === 'ERR_ASSERTION') throw error; // else on the connection; on a new one then
    }
  };
  await promised(
    'a healthy server answers',
    () => `answers to ${[...open].map(({ name }) => name)}`,
    async () => {
      await Promise.all([...open].map(one));
      return open.size === 0;
    },
  );
}

/** The log since the last time: records, fills, and events of each user. */
async function readLogs(server, { mark, users }) {
  const records = await readLog(server, 'chaos/*,shared/*,jobs/training/*', mark);
  const fills = await readLog(server, 'paper/*/fills', mark);
  const events = new Map();
  for (const { user, token } of users) {
    const headers = { Authorization: `Bearer ${token}` };
    events.set(user, await readLog(server, `user/${user}/*`, mark, headers));
  }
  for (const log of [records, fills, ...events.values()]) {
    if (log.gap) throw new BrokenPromise('the log is kept', JSON.stringify(log.gap));
    checkLog(log);
  }
  return { records, fills, events, mark: records.mark };
}

const flat = (log) => log.map(({ id, topic, data }) => ({ id, topic, n: data.n, p: data.p }));

function checkPublishers({ publishers, userPublishers }, { records, events }) {
  const byPublisher = new Map(publishers.map(({ name }) => [name, []]));
  for (const record of flat(records)) byPublisher.get(record.p).push(record);
  for (const { name, batches } of publishers) checkPublished(name, batches, byPublisher.get(name));
  for (const { user, name, batches } of userPublishers) {
    const own = flat(events.get(user)).filter(({ p }) => p === name);
    checkPublished(name, batches, own);
  }
}

async function checkSubscribers(server, run, logs) {
  const { subscribers, userSubscribers, channelSubscribers } = run;
  const all = flat(logs.records);
  const last = (each) => all.findLast(each.matches)?.id;
  const pairs = [
    ...subscribers.map((each) => [each, all, logs.mark]),
    ...channelSubscribers.map((each) => [each, all, last(each)]),
    ...userSubscribers.map((each) => {
      const log = flat(logs.events.get(each.user));
      return [each, log, log.at(-1)?.id];
    }),
  ];
  const behind = () => pairs.filter(([each, , mark]) => mark && !each.reached(mark));
  await promised(
    'no stream is stuck',
    () => behind().map(([each, , mark]) => `${each.name} is at ${each.lastId} before ${mark}`),
    () => behind().length === 0,
  );
  const oldest = await metric(server, 'livetape_tape_oldest');
  for (const [each, log] of pairs) {
    for (const gap of each.gaps) checkGap(each.name, gap, oldest);
    checkSeen(each.name, each.seen, log.filter(each.matches), each);
  }
}

async function checkScreens(server, { subscribers, statePublishers }) {
  const values = new Map(statePublishers.flatMap((each) => [...each.valuesOn(server)]));
  for (const { name, patterns, screen } of subscribers) {
    const its = [...values].filter(([topic]) => patterns.some((each) => within(each, topic)));
    const expected = new Map(its);
    const equal = () => !differenceOf(screen, expected);
    await until('the same state', equal, { within: CONVERGE_WITHIN_MS }).catch(() =>
      checkScreen(name, screen, expected),
    );
  }
}

const exact = (number) => decimal(units(number));
const fillOfRecord = ({ data }) => ({
  account: data.account,
  execution_id: data.execution_id,
  symbol: data.order.symbol,
  side: data.order.side,
  quantity: exact(data.qty),
  price: exact(data.price),
});
const fillOfTrade = ({ id, symbol, side, quantity, price }) => ({
  ...{ execution_id: id, symbol, side },
  quantity: exact(quantity),
  price: exact(price),
});

const SHOWN = ['equity', 'balance', 'trades_executed', 'realized_pnl', 'positions'];
const shownOf = (status) =>
  JSON.stringify(SHOWN.map((name) => [name, status[name]]));

async function checkAccount(server, desk, account) {
  const trader = new Trader(server, account);
  const { trades, orders, status } = await assertBooks(trader, CASH);
  for (const player of desk.players)
    if (player.account === account) assertAcknowledged(player, orders);
  checkHistory(account, desk.fills.get(account), trades.map(fillOfTrade));
  for (const { name, screen } of desk.screens.filter((each) => each.account === account))
    await promised(
      'state converges on every screen',
      () => `${name}: ${screen.get(account)}; it is ${shownOf(status)}`,
      () => screen.has(account) && shownOf(parseExact(screen.get(account))) === shownOf(status),
    );
  return trades.length;
}

async function checkMoney(server, { desk }, { fills }) {
  desk.told(fills.map(fillOfRecord));
  for (const account of desk.accounts) {
    try {
      await checkAccount(server, desk, account);
    } catch (error) {
      if (error.code !== 'ERR_ASSERTION') throw error;
      throw new BrokenPromise('money is identical with its fills', `${account}: ${error.message}`);
    }
  }
}

/** `check()` throws no BrokenPromise, in time: the last of it may come a little later. */
async function converges(what, check) {
  let broken;
  const holds = async () => {
    try {
      await check();
    } catch (error) {
      if (!(error instanceof BrokenPromise)) throw error;
      broken = error;
      return false;
    }
    return true;
  };
  await until(what, holds, { within: CONVERGE_WITHIN_MS }).catch((error) => {
    throw error.code === 'ERR_ASSERTION' || !broken ? error : broken;
  });
}

async function checkFollowers({ desk }) {
  await converges('what bots are told', () => {
    for (const each of desk.followers) each.check(desk.fills.get(each.account));
  });
}

async function checkJobs(server, { jobClients, mark }) {
  await converges('jobs and their records', async () => {
    const records = await readLog(server, 'jobs/import/*,jobs/backtest/*', mark);
    for (const client of jobClients) await client.check(server, records);
  });
}

/** Checks every promise. Afterwards what was compared is forgotten. */
export async function checkpoint(run) {
  const { server } = run.world;
  await run.world.ready();
  await settle(server, run.clients);
  const logs = await readLogs(server, run);
  checkPublishers(run, logs);
  await checkSubscribers(server, run, logs);
  await checkScreens(server, run);
  await checkMoney(server, run, logs);
  await checkFollowers(run);
  await checkJobs(server, run);
  assert.equal(server, run.world.server, 'nothing happens to it while all is quiet');
  for (const each of [...run.publishers, ...run.userPublishers]) each.batches = [];
  for (const each of [...run.listeners, ...run.jobClients]) each.forget(logs.mark);
  run.desk.forget();
  run.mark = logs.mark;
  run.world.report.count('checkpoints');
}
