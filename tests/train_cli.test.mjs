// livetape train: what it prints and writes, faults, and what becomes of its worker process.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { livetape } from './harness/command.mjs';
import { temporaryFolder } from './harness/folder.mjs';
import { childrenOf, isGone, SCHED_IDLE, schedulingOf } from './harness/processes.mjs';
import { BINARY, cleanEnvironment } from './harness/server.mjs';
import { until } from './harness/until.mjs';

const GOOG = fileURLToPath(
  new URL('../../shared/data/goog_daily_2004_2008_matplotlib.csv', import.meta.url),
);
const withGoog = existsSync(GOOG)
  ? {}
  : { skip: 'goog_daily_2004_2008_matplotlib.csv is not beside the checkout' };

const lines = (text) => text.split('\n').filter((line) => line !== '');
const roundsIn = (text) => lines(text).filter((line) => line.startsWith('round '));

/** Minute bars; after a rise comes a fall, most of the time: there is something to learn. */
function zigzagFile(count) {
  const path = join(temporaryFolder(), 'zigzag.csv');
  let state = 7;
  const next = (below) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * below);
  };
  let price = 10000;
  let up = true;
  const rows = ['time,open,high,low,close,volume'];
  for (let i = 0; i < count; i += 1) {
    if (next(8) !== 0) up = !up;
    price = Math.max(5000, price + (up ? 1 : -1) * (5 + next(20)));
    const time = new Date(Date.UTC(2020, 0, 1) + i * 60000).toISOString();
    rows.push(`${time},${price},${price},${price},${price},${100 + next(50)}`);
  }
  writeFileSync(path, rows.join('\n'));
  return path;
}

const zigzag = (count) => ['--csv', `ZIG=${zigzagFile(count)}`, '--timeframe', '1m'];

/** A training that takes minutes, once it has told of its first round. */
async function longTraining(t) {
  const folder = temporaryFolder();
  const child = spawn(
    BINARY,
    [
      ...['train', ...zigzag(60000), '--rounds', '1000', '--param', 'max_depth=10'],
      ...['--param', 'early_stopping_rounds=0', '--out', 'never.model'],
    ],
    { cwd: folder, env: cleanEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const run = { child, folder, stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => (run.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (run.stderr += text));
  run.ended = new Promise((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? signal));
  });
  t.after(() => child.kill('SIGKILL'));
  await until('its first round', () => roundsIn(run.stdout).length > 0);
  return run;
}

describe('a training', () => {
  test('prints its rounds, its figures and what the model looks at', withGoog, async () => {
    const { status, stdout, stderr } = await livetape(['train', '--csv', `GOOG=${GOOG}`]);
    assert.equal(status, 0, stderr);
    assert.match(
      lines(stdout)[0],
      /^1047 bars: 796 samples for training before 2007-12-28, 200 for validation from then on$/,
    );
    const rounds = roundsIn(stdout);
    assert.ok(rounds.length > 10 && rounds.length <= 100, stdout);
    rounds.forEach((line, i) =>
      assert.match(
        line,
        new RegExp(
          `^round +${i + 1}  loss 0\\.\\d+  accuracy 0\\.\\d+  val_loss 0\\.\\d+  val_accuracy 0\\.\\d+$`,
        ),
      ),
    );
    assert.match(stdout, new RegExp(`^rounds +${rounds.length} of 100, stopped early$`, 'm'));
    for (const name of ['return_1', 'sma_distance_50', 'rsi_14', 'volume_change']) {
      assert.match(stdout, new RegExp(`^  ${name} +0\\.\\d{4}$`, 'm'));
    }
  });

  test('learns what there is to learn, and the same each time', async () => {
    const args = ['train', ...zigzag(3000), '--rounds', '40', '--param', 'max_depth=4'];
    const folder = temporaryFolder();
    const outputs = [];
    for (const name of ['one', 'two']) {
      const { status, stdout, stderr } = await livetape([
        ...args,
        ...['--out', join(folder, `${name}.model`), '--json', join(folder, `${name}.json`)],
      ]);
      assert.equal(status, 0, stderr);
      outputs.push(stdout.replaceAll(`${name}.model`, 'the.model'));
    }
    assert.equal(outputs[0], outputs[1]);
    const [one, two] = ['one', 'two'].map((name) => readFileSync(join(folder, `${name}.model`)));
    assert.ok(one.equals(two), 'models differ');
    assert.equal(one.toString('latin1', 0, 15), 'livetape model\n');
    const facts = JSON.parse(readFileSync(join(folder, 'one.json'), 'utf8'));
    assert.ok(facts.best.val_accuracy > 0.8, JSON.stringify(facts.best));
    assert.equal(facts.importance[0].feature, 'return_1');
    assert.equal(facts.params.max_depth, 4);
    assert.equal(facts.params.seed, 1);
    assert.deepEqual(facts.symbols, ['ZIG']);
    assert.equal(facts.bars, 3000);
    const total = facts.importance.reduce((sum, { gain }) => sum + gain, 0);
    assert.ok(Math.abs(total - 1) < 1e-6, `${total}`);

    const other = await livetape([...args, '--param', 'seed=2', '--out', join(folder, 'o.model')]);
    assert.equal(other.status, 0, other.stderr);
    assert.ok(!readFileSync(join(folder, 'o.model')).equals(one), 'the seed changes nothing');
  });

  test('reads the bars of a data folder, of its range only', async () => {
    const data = join(temporaryFolder(), 'data');
    const imported = await livetape([
      ...['import', zigzagFile(2000), '--symbol', 'ZIG', '--timeframe', '1m', '--data-dir', data],
    ]);
    assert.equal(imported.status, 0, imported.stderr);
    const { status, stdout, stderr } = await livetape([
      ...['train', '--data-dir', data, '--symbols', 'ZIG', '--timeframe', '1m', '--rounds', '3'],
      ...['--from', '2020-01-01T01:00:00Z', '--to', '2020-01-01T20:59:00Z'],
    ]);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^1200 bars: /);
    assert.match(stdout, /^bars seen +2020-01-01T01:00:00Z to 2020-01-01T20:59:00Z$/m);
  });
});

