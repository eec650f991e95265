// livetape backtest: known answers, files, sweeps, strategies in programs, faults and stopping.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { livetape } from './harness/command.mjs';
import { temporaryFolder } from './harness/folder.mjs';
import { isGone } from './harness/processes.mjs';
import { BINARY, cleanEnvironment } from './harness/server.mjs';
import { until } from './harness/until.mjs';
import { EXAMPLES } from './examples/project.mjs';

const GOOG = fileURLToPath(
  new URL('../../shared/data/goog_daily_2004_2008_matplotlib.csv', import.meta.url),
);
const withGoog = existsSync(GOOG)
  ? {}
  : { skip: 'goog_daily_2004_2008_matplotlib.csv is not beside the checkout' };
const PROGRAM = `python3 ${join(EXAMPLES, 'backtest/sma_cross.py')}`;

const lines = (text) => text.split('\n').filter((line) => line !== '');
const near = (value, expected) =>
  assert.ok(
    Math.abs(value - expected) <= Math.abs(expected) * 1e-9,
    `${value} is not ${expected} within 1e-9`,
  );

/** A file of daily bars at these prices, from 4 January 2024. */
function priceFile(prices, name = 'a.csv') {
  const path = join(temporaryFolder(), name);
  const rows = prices.map((price, i) => {
    const day = new Date(Date.UTC(2024, 0, 4 + i)).toISOString().slice(0, 10);
    return `${day},${price},${price},${price},${price},100`;
  });
  writeFileSync(path, ['date,open,high,low,close,volume', ...rows, ''].join('\n'));
  return path;
}

/** A seeded walk, long enough that a run over it takes a while. */
function walkFile(count) {
  const path = join(temporaryFolder(), 'walk.csv');
  let state = 7;
  let price = 1000;
  const rows = ['time,open,high,low,close,volume'];
  for (let i = 0; i < count; i += 1) {
    state = (state * 1103515245 + 12345) % 2147483648;
    price = Math.max(100, price + (state % 21) - 10);
    const time = new Date(Date.UTC(2020, 0, 1) + i * 60000).toISOString();
    rows.push(`${time},${price},${price},${price},${price},1`);
  }
  writeFileSync(path, rows.join('\n'));
  return path;
}

/** Runs it with --json and gives that document. */
async function result(args) {
  const file = join(temporaryFolder(), 'result.json');
  const { status, stderr } = await livetape(['backtest', ...args, '--json', file]);
  assert.equal(status, 0, stderr);
  return JSON.parse(readFileSync(file, 'utf8'));
}

async function fails(args, expectedStatus, ...patterns) {
  const { status, stdout, stderr } = await livetape(['backtest', ...args]);
  assert.equal(status, expectedStatus, stderr);
  assert.equal(stdout, '');
  assert.equal(lines(stderr).length, 1, stderr);
  for (const pattern of patterns) assert.match(stderr, pattern);
}

const sma = ({ short = true, closeAtEnd = 'open', fee = '0' } = {}) => [
  ...['--csv', `GOOG=${GOOG}`, '--strategy', 'sma_cross', '--cash', '10000', '--fee', fee],
  ...['--param', `short=${short}`, '--close-at-end', closeAtEnd],
];

describe('known answers', withGoog, () => {
  test('SMA cross of Google', async () => {
    const { results, trades, fills, equity, months, days_per_year, bars, params } = await result(
      sma(),
    );
    assert.equal(results.final_equity, 53310.62);
    assert.equal(results.trades, 31);
    assert.equal(results.fees, 0);
    const expected = {
      total_return: 4.331062,
      sharpe_ratio: 1.04324299802462,
      sortino_ratio: 2.543520641816075,
      max_drawdown: -0.25932745606007156,
      win_rate: 0.5806451612903226,
      profit_factor: 4.787761003449651,
      sqn: 2.522423544631946,
      annual_return: 0.49658832381607,
      volatility: 0.47600446373123,
      exposure: 0.933142311365807,
      buy_and_hold_return: 1.7986882716049384,
    };
    for (const [name, value] of Object.entries(expected)) near(results[name], value);
    assert.equal(trades.length, 31);
    assert.equal(fills.length, 62);
    assert.equal(equity.length, 1047);
    assert.equal(equity.at(-1).equity, 53310.62);
    assert.equal(months.length, 51);
    assert.equal(days_per_year, 252);
    assert.equal(bars, 1047);
    assert.deepEqual(params, { fast: 10, short: true, slow: 30 });
    near(
      trades.reduce((sum, trade) => sum + trade.profit, 0),
      43310.62,
    );
  });

  test('with a fee, closed at the close, long only', async () => {
    const paid = (await result(sma({ fee: '0.002' }))).results;
    assert.equal(paid.final_equity, 46847.91282);
    assert.equal(paid.fees, 2537.23718);
    assert.equal((await result(sma({ closeAtEnd: 'close' }))).results.final_equity, 56238.52);
    const long = (await result(sma({ short: false }))).results;
    assert.equal(long.trades, 15);
    assert.equal(long.final_equity, 37145.9);
  });

  test('the table shows the same', async () => {
    const { status, stdout, stderr } = await livetape(['backtest', ...sma()]);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /GOOG: 1,047 bars of 1d, 2004-08-19 to 2008-10-14/);
    assert.match(stdout, /final equity +53,310\.62/);
    assert.match(stdout, /sharpe ratio +1\.0432/);
    assert.match(stdout, /max drawdown +-25\.93 %/);
    assert.match(stdout, /long \/ short +15 \/ 16/);
    assert.match(stdout, /\n {2}2008 /);
  });

  test('the example in Python does what the built-in strategy does', async () => {
    const own = await result([
      ...['--csv', `GOOG=${GOOG}`, '--cash', '10000', '--close-at-end', 'open'],
      ...['--exec', PROGRAM, '--param', 'fast=10', '--param', 'slow=30', '--param', 'short=true'],
    ]);
    const builtIn = await result(sma());
    assert.deepEqual(own.results, builtIn.results);
    assert.deepEqual(own.fills, builtIn.fills);
    assert.deepEqual(own.equity, builtIn.equity);
  });
});

