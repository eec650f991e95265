// Bars in the store: history that survives a stop and a crash, imported bars and live ones as one.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { publish } from './harness/api.mjs';
import { barsOf, storedSeries } from './harness/bars.mjs';
import { livetape, run } from './harness/command.mjs';
import { temporaryFolder } from './harness/folder.mjs';
import { Jobs } from './harness/jobs.mjs';
import { metric } from './harness/metrics.mjs';
import { restart, serve } from './harness/server.mjs';
import { until } from './harness/until.mjs';

const NONE = ['--source', 'none'];
const TIMEFRAMES = ['1m', '5m', '15m', '1h', '1d'];
// Minutes of the hour before the last: all of it is over, and within the day that is recovered.
const HOUR = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 2 * 3_600_000;
const minute = (n) => new Date(HOUR + n * 60_000).toISOString();

/** A trade each 20 seconds, from minute `from` to before `to`; the price is the minute. */
async function trade(server, symbol, from, to) {
  const ticks = [];
  for (let n = from; n < to; ++n) {
    for (const second of [0, 20, 40]) {
      const time = new Date(HOUR + n * 60_000 + second * 1000).toISOString();
      ticks.push({ topic: `market/${symbol}`, type: 'quote', data: { price: 100 + n, size: 2, time } });
    }
  }
  await publish(server, ticks);
}

async function allBars(server, symbol) {
  const all = {};
  for (const timeframe of TIMEFRAMES) {
    all[timeframe] = await barsOf(server, symbol, `timeframe=${timeframe}&limit=10000`);
  }
  return all;
}

test('bars survive a stop, the open ones too, and go on', async (t) => {
  const server = await serve(t, NONE);
  await trade(server, 'ROOM', 0, 7);
  const before = await allBars(server, 'ROOM');
  assert.equal(before['1m'].length, 7);
  assert.deepEqual(
    before['5m'].map((bar) => [bar.open, bar.close, bar.volume]),
    [
      [100, 104, 30],
      [105, 106, 12],
    ],
  );
  const next = await restart(t, server);
  assert.deepEqual(await allBars(next, 'ROOM'), before);
  const { symbols } = await (await fetch(`${next.url}/api/v1/symbols`)).json();
  assert.deepEqual(symbols, [{ symbol: 'ROOM', asset_class: 'crypto' }]);
  // A trade of a bar that was closed before the stop is late; the open ones go on.
  await trade(next, 'ROOM', 2, 3);
  await trade(next, 'ROOM', 7, 8);
  const after = await allBars(next, 'ROOM');
  assert.deepEqual(after['1m'].slice(0, 7), before['1m']);
  assert.deepEqual(
    after['5m'].map((bar) => [bar.open, bar.close, bar.volume]),
    [
      [100, 104, 30],
      [105, 107, 18],
    ],
  );
  // Of the hour, which was open, it counts.
  assert.equal(after['1h'].at(-1).volume, 54);
});

test('after a crash no bar that was over a while before is missing', async (t) => {
  const server = await serve(t, NONE);
  await trade(server, 'ROOM', 0, 12);
  const before = await allBars(server, 'ROOM');
  // The writer comes round every few seconds, also for minutes behind which nothing is traded; a second
  // reader of the file sees what it has done.
  await until('the minutes are stored', async () =>
    (await storedSeries(server.dataDir)).includes('ROOM 60 12'),
  );
  const next = await restart(t, server, { kill: true });
  const after = await allBars(next, 'ROOM');
  assert.deepEqual(after['1m'], before['1m']);
  // Bars of five minutes, closed or made of the minutes that are there.
  assert.deepEqual(
    after['5m'].map((bar) => [bar.time, bar.open, bar.close, bar.volume]),
    [
      [before['5m'][0].time, 100, 104, 30],
      [before['5m'][1].time, 105, 109, 30],
      [before['5m'][2].time, 110, 111, 12],
    ],
  );
  // Those too of which none had been closed.
  for (const timeframe of ['15m', '1h', '1d']) {
    assert.deepEqual(
      after[timeframe].map((bar) => [bar.time, bar.open, bar.high, bar.close, bar.volume]),
      [[before[timeframe][0].time, 100, 111, 111, 72]],
      timeframe,
    );
  }
  await trade(next, 'ROOM', 12, 13);
  assert.deepEqual((await allBars(next, 'ROOM'))['1m'].slice(0, 12), before['1m']);
});

