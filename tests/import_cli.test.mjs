// `livetape import`: what is taken, what is told about the rest, and what a crash leaves.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';

import { barsOf, storedSeries } from './harness/bars.mjs';
import { livetape, run } from './harness/command.mjs';
import { temporaryFolder } from './harness/folder.mjs';
import { BINARY, cleanEnvironment, serve } from './harness/server.mjs';
import { SHARED } from './harness/shared.mjs';
import { until } from './harness/until.mjs';
import { zipOf } from './harness/zip.mjs';

const HEADER = 'date,open,high,low,close,volume';
const day = (n) => new Date(Date.UTC(2020, 0, 1 + n)).toISOString().slice(0, 10);
const row = (n, close = 100) => `${day(n)},100,${Math.max(110, close)},90,${close},1000`;
const csv = (rows, header = HEADER) => [header, ...rows, ''].join('\n');

/** A folder with a file, and `import` in it. */
class Bench {
  constructor() {
    this.folder = temporaryFolder();
    this.data = join(this.folder, 'data');
  }
  write(name, content) {
    writeFileSync(join(this.folder, name), content);
    return name;
  }
  run(...args) {
    return livetape(['import', '--data-dir', this.data, ...args], { cwd: this.folder });
  }
  /** The report of one file, which is the only one. */
  async report(content, ...args) {
    const file = this.write('bars.csv', content);
    const result = await this.run(file, '--symbol', 'TEST', '--json', ...args);
    const report = JSON.parse(result.stdout);
    assert.equal(report.files.length, 1, result.stdout);
    assert.equal(result.status, report.status === 'completed' ? 0 : 1, result.stderr);
    return report.files[0];
  }
  series() {
    return storedSeries(this.data);
  }
}

/** `import -`, with its `stdin`, and `ended`: how it ended and what it told. */
function importOfPipe(bench, symbol, timeframe, ...args) {
  const child = spawn(
    BINARY,
    ['import', '-', '--symbol', symbol, '--timeframe', timeframe, '--data-dir', bench.data, ...args],
    { cwd: bench.folder, env: cleanEnvironment(), stdio: ['pipe', 'pipe', 'pipe'] },
  );
  const told = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr']) {
    child[stream].setEncoding('utf8').on('data', (text) => (told[stream] += text));
  }
  // What it does not read any more.
  child.stdin.on('error', (error) => assert.match(error.code, /^(EPIPE|ECONNRESET)$/));
  child.ended = new Promise((resolve) =>
    child.on('close', (code, signal) => resolve({ status: code ?? signal, ...told })),
  );
  return child;
}

describe('bad rows are counted by reason, with their lines', () => {
  const cases = [
    ['missing columns', '2020-01-05,1,2', 'missing_columns'],
    ['a wrong date', '2020-13-05,100,110,90,100,5', 'bad_time'],
    ['no number', '2020-01-05,100,x,90,100,5', 'bad_number'],
    ['a negative price', '2020-01-05,100,110,-90,100,5', 'bad_price'],
    ['a price of 0', '2020-01-05,0,110,90,100,5', 'bad_price'],
    ['high below low', '2020-01-05,100,90,110,100,5', 'high_below_low'],
    ['a close outside', '2020-01-05,100,110,90,120,5', 'outside_range'],
    ['a negative volume', '2020-01-05,100,110,90,100,-5', 'bad_volume'],
    ['a duplicate', row(0), 'duplicate'],
  ];
  for (const [name, line, reason] of cases) {
    test(name, async () => {
      const bench = new Bench();
      const report = await bench.report(csv([row(0), row(1), line, row(2)]));
      assert.equal(report.status, 'completed');
      assert.deepEqual([report.rows, report.imported, report.bad], [4, 3, 1]);
      assert.deepEqual(report.bad_by_reason, { [reason]: 1 });
      assert.deepEqual([report.bad_rows[0].line, report.bad_rows[0].reason], [4, reason]);
      assert.ok(report.bad_rows[0].detail.length > 0);
      assert.deepEqual(await bench.series(), ['TEST 86400 3']);
    });
  }

  test('rows out of order are taken and counted', async () => {
    const bench = new Bench();
    const report = await bench.report(csv([row(3), row(1), row(2), row(0)]));
    assert.deepEqual([report.imported, report.unsorted, report.bad], [4, 3, 0]);
    assert.equal(report.first, `${day(0)}T00:00:00.000000Z`);
    assert.equal(report.last, `${day(3)}T00:00:00.000000Z`);
  });

  test('the text names reasons and lines too', async () => {
    const bench = new Bench();
    const file = bench.write('bars.csv', csv([row(0), '2020-01-05,100,90,110,100,5']));
    const { status, stdout } = await bench.run(file, '--symbol', 'TEST');
    assert.equal(status, 0);
    assert.match(stdout, /bars\.csv: completed: 2 rows, 1 taken, 1 not/);
    assert.match(stdout, /high_below_low: 1/);
    assert.match(stdout, /line 3: high_below_low/);
  });
});