describe('files', () => {
  test('CSV files hold what the JSON file holds', async () => {
    const folder = join(temporaryFolder(), 'new', 'out');
    const { equity, trades, fills } = await result([
      ...['--csv', priceFile([10, 11, 12, 9]), '--strategy', 'buy_and_hold', '--cash', '1000'],
      ...['--csv-out', folder],
    ]);
    const csv = (name) => lines(readFileSync(join(folder, name), 'utf8'));
    assert.equal(csv('equity.csv').length, 1 + equity.length);
    assert.equal(csv('equity.csv')[2], '2024-01-05T00:00:00.000000Z,1000,0');
    assert.match(csv('trades.csv')[1], /^A,long,2024-01-05T.*,2024-01-07T.*,90,11,9,-180,0,-0\.18/);
    assert.equal(trades.length, 1);
    assert.equal(csv('fills.csv').length, 1 + fills.length);
    const [month, fraction] = csv('months.csv')[1].split(',');
    assert.equal(month, '2024-01');
    near(Number(fraction), -0.18);
  });

  test('rows that are no bars are told, the others are taken', async () => {
    const file = priceFile([10, 11, -5, 12]);
    const { status, stderr } = await livetape([
      ...['backtest', '--csv', file, '--strategy', 'buy_and_hold'],
    ]);
    assert.equal(status, 0, stderr);
    assert.match(stderr, /1 of 4 rows were not taken: 1 bad_price; the first in line 4/);
  });

  test('several symbols have a sleeve of the cash each', async () => {
    const { results, fills } = await result([
      ...['--csv', `UP=${priceFile([10, 10, 20])}`, '--csv', `DOWN=${priceFile([10, 10, 5])}`],
      ...['--symbols', 'UP,DOWN', '--strategy', 'buy_and_hold', '--cash', '1000'],
    ]);
    assert.equal(results.final_equity, 1250);
    assert.deepEqual(
      fills.map(({ symbol, side, quantity }) => [symbol, side, quantity]),
      [
        ['UP', 'buy', 50],
        ['DOWN', 'buy', 50],
        ['UP', 'sell', 50],
        ['DOWN', 'sell', 50],
      ],
    );
  });

  test('a file that cannot be written is an error', async () => {
    const args = ['--csv', priceFile([1, 2, 3]), '--strategy', 'buy_and_hold'];
    const { status, stderr } = await livetape(['backtest', ...args, '--json', '/no/such/file']);
    assert.equal(status, 1);
    assert.match(stderr, /cannot write \/no\/such\/file: No such file/);
  });
});