test('a stop leaves bars alone that a newer import has changed', async (t) => {
  const days = (close) => `date,open,high,low,close,volume\n2024-01-02,1,${close},1,${close},5\n`;
  const put = async (server, close) => {
    const answer = await fetch(`${server.url}/api/v1/imports?symbol=SPLIT`, {
      method: 'POST',
      body: days(close),
    });
    const { import_id } = await answer.json();
    await new Jobs(server, 'import').completed(import_id);
  };
  const first = await serve(t, NONE);
  await put(first, 1000);
  const second = await restart(t, first);
  assert.equal((await barsOf(second, 'SPLIT', 'timeframe=1d'))[0].close, 1000);
  await put(second, 250);
  const third = await restart(t, second);
  assert.equal((await barsOf(third, 'SPLIT', 'timeframe=1d'))[0].close, 250);
});

test('imported bars and live ones are one series, without holes or duplicates', async (t) => {
  const folder = temporaryFolder();
  const dataDir = join(folder, 'data');
  const lines = ['timestamp,open,high,low,close,volume'];
  for (let n = 0; n < 5000; ++n) lines.push(`${minute(n - 5000)},1,1,1,1,1`);
  writeFileSync(join(folder, 'minutes.csv'), `${lines.join('\n')}\n`);
  const args = ['minutes.csv', '--symbol', 'ROOM', '--timeframe', '1m', '--asset-class', 'crypto'];
  const { status, stderr } = await livetape(['import', ...args, '--data-dir', dataDir], {
    cwd: folder,
  });
  assert.equal(status, 0, stderr);
  const server = await serve(t, NONE, { dataDir });
  await trade(server, 'ROOM', 0, 3);
  const bars = await barsOf(server, 'ROOM', 'timeframe=1m&limit=10000');
  assert.deepEqual(
    bars.map((bar) => Date.parse(bar.time)),
    Array.from({ length: 5003 }, (_, n) => HOUR + (n - 5000) * 60_000),
  );
  const newest = await barsOf(server, 'ROOM', 'timeframe=1m&limit=4');
  assert.deepEqual(newest, bars.slice(-4));
  const part = await barsOf(
    server,
    ...['ROOM', `timeframe=1m&from=${minute(-3)}&to=${minute(0)}&limit=10000`],
  );
  assert.deepEqual(part, bars.slice(4997, 5001));

  // Alpaca's, page by page, and made of shorter ones.
  const paged = [];
  for (let token = ''; token !== null; ) {
    const query = `timeframe=1Min&start=${minute(-5000)}&limit=1000${token && `&page_token=${token}`}`;
    const response = await fetch(`${server.url}/v2/stocks/ROOM/bars?${query}`);
    const page = await response.json();
    paged.push(...page.bars);
    token = page.next_page_token;
  }
  assert.deepEqual(
    paged.map((bar) => [Date.parse(bar.t), bar.c]),
    bars.map((bar) => [Date.parse(bar.time), bar.close]),
  );
  const hours = `timeframe=30Min&start=${minute(-4980)}&end=${minute(-4951)}&limit=1000`;
  const { bars: halves } = await (
    await fetch(`${server.url}/v2/stocks/ROOM/bars?${hours}`)
  ).json();
  // Its longer bars are not made of imported minutes: they are imported by themselves.
  assert.deepEqual(halves, []);
});

test('history that the synthetic source makes up is made up once', async (t) => {
  const server = await serve(t, ['--source', 'synthetic', '--set', 'market.symbols=["AAPL"]']);
  const days = await barsOf(server, 'AAPL', 'timeframe=1d&limit=1000');
  assert.equal(days.length, 400);
  const next = await restart(t, server);
  const again = await barsOf(next, 'AAPL', 'timeframe=1d&limit=1000');
  assert.deepEqual(again.slice(0, 399), days.slice(0, 399));
});

