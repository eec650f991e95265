// Recorded markets through the whole server. The recorded Binance feed is not part of the
// repository: where it is missing, its tests are skipped and say so.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

import { livetape } from './harness/command.mjs';
import { metric } from './harness/metrics.mjs';
import { request } from './harness/raw.mjs';
import { Server, serve } from './harness/server.mjs';
import { isPrice, openStream } from './harness/sse.mjs';
import { inTime, until } from './harness/until.mjs';

const RECORDING = fileURLToPath(
  new URL('../../shared/data/binance_spot_btcusdt_20240808.gz', import.meta.url),
);
const skip = existsSync(RECORDING) ? false : `${RECORDING} is missing`;
const LAST_PRICE = 61685.99;

let folder;
before(() => (folder = mkdtempSync(join(tmpdir(), 'livetape-replay-'))));
after(() => rmSync(folder, { recursive: true, force: true }));

function writeFeed(name, lines) {
  const file = join(folder, name);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

const quotesOf = async (server) => (await request(server, '/api/v1/quotes')).json().quotes;
const priceOf = (block) => JSON.parse(block.data).price;

describe('the recorded Binance feed', { skip }, () => {
  const messages = () =>
    gunzipSync(readFileSync(RECORDING))
      .toString('utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line.slice(line.indexOf(' ') + 1)));
  const dataOf = (stream) =>
    messages()
      .filter((message) => message.stream === stream)
      .map(({ data }) => data);

  test('as fast as possible: a client ends at the right price and the right quote', async (t) => {
    const top = dataOf('btcusdt@bookTicker').at(-1);
    const server = await serve(t, ['--source', `replay:${RECORDING},speed=0,wait`]);
    const stream = await openStream(t, server, '/stream');
    await until('the last quote', async () => {
      const [quote] = await quotesOf(server);
      return (
        quote?.price === LAST_PRICE &&
        quote.volume === 212.03315 &&
        [
          ['bid', 'b'],
          ['bid_size', 'B'],
          ['ask', 'a'],
          ['ask_size', 'A'],
        ].every(([ours, theirs]) => quote[ours] === Number(top[theirs]))
      );
    });
    await stream.next('the last price', (block) => isPrice(block) && priceOf(block) === LAST_PRICE);

    const late = await openStream(t, server, '/stream');
    assert.equal(priceOf(await late.next('state', isPrice)), LAST_PRICE, 'a later client too');
  });

  test('at 20 times its speed all 9,757 trades arrive, in order, none merged', async (t) => {
    const expected = dataOf('btcusdt@trade').map(({ p }) => Number(p));
    assert.equal(expected.length, 9757);
    const server = await serve(t, ['--source', `replay:${RECORDING},speed=20,wait`]);
    const stream = await openStream(t, server, '/stream?interval=0');

    const prices = [];
    let latest = '';
    // Before the first trade the price is the middle of bid and ask: those events lead.
    let leading = 0;
    while (prices.length - leading < expected.length) {
      const block = await stream.next(`trade ${prices.length - leading + 1}`);
      assert.ok(block.event === undefined, `an event ${block.event}: ${block.data}`);
      if (!isPrice(block)) continue; // retry
      const { price, timestamp } = JSON.parse(block.data);
      assert.ok(timestamp >= latest, `${timestamp} after ${latest}`);
      latest = timestamp;
      if (leading === prices.length && price !== expected[0]) leading++;
      prices.push(price);
    }
    assert.ok(leading < 100, `${leading} events before the first trade`);
    const wrong = expected.findIndex((price, i) => price !== prices[leading + i]);
    assert.equal(
      wrong,
      -1,
      `trade ${wrong + 1}: ${expected[wrong]} became ${prices[leading + wrong]}`,
    );
    assert.equal(await metric(server, 'livetape_hub_merged_updates_total'), 0);
  });

  test('--summary states its facts', async () => {
    const { status, stdout, stderr } = await livetape(['replay', RECORDING, '--summary']);
    assert.equal(status, 0, stderr);
    const numbers = (
      stdout.replaceAll(/(?<=\d),(?=\d{3})/g, '').match(/(?<![\w.])\d+(\.\d+)?(?![\w])/g) ?? []
    ).map(Number);
    const facts = {
      messages: 41249,
      trades: 9757,
      'depth updates': 3451,
      'checked against bookTicker': 3449,
      first: 61837.63,
      last: 61685.99,
      low: 61583.22,
      high: 61860.8,
      volume: 212.03315,
      'best bid size': 1.0087,
      'best ask': 61686,
      'best ask size': 2.29327,
      'bid levels': 1209,
      'ask levels': 2196,
    };
    for (const [what, value] of Object.entries(facts)) {
      assert.ok(numbers.includes(value), `${what} ${value} in:\n${stdout}`);
    }
    assert.ok(
      numbers.some((value) => value.toPrecision(12) === '61707.6816167'),
      `VWAP in:\n${stdout}`,
    );
    assert.match(stdout, /messages\/s/);
  });
});

describe('a file of bars', () => {
  const BARS = [
    'date,open,high,low,close,volume',
    '2024-01-02,100,110,95,105,1000', // rises: open, low, high, close
    '2024-01-03,106,112,101,102,2000', // falls: open, high, low, close
    '2024-01-04,102.5,102.5,102.5,102.5,10',
  ];
  const PATH = [100, 95, 110, 105, 106, 112, 101, 102, 102.5];

  test('becomes open, low and high, close; and the same bars again', async (t) => {
    const file = writeFeed('acme.csv', BARS);
    // Three days in six seconds: every price is its own instant, so that none is merged.
    const server = await serve(t, ['--source', `replay:${file},speed=43200,wait`]);
    const stream = await openStream(t, server, '/stream?interval=0');
    const prices = [];
    while (prices.at(-1) !== PATH.at(-1)) {
      const price = priceOf(await stream.next('price', isPrice));
      if (price !== prices.at(-1)) prices.push(price);
    }
    assert.deepEqual(prices, PATH);

    const { symbols } = (await request(server, '/api/v1/symbols')).json();
    assert.equal(symbols.length, 1);
    // The last bar's price arrived with its open; its volume is complete with its close.
    const { bars } = await until('three whole bars', async () => {
      const answer = await request(
        server,
        `/api/v1/bars/${encodeURIComponent(symbols[0].symbol)}?timeframe=1d`,
      );
      return answer.json().bars[2]?.volume === 10 && answer.json();
    });
    assert.deepEqual(
      bars.map(({ open, high, low, close, volume }) => [open, high, low, close, volume]),
      BARS.slice(1).map((line) => line.split(',').slice(1).map(Number)),
    );
    assert.equal(bars[0].time, '2024-01-02T00:00:00.000000Z');
  });

  test('a late row of ticks is counted and moves nothing back', async (t) => {
    const file = writeFeed('late.csv', [
      'time,symbol,price,size',
      '2024-01-02T10:00:00Z,ABC,100,1',
      '2024-01-02T10:05:00Z,ABC,200,1',
      '2024-01-02T10:01:00Z,ABC,50,7',
    ]);
    const server = await serve(t, ['--source', `replay:${file},speed=0`]);
    await until('the late row', async () => (await metric(server, 'livetape_floor_late_ticks_total')) === 1);
    const [quote] = await quotesOf(server);
    assert.equal(quote.price, 200);
    assert.match(quote.time, /T10:05:00/);
  });

  test('after its end the price stands still and /sse/{symbol} still sends it', async (t) => {
    const file = writeFeed('still.csv', BARS);
    const server = await serve(t, ['--source', `replay:${file},speed=0`]);
    const [quote] = await until('the last price', async () => {
      const quotes = await quotesOf(server);
      return quotes[0]?.price === 102.5 && quotes;
    });
    const symbol = encodeURIComponent(quote.symbol);
    const stream = await openStream(t, server, `/sse/${symbol}?interval=50ms&format=json`);
    const events = await stream.take('price', 5, isPrice);
    assert.equal(
      new Set(events.map(({ data }) => data)).size,
      1,
      'unchanged, and sent all the same',
    );
    const text = await openStream(t, server, `/sse/${symbol}?interval=50ms`);
    assert.equal((await text.next('text', isPrice)).data, `${quote.symbol} price is 102.5`);

    const changes = await openStream(t, server, '/stream?interval=0');
    assert.equal(priceOf(await changes.next('state', isPrice)), 102.5);
  });

  test('loops when told to', async (t) => {
    const file = writeFeed('round.csv', BARS);
    const server = await serve(t, ['--source', `replay:${file},speed=200000,loop,wait`]);
    const stream = await openStream(t, server, '/stream?interval=0');
    const times = [];
    while (times.length < 2) {
      const event = JSON.parse((await stream.next('the end of a round', isPrice)).data);
      if (event.price === 102.5 && !times.includes(event.timestamp.slice(0, 10)))
        times.push(event.timestamp.slice(0, 10));
    }
    assert.ok(times[1] > times[0], `the second round is later: ${times}`);
  });

  test('the next round begins at once, though its times are a day later', async (t) => {
    const file = writeFeed('again.csv', [
      'time,price',
      '2024-01-02T10:00:00Z,100',
      '2024-01-02T10:00:01Z,101',
    ]);
    const server = await serve(t, ['--source', `replay:${file},speed=10,loop,wait`]);
    const stream = await openStream(t, server, '/stream?interval=0');
    const days = new Set();
    while (days.size < 3) {
      const event = JSON.parse((await stream.next('a price of each round', isPrice)).data);
      days.add(event.timestamp.slice(0, 10));
    }
    assert.deepEqual([...days], ['2024-01-02', '2024-01-03', '2024-01-04']);
  });
});

describe('bad files', () => {
  test('a malformed line is reported with file and number, counted and skipped', async (t) => {
    const file = writeFeed('holes.csv', [
      'date,open,high,low,close,volume',
      '2024-01-02,100,110,95,105,1000',
      '2024-01-03,oops,112,101,102,2000',
      '2024-01-04,103,104,99',
      '2024-01-05,101,100,120,102,5',
      '2024-01-08,102,103,101,102.5,10',
    ]);
    const server = await serve(t, ['--source', `replay:${file},speed=0`]);
    await until('the last price', async () => (await quotesOf(server))[0]?.price === 102.5);
    for (const line of [3, 4, 5])
      assert.ok(server.stderr.includes(`${file}:${line}`), server.stderr);
    for (const line of [1, 2, 6])
      assert.ok(!server.stderr.includes(`${file}:${line}`), server.stderr);
    assert.equal(await metric(server, 'livetape_source_skipped_total'), 3);
  });

  test('a file without one valid line stops with an error and exit status 1', async () => {
    const file = writeFeed('nothing.csv', ['this is', 'not a', 'market']);
    for (const args of [
      ['replay', file, '--summary'],
      ['serve', '--port', '0', '--source', `replay:${file},speed=0`],
    ]) {
      const { status, stderr } = await livetape(args);
      assert.equal(status, 1, `${args.join(' ')}: ${stderr}`);
      assert.ok(stderr.includes(file), stderr);
    }
  });

  test('an empty file, a folder and a missing file stop with an error', async () => {
    const empty = writeFeed('empty.csv', []);
    for (const file of [empty, folder, join(folder, 'absent.csv')]) {
      const { status, stderr } = await livetape([
        'serve',
        '--port',
        '0',
        '--source',
        `replay:${file},speed=0`,
      ]);
      assert.equal(status, 1, stderr);
      assert.ok(stderr.includes(file), stderr);
    }
  });

  test('a cut gzip file gives what can be read, and says where it breaks', { skip }, async () => {
    const file = join(folder, 'cut.gz');
    writeFileSync(file, readFileSync(RECORDING).subarray(0, 200_000));
    const { status, stdout, stderr } = await livetape(['replay', file, '--summary']);
    assert.equal(status, 1, stdout);
    assert.ok(stderr.includes(file), stderr);
  });

  test('a waiting replay ends on SIGTERM like any other', async () => {
    const file = writeFeed('waiting.csv', [
      'date,open,high,low,close,volume',
      '2024-01-02,1,1,1,1,1',
    ]);
    const server = await Server.start(['--source', `replay:${file},wait`]);
    await server.stop();
    await inTime('exit', server.exited);
  });
});
