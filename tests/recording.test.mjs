// serve --record and backtest --recording: the records that the tape got come out of the recording
// again, byte for byte: of a session that ended in order, of one that was killed, and of one that went
// on with what was there before.

import assert from 'node:assert/strict';
import { copyFileSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Trader } from './harness/alpaca.mjs';
import { livetape } from './harness/command.mjs';
import { temporaryFolder } from './harness/folder.mjs';
import { Server } from './harness/server.mjs';
import { EventStream } from './harness/sse.mjs';
import { until } from './harness/until.mjs';

const set = (...values) => values.flatMap((value) => ['--set', value]);
const SYNTHETIC = [
  ...['--source', 'synthetic'],
  ...set('market.rate=50', 'market.seed=3', 'paper.fee=0.001', 'paper.strategy=none'),
];
const SYMBOL = 'AAPL';
const TOPICS = 'paper/*/orders,paper/*/fills';

const lines = (text) => text.split('\n').filter((line) => line !== '');
const newFile = (name = 'session.rec') => join(temporaryFolder(), name);

/** A server that records into `file`. */
async function recording(t, file, { dataDir, more = [] } = {}) {
  const server = await Server.start([...SYNTHETIC, '--record', file, ...more], { dataDir });
  t.after(() => server.running && server.kill());
  return server;
}

/** The records of orders and fills after `since` that the tape has, as `--records` writes them. */
async function tapeRecords(server, since, last) {
  const query = `topics=${encodeURIComponent(TOPICS)}&since=${since}`;
  const stream = await EventStream.open(server, `/api/v1/stream?${query}`);
  const records = [];
  for (;;) {
    const block = await stream.next('a record', ({ data }) => data?.startsWith('{"topic":"paper/'));
    const { topic, type } = JSON.parse(block.data);
    // The text of the data as it stands in the envelope.
    const data = block.data.slice(block.data.indexOf('"data":') + 7, -1);
    records.push({ id: block.id, line: `{"topic":"${topic}","type":"${type}","data":${data}}` });
    if (last(JSON.parse(data), type)) break;
  }
  stream.close();
  return records;
}

/** A little of everything; the last record is the cancellation of the order that it gives back. */
async function trade(server, name) {
  const trader = new Trader(server, name);
  const other = new Trader(server, `${name}-2`);
  await until('a price', async () =>
    (await trader.call('GET', `/api/v1/quotes?symbols=${SYMBOL}`)).text.includes('"price"'),
  );
  const order = { symbol: SYMBOL, side: 'buy', qty: '10' };
  await trader.settled((await trader.place({ ...order, type: 'market' })).id, { status: 'filled' });
  await other.settled((await other.place({ ...order, type: 'market', side: 'sell' })).id, {
    status: 'filled',
  });
  const resting = { ...order, type: 'limit', limit_price: '1', time_in_force: 'gtc' };
  const first = await trader.place(resting);
  const second = await trader.ok('PATCH', `/v2/orders/${first.id}`, { limit_price: '2' });
  await trader.ok('DELETE', `/v2/orders/${second.id}`, undefined, 204);
  await trader.place({
    ...order,
    type: 'market',
    time_in_force: 'gtc',
    order_class: 'bracket',
    take_profit: { limit_price: '100000' },
    stop_loss: { stop_price: '1' },
  });
  // Refused: far more than there is money for. Closed by an order of the server's.
  await trader.call('POST', '/v2/orders', { ...resting, qty: '100000000' });
  await other.place({ ...resting, limit_price: '3' });
  for (const state of ['HALTED', 'ACTIVE']) {
    await other.ok('PUT', `/api/v1/accounts/${name}-2/state`, { state });
  }
  await other.place({ ...resting, limit_price: '4' });
  await other.ok('POST', '/v2/account/reset');
  const mark = await trader.place(resting);
  await trader.ok('DELETE', `/v2/orders/${mark.id}`, undefined, 204);
  return mark;
}

const ended = (mark) => (data, type) => type === 'canceled' && data.order.id === mark.id;

async function replayed(file, expectedStderr = /^$/) {
  const records = newFile('records.ndjson');
  const json = newFile('accounts.json');
  const { status, stdout, stderr } = await livetape([
    ...['backtest', '--recording', file, '--records', records, '--json', json],
  ]);
  assert.equal(status, 0, stderr);
  assert.match(stderr, expectedStderr);
  return {
    stdout,
    lines: lines(readFileSync(records, 'utf8')),
    accounts: JSON.parse(readFileSync(json, 'utf8')),
  };
}

const linesOf = (records) => records.map(({ line }) => line);