test('a coin that is imported before the first start has no made up bars', async (t) => {
  const folder = temporaryFolder();
  const dataDir = join(folder, 'data');
  const lines = ['timestamp,open,high,low,close,volume'];
  for (let n = 0; n < 48; ++n) lines.push(`${minute((n - 48) * 60)},7,7,7,7,1`);
  writeFileSync(join(folder, 'hours.csv'), `${lines.join('\n')}\n`);
  const args = ['hours.csv', '--symbol', 'BTCUSD', '--timeframe', '1h', '--asset-class', 'crypto'];
  const { status, stderr } = await livetape(['import', ...args, '--data-dir', dataDir], {
    cwd: folder,
  });
  assert.equal(status, 0, stderr);
  const source = ['--source', 'synthetic', '--set', 'market.symbols=["BTC"]'];
  let server = await serve(t, source, { dataDir });
  for (const spelling of ['BTC', 'BTCUSD', 'BTC%2FUSD']) {
    const query = `timeframe=1h&to=${minute(-1)}&limit=1000`;
    const hours = await barsOf(server, spelling, query);
    assert.deepEqual(
      hours.map((bar) => [Date.parse(bar.time), bar.close]),
      Array.from({ length: 48 }, (_, n) => [HOUR + (n - 48) * 3_600_000, 7]),
      spelling,
    );
    assert.deepEqual(await barsOf(server, spelling, query.replace('1h', '1m')), []);
  }
  assert.equal((await barsOf(server, 'BTC', 'timeframe=1d&limit=1000')).length, 400, 'but days');
  assert.match(server.stderr, /the bars of BTCUSD are those of BTC, as the source calls it/);
  server = await restart(t, server);
  assert.equal((await barsOf(server, 'BTC', `timeframe=1h&to=${minute(-1)}`)).length, 48);
});

const DAMAGE = `
import sqlite3, sys
store = sqlite3.connect(sys.argv[1])
blocks = "SELECT id FROM bar_series WHERE symbol = ?"
changed = store.execute(f"UPDATE bar_blocks SET bytes = x'00' WHERE series IN ({blocks})", [sys.argv[2]])
print(changed.rowcount)
store.commit()
`;

test('a damaged block of bars stops nothing but its series', async (t) => {
  const first = await serve(t, NONE);
  for (const symbol of ['BAD', 'GOOD']) await trade(first, symbol, 0, 5);
  const before = await allBars(first, 'GOOD');
  await first.stop();
  const store = join(first.dataDir, 'store.db');
  const { status, stdout, stderr } = await run('python3', ['-c', DAMAGE, store, 'BAD']);
  assert.equal(status, 0, stderr);
  assert.equal(stdout.trim(), '5');

  const server = await serve(t, NONE, { dataDir: first.dataDir });
  assert.deepEqual(await allBars(server, 'GOOD'), before);
  assert.match(server.stderr, /the bars of BAD begin anew: .*the file is damaged/);
  for (const symbol of ['BAD', 'GOOD']) await trade(server, symbol, 5, 10);
  const importOf = async (symbol) => {
    const rows = [0, 1, 2].map((n) => `${minute(n)},7,7,7,7,7`);
    const response = await fetch(
      `${server.url}/api/v1/imports?symbol=${symbol}&timeframe=1m&asset_class=crypto`,
      { method: 'POST', body: ['timestamp,open,high,low,close,volume', ...rows, ''].join('\n') },
    );
    assert.equal(response.status, 202);
    return new Jobs(server, 'import').over((await response.json()).import_id);
  };
  const bad = await importOf('BAD');
  assert.equal(bad.status, 'failed', JSON.stringify(bad));
  assert.match(JSON.stringify(bad), /the file is damaged/);
  const good = await importOf('GOOD');
  assert.equal(good.status, 'completed', JSON.stringify(good));
  // The market's bars of the other one are stored, and the books go on.
  await until('all records are in the store', async () => {
    return (await metric(server, 'livetape_store_lag_records')) === 0;
  });
  await server.stop();
  assert.match(server.stderr, /bars of 1m of BAD are not stored any more: .*the file is damaged/);
  const stored = await storedSeries(server.dataDir);
  assert.ok(stored.includes('GOOD 60 10'), stored.join(', '));
});