describe('sweeps', withGoog, () => {
  const sweep = [
    ...['--csv', `GOOG=${GOOG}`, '--strategy', 'sma_cross', '--param', 'fast=5,10,30'],
    ...['--param', 'slow=10,30,50', '--param', 'short=true', '--cash', '10000'],
    ...['--close-at-end', 'open'],
  ];

  test('all valid combinations, the best first', async () => {
    const { rows, skipped } = await result(sweep);
    assert.equal(rows.length, 6);
    assert.equal(skipped, 3);
    const ratios = rows.map((row) => row.results.sharpe_ratio);
    assert.deepEqual(
      ratios,
      [...ratios].sort((a, b) => b - a),
    );
    const known = rows.find(({ params }) => params.fast === 10 && params.slow === 30);
    assert.equal(known.results.final_equity, 53310.62);
  });

  test('any figure ranks, threads change nothing', async () => {
    const one = await result([...sweep, '--rank-by', 'max_drawdown', '--threads', '1']);
    const three = await result([...sweep, '--rank-by', 'max_drawdown', '--threads', '3']);
    assert.deepEqual(one, three);
    const falls = one.rows.map((row) => row.results.max_drawdown);
    assert.deepEqual(
      falls,
      [...falls].sort((a, b) => b - a),
    );
  });

  test('the table shows as many rows as asked for', async () => {
    const { stdout } = await livetape(['backtest', ...sweep, '--rows', '2']);
    assert.match(stdout, /6 combinations \(3 invalid ones skipped\), by sharpe_ratio/);
    assert.match(stdout, /and 4 more/);
  });

  test('none is valid', () =>
    fails(
      [...sweep.slice(0, 4), '--param', 'fast=50,60', '--param', 'slow=10'],
      2,
      /none of the 2 combinations is valid; the first: fast must be less than slow/,
    ));
});

describe('what is wrong is told with what would be right', () => {
  const file = priceFile([10, 11, 12]);
  const base = ['--csv', `ABC=${file}`, '--strategy', 'sma_cross'];
  const wrong = [
    [[], /strategy/],
    [['--csv', file, '--strategy', 'magic'], /there are: buy_and_hold, sma_cross, ema_cross/],
    [[...base, '--param', 'fast=50'], /fast must be less than slow: 50 is not less than 30/],
    [[...base, '--param', 'quick=1'], /its parameters: fast, slow, short/],
    [[...base, '--param', 'fast'], /'fast' is not name=value/],
    [[...base, '--param', 'fast=5', '--param', 'fast=6'], /fast is given twice/],
    [[...base, '--param', 'fast=x'], /fast must be a whole number/],
    [[...base, '--param', 'fast=1.5'], /fast must be a whole number/],
    [[...base, '--timeframe', '2d'], /there are: 1s, 1m, 5m, 15m, 1h, 1d/],
    [[...base, '--from', '2024-03-01', '--to', '2024-02-01'], /from must not be after to/],
    [[...base, '--from', 'yesterday'], /from/],
    [[...base, '--cash', '-5'], /cash must be positive/],
    [[...base, '--fee', '2'], /fee is a fraction/],
    [[...base, '--close-at-end', 'never'], /open, close, none/],
    [[...base, '--rank-by', 'luck'], /there are: final_equity, total_return/],
    [[...base, '--asset-class', 'tulips'], /us_equity, crypto/],
    [[...base, '--symbols', 'ABC,ABC'], /ABC is named twice/],
  ];
  for (const [args, pattern] of wrong) {
    test(`backtest ${args.slice(4).join(' ')}`, () => fails(args, 2, pattern));
  }
  const missing = [
    [[...base, '--symbols', 'XYZ'], /there are no bars of XYZ; there are those of: ABC/],
    [
      [...base, '--from', '2025-01-01'],
      /ABC has no bars of 1d from 2025-01-01 to the end; it has 3 of 1d from 2024-01-04 to 2024-01-06/,
    ],
    [['--csv', '/no/such.csv', '--strategy', 'sma_cross'], /\/no\/such\.csv/],
    [['--symbols', 'ABC', '--strategy', 'sma_cross'], /livetape import/],
  ];
  for (const [args, pattern] of missing) {
    test(`backtest ${args.slice(2).join(' ')}`, () => fails(args, 1, pattern));
  }

  test('--list shows strategies and parameters', async () => {
    const { status, stdout } = await livetape(['backtest', '--list']);
    assert.equal(status, 0);
    for (const name of ['buy_and_hold', 'sma_cross', 'momentum', 'lookback', 'deviations']) {
      assert.ok(stdout.includes(name), name);
    }
  });

  test('--help says how', async () => {
    const { status, stdout } = await livetape(['backtest', '--help']);
    assert.equal(status, 0);
    for (const flag of ['--strategy', '--param', '--csv', '--exec', '--json', '--csv-out']) {
      assert.ok(stdout.includes(flag), flag);
    }
  });
});