describe('what gives nothing fails and says why', () => {
  test('no valid row', async () => {
    const report = await new Bench().report(csv(['2020-01-05,100,90,110,100,5']));
    assert.equal(report.status, 'failed');
    assert.match(report.error, /none of the 1 rows can be used; line 2/);
  });
  for (const [name, content, error] of [
    ['a header without prices', 'date,name\n2020-01-01,x\n', /does not name date or time, and open/],
    ['an empty file', '', /there are no rows/],
    ['a header alone', `${HEADER}\n`, /there are no rows/],
    ['damaged gzip', gzipSync(csv([row(0)])).subarray(0, 30), /gzip/],
  ]) {
    test(name, async () => {
      const report = await new Bench().report(content);
      assert.equal(report.status, 'failed');
      assert.match(report.error, error);
    });
  }
  test('no symbol', async () => {
    const bench = new Bench();
    const { status, stdout } = await bench.run(bench.write('bars.csv', csv([row(0)])));
    assert.equal(status, 1);
    assert.match(stdout, /the symbol must be given/);
  });
  test('no such file, and the other one is taken all the same', async () => {
    const bench = new Bench();
    const file = bench.write('bars.csv', csv([row(0)]));
    const { status, stderr } = await bench.run('nowhere.csv', file, '--symbol', 'TEST');
    assert.equal(status, 1);
    assert.match(stderr, /nowhere\.csv: cannot be opened: No such file/);
    assert.deepEqual(await bench.series(), ['TEST 86400 1']);
  });
  for (const [flag, value, right] of [
    ['--timeframe', '2d', /1s, 1m, 5m, 15m, 1h, 1d/],
    ['--format', 'excel', /auto, csv, lean/],
    ['--asset-class', 'bonds', /us_equity, crypto/],
    ['--day', 'monday', /2013-10-07/],
  ]) {
    test(`${flag} ${value}`, async () => {
      const { status, stderr } = await new Bench().run('x.csv', flag, value);
      assert.equal(status, 2);
      assert.match(stderr, right);
    });
  }
});