describe('what is wrong is said', () => {
  const cases = [
    [['--param', 'depth=3'], 2, /params\.depth: direction has no parameter depth; its parameters: max_depth/],
    [['--param', 'max_depth=99'], 2, /max_depth must be a whole number from 1 to 10/],
    [['--param', 'max_depth'], 2, /'max_depth' is not name=value/],
    [['--param', 'seed=1', '--param', 'seed=2'], 2, /seed is given twice/],
    [['--rounds', '0'], 2, /rounds must be a whole number from 1 to 1000, not 0/],
    [['--model', 'oracle'], 2, /there is no model oracle; there is: direction/],
    [['--from', '2021-01-01', '--to', '2020-01-01'], 2, /from must not be after to/],
    [['--symbols', 'ABC'], 1, /there are no bars of ABC; there are those of: ZIG/],
    [['--from', '2031-01-01'], 1, /ZIG has no bars of 1m from 2031-01-01 to the end; it has 200 of 1m/],
    [['--to', '2020-01-01T01:20:00Z'], 1, /too few bars: 81 .* at least 50 and 10 are needed/],
    [['--out', '/dev/null/x.model'], 1, /\/dev\/null/],
  ];
  for (const [args, expected, message] of cases) {
    test(args.join(' '), async () => {
      const { status, stderr } = await livetape(['train', ...zigzag(200), ...args]);
      assert.equal(status, expected, stderr);
      assert.match(stderr, message);
      assert.equal(lines(stderr).length, 1, stderr);
    });
  }

  test('a timeframe that there is not', async () => {
    const { status, stderr } = await livetape(['train', '--csv', 'x.csv', '--timeframe', '2d']);
    assert.equal(status, 2);
    assert.match(stderr, /there is no timeframe 2d; there are: 1s, 1m/);
  });

  test('a data folder without bars', async () => {
    const { status, stderr } = await livetape(['train', '--symbols', 'A', '--data-dir', 'empty']);
    assert.equal(status, 1);
    assert.match(stderr, /no bars have been imported into this data folder yet/);
  });

  test('memory that does not suffice', async () => {
    const { status, stderr } = await livetape([
      ...['train', ...zigzag(100000), '--memory-mib', '16', '--param', 'max_depth=10'],
    ]);
    assert.equal(status, 1, stderr);
    assert.match(stderr, /out of memory: the training process may use 16 MiB/);
  });
});

describe('help', () => {
  test('tells of the command, not of its worker', async () => {
    const all = (await livetape(['--help'])).stdout;
    assert.match(all, /^ +train +Train a model/m);
    assert.doesNotMatch(all, /train-worker/);
    const { status, stdout } = await livetape(['train', '--help']);
    assert.equal(status, 0);
    for (const flag of ['--csv', '--symbols', '--rounds', '--param', '--out', '--data-dir']) {
      assert.ok(stdout.includes(flag), `${flag} in ${stdout}`);
    }
  });

  test('--list prints the parameters with their ranges', async () => {
    const { status, stdout } = await livetape(['train', '--list']);
    assert.equal(status, 0);
    for (const name of ['max_depth', 'learning_rate', 'early_stopping_rounds', 'seed']) {
      assert.match(stdout, new RegExp(`^  ${name} `, 'm'));
    }
  });
});

describe('the worker process', () => {
  test('is of lowest priority, with three open files, and its death is told', async (t) => {
    const run = await longTraining(t);
    const children = childrenOf(run.child.pid);
    assert.equal(children.length, 1);
    const worker = children[0];
    assert.deepEqual(schedulingOf(worker), { session: worker, nice: 19, policy: SCHED_IDLE });
    assert.match(readFileSync(`/proc/${worker}/limits`, 'utf8'), /Max data size +2147483648 /);
    const files = readdirSync(`/proc/${worker}/fd`).map((fd) => [
      fd,
      readlinkSync(`/proc/${worker}/fd/${fd}`),
    ]);
    assert.deepEqual(files.map(([fd]) => fd).sort(), ['0', '1', '2'], `${files}`);

    process.kill(worker, 'SIGKILL');
    assert.equal(await run.ended, 1);
    assert.match(run.stderr, /the training process ended with signal 9 \(Killed\) before it had a model/);
    assert.ok(!existsSync(join(run.folder, 'never.model')), 'a model is left');
  });

  test('is gone with SIGINT, at once', async (t) => {
    const run = await longTraining(t);
    const [worker] = childrenOf(run.child.pid);
    run.child.kill('SIGINT');
    assert.equal(await run.ended, 1);
    assert.match(run.stderr, /stopped; no model was made/);
    assert.ok(roundsIn(run.stdout).length < 1000, 'it ran to its end');
    assert.ok(!existsSync(`/proc/${worker}`), 'the worker is still there');
  });

  test('does not outlive a parent that is killed', async (t) => {
    const run = await longTraining(t);
    const [worker] = childrenOf(run.child.pid);
    run.child.kill('SIGKILL');
    await run.ended;
    await until('its end', () => isGone(worker));
  });

  test('that is given nonsense says so', async () => {
    const { status, stdout } = await livetape(['train-worker', '--memory-mib', '100']);
    assert.equal(status, 1);
    assert.match(stdout, /"error":"the samples end too early"/);
  });
});