describe('programs as strategies', () => {
  const file = priceFile([10, 10, 12, 12, 12]);
  const own = (command, ...more) => ['--csv', `ABC=${file}`, '--exec', command, ...more];

  test('orders, cancels and targets', async () => {
    const answers = [
      '{}',
      '[{"order":{"symbol":"ABC","side":"buy","type":"limit","time_in_force":"gtc","qty":5,"limit_price":11}}]',
      '[]',
      '[{"target":"short"}]',
      '[{"target":"flat"},{"cancel":true}]',
      '[]',
    ];
    const script = join(temporaryFolder(), 'answers.sh');
    const prints = answers.map((answer) => `read -r line; echo '${answer}'`);
    writeFileSync(script, prints.join('\n'));
    const { fills } = await result(own(`sh ${script}`, '--cash', '1000'));
    assert.deepEqual(
      fills.map(({ side, quantity, price }) => [side, quantity, price]),
      [
        ['buy', 5, 10],
        ['sell', 5, 12],
        ['sell', 84, 12],
        ['buy', 84, 12],
      ],
    );
  });

  const faults = [
    ['exit 3', /ended with status 3/],
    ['read -r line; echo "{}"; read -r line; kill -9 $$', /was ended by signal 9.*bar of 2024-01-04/],
    ['no-such-program-anywhere', /ended with status 127/],
    ['read -r line; echo hello', /wrote: /],
    ['read -r line; echo "{\\"warm_up\\":-1}"', /warm_up/],
    ['read -r line; echo "{}"; while read -r line; do echo nonsense; done', /answered 'nonsense'/],
    [
      'read -r line; echo "{}"; while read -r line; do echo "[{\\"target\\":\\"up\\"}]"; done',
      /"long", "short" or "flat"/,
    ],
    [
      'read -r line; echo "{}"; while read -r line; do echo "[{\\"symbol\\":\\"X\\",\\"target\\":\\"long\\"}]"; done',
      /symbol must be one of those/,
    ],
    ['read -r line; echo "{}"; while read -r line; do echo; done', /empty line/],
    [
      'read -r line; echo "{}"; while read -r line; do printf "[]\\n[]\\n"; done',
      /more than one line for one/,
    ],
    ['read -r line; echo "{}"; read -r line; head -c 3000000 /dev/zero; cat', /more than 1048576 bytes/],
  ];
  for (const [command, pattern] of faults) {
    test(`a program that does: ${command}`, async () => {
      const { status, stderr } = await livetape(['backtest', ...own(command)]);
      assert.equal(status, 1, stderr);
      assert.match(stderr, pattern);
    });
  }

  test('a program that hangs is ended, with all that it has started', async () => {
    const pids = join(temporaryFolder(), 'pid');
    const command = `read -r line; echo "{}"; sleep 1000 & echo $! > ${pids}; wait`;
    const { status, stderr } = await livetape([
      ...['backtest', ...own(command, '--exec-timeout', '3')],
    ]);
    assert.equal(status, 1);
    assert.match(stderr, /gave no answer for 3000 ms/);
    const pid = Number(readFileSync(pids, 'utf8'));
    assert.ok(pid > 0);
    await until('its end', () => isGone(pid));
  });
});

describe('Ctrl-C', () => {
  /** Starts it; `ended` is its exit status. */
  function started(args) {
    const child = spawn(BINARY, ['backtest', ...args], {
      cwd: temporaryFolder(),
      env: cleanEnvironment({}),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const text = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr']) {
      child[name].setEncoding('utf8').on('data', (chunk) => (text[name] += chunk));
    }
    return { child, text, ended: new Promise((resolve) => child.on('close', resolve)) };
  }

  test('while a program has not answered: stops at once, with what there is', async () => {
    const folder = temporaryFolder();
    const flag = join(folder, 'asked');
    const command = `read -r line; echo "{}"; read -r line; echo "[]"; read -r line; touch ${flag}; read -r line`;
    const run = started([
      ...['--csv', `ABC=${priceFile([10, 10, 10, 10])}`, '--exec', command],
    ]);
    while (!existsSync(flag)) await new Promise(setImmediate);
    run.child.kill('SIGINT');
    assert.equal(await run.ended, 1);
    assert.match(run.text.stderr, /stopped after the bar of 2024-01-05/);
    assert.match(run.text.stdout, /ABC: 2 bars/);
  });

  test('in a sweep: the rows that are done', async () => {
    const list = (from, to) => Array.from({ length: to - from }, (_, i) => from + i).join(',');
    const file = walkFile(100000);
    const run = started([
      ...['--csv', `W=${file}`, '--timeframe', '1m', '--strategy', 'sma_cross'],
      ...['--param', `fast=${list(2, 90)}`, '--param', `slow=${list(100, 200)}`],
    ]);
    // Nothing is printed while it runs for less than five seconds: it has taken the signal over once
    // it reads the file, which it no longer has open when it runs.
    const fds = `/proc/${run.child.pid}/status`;
    const catches = () => /SigBlk:\s+0*400[23]/.test(readFileSync(fds, 'utf8'));
    while (!catches()) await new Promise(setImmediate);
    const before = Date.now();
    run.child.kill('SIGINT');
    assert.equal(await run.ended, 1);
    assert.match(run.text.stderr, /stopped/);
    assert.ok(Date.now() - before < 30000, 'it ran to its end');
  });
});