describe('files', () => {
  const bars = csv([row(0), row(1), row(2)]);

  test('gzip, of several members', async () => {
    const bench = new Bench();
    const file = Buffer.concat([gzipSync(`${HEADER}\n${row(0)}\n`), gzipSync(`${row(1)}\n`)]);
    assert.equal((await bench.report(file)).imported, 2);
  });

  test('zip: members with bars are taken, the others are named', async () => {
    const bench = new Bench();
    const minutes = '34200000,1000000,1010000,990000,1005000,100\n';
    const inner = zipOf([['20131008_test_minute_trade.csv', minutes]]);
    bench.write(
      'lean.zip',
      zipOf([
        ['minute/', ''],
        ['minute/20131007_test_minute_trade.csv', minutes],
        ['minute/20131007_test_minute_quote.csv', minutes],
        ['minute/20131008_trade.zip', inner],
        ['daily/test.csv', '20131007 00:00,1000000,1010000,990000,1005000,100\n'],
        ['readme.md', 'hello'],
      ]),
    );
    const { status, stdout } = await bench.run(
      ...['lean.zip', '--symbol', 'TEST', '--timeframe', '1m', '--json'],
    );
    assert.equal(status, 0, stdout);
    const told = JSON.parse(stdout).files.map((file) => [file.file, file.status, file.error]);
    assert.deepEqual(told, [
      ['lean.zip: minute/20131007_test_minute_trade.csv', 'completed', null],
      ['lean.zip: minute/20131007_test_minute_quote.csv', 'skipped', 'has quotes, not bars of trades'],
      ['lean.zip: minute/20131008_trade.zip: 20131008_test_minute_trade.csv', 'completed', null],
      ['lean.zip: daily/test.csv', 'skipped', 'has bars of 1d, not of 1m'],
      ['lean.zip: readme.md', 'skipped', 'ends neither in .csv, .txt, .gz nor .zip'],
    ]);
    // 34,200,000 ms is 09:30 in New York, then UTC-4.
    assert.equal(JSON.parse(stdout).files[0].first, '2013-10-07T13:30:00.000000Z');
    assert.deepEqual(await bench.series(), ['TEST 60 2']);
  });

  test('a zip archive without bars of the timeframe, and a damaged one, fail', async () => {
    const bench = new Bench();
    bench.write('ticks.zip', zipOf([['20131007_test_trade_tick.csv', '1,2,3']]));
    const ticks = await bench.run('ticks.zip', '--symbol', 'TEST', '--timeframe', '1m');
    assert.equal(ticks.status, 1);
    assert.match(ticks.stdout, /has ticks, not bars/);
    assert.match(ticks.stderr, /there is no file of bars of 1m in it/);
    const whole = zipOf([['a.csv', bars]]);
    bench.write('cut.zip', whole.subarray(0, whole.length - 10));
    const cut = await bench.run('cut.zip', '--symbol', 'TEST');
    assert.equal(cut.status, 1);
    assert.match(cut.stderr, /cut\.zip: is no zip archive that can be read/);
  });

  test('twice gives the same; a newer file counts where both have a bar', async (t) => {
    const bench = new Bench();
    await bench.report(bars);
    const again = await bench.report(bars);
    assert.deepEqual([again.imported, again.bad], [3, 0]);
    assert.deepEqual(await bench.series(), ['TEST 86400 3']);
    await bench.report(csv([row(2, 105), row(3)]));
    assert.deepEqual(await bench.series(), ['TEST 86400 4']);
    const server = await serve(t, ['--source', 'none'], { dataDir: bench.data });
    const stored = await barsOf(server, 'TEST', 'timeframe=1d');
    assert.deepEqual(
      stored.map((bar) => bar.close),
      [100, 100, 105, 100],
    );
    const { symbols } = await (await fetch(`${server.url}/api/v1/symbols`)).json();
    assert.deepEqual(symbols, [{ symbol: 'TEST', asset_class: 'us_equity' }]);
  });

  test('a coin has one series, whatever the file calls it', async () => {
    const bench = new Bench();
    const take = (n, symbol, ...args) =>
      bench.run(bench.write(`${n}.csv`, csv([row(n)])), '--symbol', symbol, ...args);
    const crypto = ['--asset-class', 'crypto'];
    for (const [n, symbol] of ['BTC', 'BTC/USD', 'BTCUSD'].entries()) {
      const { status, stderr } = await take(n, symbol, ...crypto);
      assert.equal(status, 0, stderr);
    }
    assert.equal((await take(3, 'BTCUSD', '--if-new', ...crypto)).stdout, '');
    await take(0, 'ETHUSD', ...crypto);
    await take(1, 'SOLO');
    assert.deepEqual(await bench.series(), ['BTC 86400 3', 'ETHUSD 86400 1', 'SOLO 86400 1']);
  });

  test('--if-new leaves what is there alone', async () => {
    const bench = new Bench();
    await bench.report(bars);
    const file = bench.write('more.csv', csv([row(7)]));
    const { status, stdout } = await bench.run(file, '--symbol', 'TEST', '--if-new');
    assert.deepEqual([status, stdout], [0, '']);
    assert.deepEqual(await bench.series(), ['TEST 86400 3']);
  });
});