test('a session, and the one after it with the accounts of the first', async (t) => {
  const file = newFile();
  const server = await recording(t, file);
  const mark = await trade(server, 'alice');
  const expected = await tapeRecords(server, 'earliest', ended(mark));
  assert.ok(expected.length > 20, `${expected.length} records`);
  const types = new Set(expected.map(({ line }) => JSON.parse(line).type));
  for (const type of ['new', 'fill', 'held', 'replaced', 'canceled', 'rejected']) {
    assert.ok(types.has(type), `${type} among ${[...types]}`);
  }
  const status = await new Trader(server, 'alice').get('/api/paper-trading/status?account=alice');
  const metrics = await new Trader(server).call('GET', '/metrics');
  assert.match(metrics.text, /^livetape_recording 1$/m);
  await server.stop();

  const { stdout, lines: got, accounts } = await replayed(file);
  assert.deepEqual(got, linesOf(expected));
  const alice = accounts.accounts.find(({ account }) => account === 'alice');
  assert.equal(alice.cash, status.balance);
  assert.equal(alice.realized_pnl, status.realized_pnl);
  assert.equal(alice.fills, status.trades_executed);
  assert.equal(accounts.complete, true);
  assert.match(stdout, /inputs\/s/);
  assert.match(stdout, /^alice /m);

  const next = newFile();
  const again = await recording(t, next, { dataDir: server.dataDir });
  const last = await trade(again, 'bob');
  const later = await tapeRecords(again, expected.at(-1).id, ended(last));
  await again.stop();
  const second = await replayed(next);
  assert.deepEqual(second.lines, linesOf(later));
  // What alice had was restored, and is still hers.
  const kept = second.accounts.accounts.find(({ account }) => account === 'alice');
  assert.equal(kept.cash, alice.cash);
  assert.equal(kept.fills, 0);
});

test('kill -9: what was written by then is a beginning of what the tape got', async (t) => {
  const file = newFile();
  const server = await recording(t, file);
  const mark = await trade(server, 'alice');
  const expected = linesOf(await tapeRecords(server, 'earliest', ended(mark)));
  // Half a second later at most all of it is in the file.
  await until('the session in the recording', async () => {
    const copy = newFile('copy.rec');
    copyFileSync(file, copy);
    return (await replayed(copy, /not closed|cut off/)).lines.length === expected.length;
  });
  await server.kill();
  const { lines: whole } = await replayed(file, /not closed|cut off/);
  assert.deepEqual(whole, expected);

  // Wherever it is cut, it is read up to the last whole block.
  const cut = newFile('cut.rec');
  const size = statSync(file).size;
  for (const part of [0.99, 0.7, 0.4]) {
    copyFileSync(file, cut);
    truncateSync(cut, Math.floor(size * part));
    const { lines: got } = await replayed(cut, /cut off|not closed/);
    assert.deepEqual(got, expected.slice(0, got.length));
  }
});

test('what is wrong is told with what would be right', async (t) => {
  const file = newFile();
  const server = await recording(t, file, { more: ['--record-limit', '1'] });
  await server.stop();
  const fails = async (args, expectedStatus, pattern) => {
    const { status, stdout, stderr } = await livetape(args);
    assert.equal(status, expectedStatus, stderr);
    assert.equal(stdout, '');
    assert.match(stderr, pattern);
  };
  await fails(
    ['serve', '--port', '0', '--data-dir', server.dataDir, '--record', file],
    1,
    /session\.rec exists already: give another name, or move it away/,
  );
  await fails(['backtest', '--recording', '/no/such.rec'], 1, /cannot read \/no\/such\.rec/);
  await fails(
    ['backtest', '--recording', file, '--strategy', 'sma_cross'],
    2,
    /it has its own orders and prices/,
  );
  await fails(['backtest', '--records', 'x'], 2, /it goes with --recording/);
  const foreign = newFile('foreign.rec');
  writeFileSync(foreign, 'time,price\n1,2\n');
  await fails(['backtest', '--recording', foreign], 1, /this is no recording/);
  const damaged = newFile('damaged.rec');
  const bytes = readFileSync(file);
  bytes[Math.floor(bytes.length / 2)] ^= 0x20;
  writeFileSync(damaged, bytes);
  await fails(['backtest', '--recording', damaged], 1, /is damaged/);
  // A start that fails leaves no file behind.
  const never = newFile('never.rec');
  const taken = await Server.start(SYNTHETIC);
  t.after(() => taken.stop());
  await fails(
    ['serve', '--port', String(taken.port), '--data-dir', temporaryFolder(), '--record', never],
    1,
    /in use/,
  );
  assert.equal(existsSync(never), false);
});

test('at its limit the recording ends, and trading goes on', async (t) => {
  const file = newFile();
  const fast = [...SYNTHETIC, ...set('market.rate=5000')];
  const server = await Server.start([...fast, '--record', file, '--record-limit', '1']);
  t.after(() => server.stop());
  await until('the warning', () => /has reached 1 MiB, its limit/.test(server.stderr));
  const trader = new Trader(server, 'alice');
  const order = { symbol: SYMBOL, side: 'buy', qty: '1', type: 'market' };
  await trader.settled((await trader.place(order)).id, { status: 'filled' });
  assert.ok(statSync(file).size <= 1 << 20);
  await replayed(file, /ends where its limit of size was reached/);
});