describe('a pipe', () => {
  const piped = (bench, content, ...args) => {
    const importing = importOfPipe(bench, 'TEST', '1d', ...args);
    importing.stdin.end(content);
    return importing.ended;
  };

  test('is read as a file is, from its first byte', async () => {
    for (const content of [csv([row(0), row(1)]), gzipSync(csv([row(0), row(1)]))]) {
      const bench = new Bench();
      const { status, stdout, stderr } = await piped(bench, content, '--json');
      assert.equal(status, 0, stderr);
      const report = JSON.parse(stdout);
      assert.equal(report.files[0].file, 'standard input');
      assert.equal(report.imported, 2);
      assert.deepEqual(await bench.series(), ['TEST 86400 2']);
    }
  });

  test('has a name too', async () => {
    const bench = new Bench();
    bench.write('bars.csv', csv([row(0), row(1)]));
    const { status, stdout, stderr } = await run(
      'bash',
      ['-c', `"$LIVETAPE" import <(cat bars.csv) --symbol TEST --data-dir "$DATA"`],
      { cwd: bench.folder, env: cleanEnvironment({ LIVETAPE: BINARY, DATA: bench.data }) },
    );
    assert.equal(status, 0, stderr);
    assert.match(stdout, /: completed: 2 rows, 2 taken, 0 not/);
  });

  test('that is a zip archive, and one with nothing in it', async () => {
    const bench = new Bench();
    const zip = await piped(bench, zipOf([['bars.csv', csv([row(0)])]]));
    assert.equal(zip.status, 1);
    assert.match(zip.stderr, /standard input: is a zip archive, which cannot be read from a pipe/);
    const empty = await piped(bench, '');
    assert.equal(empty.status, 1);
    assert.match(empty.stdout, /standard input: failed: 0 rows/);
  });

  test('that gives nothing is waited for until a signal comes', { timeout: 120_000 }, async () => {
    const bench = new Bench();
    for (const begun of ['', csv([row(0), row(1)]).slice(0, -1)]) {
      const importing = importOfPipe(bench, 'TEST', '1d');
      importing.stdin.write(begun);
      await until('the store is open', () => existsSync(join(bench.data, 'store.db-wal')));
      importing.kill('SIGINT');
      const { status, stderr } = await importing.ended;
      assert.equal(status, 1);
      assert.equal(stderr, 'livetape: interrupted; what was read by then is kept\n');
    }
  });
});

describe('the data folder', () => {
  test('of a running server is its own: the endpoint is named', async (t) => {
    const server = await serve(t, ['--source', 'none']);
    const bench = new Bench();
    const file = bench.write('bars.csv', csv([row(0)]));
    const { status, stderr } = await livetape(
      ['import', file, '--symbol', 'TEST', '--data-dir', server.dataDir],
      { cwd: bench.folder },
    );
    assert.equal(status, 1);
    assert.match(stderr, new RegExp(`is in use by process ${server.child.pid}`));
    assert.match(stderr, /curl --data-binary @FILE '.*\/api\/v1\/imports\?symbol=TEST/);
  });
});

describe('a long import that does not come to its end', () => {
  const ROWS = 400_000;
  const minutes = () => {
    const lines = ['timestamp,open,high,low,close,volume'];
    for (let i = 0; i < ROWS; ++i) {
      const time = new Date(Date.UTC(2019, 0, 1) + i * 60_000).toISOString().slice(0, 19);
      lines.push(`${time}Z,100.5,101.25,99.75,100.${String(i % 100).padStart(2, '0')},${i % 1000}`);
    }
    return lines.join('\n') + '\n';
  };

  /** Runs the import of all but the end of `text` until the store's log has grown, then ends it. */
  async function endedBy(bench, text, signal) {
    const importing = importOfPipe(bench, 'LONG', '1m');
    importing.stdin.write(text.slice(0, -1000));
    const log = join(bench.data, 'store.db-wal');
    await until('something is stored', () => existsSync(log) && statSync(log).size > 200_000);
    importing.kill(signal);
    return importing.ended;
  }

  for (const signal of ['SIGKILL', 'SIGINT']) {
    test(`${signal}: what was stored stays, and again it is whole`, { timeout: 120_000 }, async () => {
      const bench = new Bench();
      const text = minutes();
      const { status, stderr } = await endedBy(bench, text, signal);
      assert.equal(status, signal === 'SIGINT' ? 1 : signal, stderr);
      if (signal === 'SIGINT') assert.match(stderr, /interrupted; what was read by then is kept/);
      const kept = Number((await bench.series())[0].split(' ')[2]);
      assert.ok(kept > 0 && kept < ROWS, `${kept} bars`);
      const file = bench.write('long.csv', text);
      const again = await bench.run(file, '--symbol', 'LONG', '--timeframe', '1m', '--json');
      assert.equal(again.status, 0, again.stderr);
      assert.equal(JSON.parse(again.stdout).imported, ROWS);
      assert.deepEqual(await bench.series(), [`LONG 60 ${ROWS}`]);
    });
  }
});

describe('real recordings', { skip: SHARED ? false : 'there is no ../shared/data' }, () => {
  test('SPY by the day and by the minute out of an archive of archives', async () => {
    const bench = new Bench();
    const file = join(SHARED ?? '', 'lean_spy_daily_and_minute_201310.zip');
    for (const timeframe of ['1d', '1m']) {
      const { status, stderr } = await bench.run(file, '--symbol', 'SPY', '--timeframe', timeframe);
      assert.equal(status, 0, stderr);
    }
    assert.deepEqual(await bench.series(), ['SPY 60 4128', 'SPY 86400 5849']);
  });
});
