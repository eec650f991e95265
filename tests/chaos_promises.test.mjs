// The checkers of the chaos driver: each planted fault is caught, and what is right passes.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { parseOptions, replayCommand } from './chaos/options.mjs';
import {
  BrokenPromise,
  checkBars,
  checkFollowed,
  checkGap,
  checkHistory,
  checkJob,
  checkLively,
  checkLog,
  checkMemory,
  checkNext,
  checkPublished,
  checkResult,
  checkScreen,
  checkSeen,
  checkTaken,
} from './chaos/promises.mjs';
import { within } from './chaos/subscribers.mjs';
import { assertBooks } from './harness/ledger.mjs';
import { randomOf } from './harness/random.mjs';

const id = (number) => `3f9c21d8-${number}`;
const record = (number, n, topic = 'chaos/p') => ({ id: id(number), topic, n });
const log = () => [1, 2, 3, 4, 5, 6].map((n) => record(n + 10, n));
const batch = (ns, first) => ({
  items: ns.map((n) => ({ n, topic: 'chaos/p' })),
  ids: first && ns.map((_, i) => id(first + i)),
});
const sent = () => [batch([1, 2], 11), batch([3], 13), batch([4, 5, 6], 14)];

const holds = (check) => assert.doesNotThrow(check);
const breaks = (check, words) =>
  assert.throws(check, (error) => {
    assert.ok(error instanceof BrokenPromise, String(error.stack));
    assert.match(error.message, words);
    return true;
  });

describe('what a publisher was told, against the log', () => {
  test('all is as acknowledged', () => holds(() => checkPublished('p', sent(), log())));

  test('a lost record', () => {
    const lossy = log().filter(({ n }) => n !== 3);
    breaks(() => checkPublished('p', sent(), lossy), /acknowledged.*3, 3f9c21d8-13, is lost/);
  });

  test('a doubled record', () => {
    const doubled = [...log(), record(17, 5)];
    breaks(() => checkPublished('p', sent(), doubled), /exactly once.*5 is there as .*15 and as .*17/);
  });

  test('records in another order', () => {
    const records = log();
    const disordered = [records[0], records[2], records[1], ...records.slice(3)];
    breaks(() => checkPublished('p', sent(), disordered), /in order.*2 .* comes after 3/);
    breaks(() => checkLog(disordered), /in order/);
  });

  test('a record under another id, or in another topic', () => {
    const moved = log().map((each) => (each.n === 6 ? { ...each, id: id(99) } : each));
    breaks(() => checkPublished('p', sent(), moved), /6 was acknowledged as .*16/);
    const strayed = log().map((each) => (each.n === 6 ? { ...each, topic: 'chaos/q' } : each));
    breaks(() => checkPublished('p', sent(), strayed), /it is .* in chaos\/q/);
  });

  test('without an answer: all or nothing', () => {
    const unsure = [batch([1, 2], 11), batch([3], 13), batch([4, 5, 6])];
    holds(() => checkPublished('p', unsure, log()));
    holds(() => checkPublished('p', unsure, log().slice(0, 3)));
    breaks(() => checkPublished('p', unsure, log().slice(0, 5)), /as a whole.*2 of 3/);
  });

  test('a record that nobody sent', () =>
    breaks(() => checkPublished('p', sent(), [...log(), record(17, 7)]), /7, which nobody sent/));
});

describe('what a subscriber saw, against the log', () => {
  test('all of it, from where it began', () => {
    holds(() => checkSeen('s', log(), log()));
    holds(() => checkSeen('s', log().slice(2), log(), { from: 12 }));
  });

  test('a missing record, in the middle and at the end', () => {
    const missing = log().filter(({ n }) => n !== 4);
    breaks(() => checkSeen('s', missing, log()), /after .*13 comes .*14; it was sent .*15/);
    breaks(() => checkSeen('s', log().slice(0, 5), log()), /comes .*16; it was sent nothing/);
  });

  test('a record twice, in another order, or that is not its own', () => {
    const records = log();
    breaks(() => checkSeen('s', [records[0], ...records], log()), /sees each record/);
    breaks(() => checkSeen('s', [records[1], records[0], ...records.slice(2)], log()), /sees each/);
    breaks(() => checkSeen('s', [...records, record(17, 1)], log()), /comes nothing; it was sent .*17/);
    breaks(() => checkNext('s', id(12), id(12)), /was sent after/);
    breaks(() => checkNext('s', id(12), id(11)), /was sent after/);
    holds(() => checkNext('s', undefined, id(1)));
    holds(() => checkNext('s', id(9), id(10)));
  });

  test('a hole is right where it was told, and only there', () => {
    const holed = log().filter(({ n }) => n < 2 || n > 4);
    holds(() => checkSeen('s', holed, log(), { gaps: [{ from: 11, to: 14 }] }));
    breaks(() => checkSeen('s', holed, log(), { gaps: [{ from: 11, to: 13 }] }), /comes .*14/);
  });

  test('a gap over records that are kept', () => {
    holds(() => checkGap('s', { reason: 'expired', requested: id(5) }, 10));
    breaks(() => checkGap('s', { reason: 'expired', requested: id(15) }, 10), /from 10 are kept/);
    breaks(() => checkGap('s', { reason: 'future', requested: id(5) }, 10), /gap "future"/);
  });
});

describe('screens, memory, silence', () => {
  const values = () => new Map([['state/a/k', 1], ['state/b/k', 2]]);

  test('a screen that shows an old value, a deleted key, or lacks one', () => {
    holds(() => checkScreen('s', values(), values()));
    breaks(() => checkScreen('s', values().set('state/a/k', 0), values()), /shown as 0; it is 1/);
    breaks(() => checkScreen('s', values().set('state/c/k', 0), values()), /shown as 0; it is undef/);
    breaks(() => checkScreen('s', new Map([['state/a/k', 1]]), values()), /as undefined; it is 2/);
  });

  test('too much memory, and a stream on which nothing comes', () => {
    holds(() => checkMemory(10, 10));
    breaks(() => checkMemory(11, 10), /resident memory/);
    holds(() => checkLively('s', 10, 10));
    breaks(() => checkLively('s', 11, 10), /no stream is stuck/);
  });
});

describe('money', () => {
  const fill = { symbol: 'AAA', side: 'buy', quantity: 2, price: 100.05, fee: 0.2001 };
  const position = { symbol: 'AAA', quantity: 2, avg_price: 100.05, price: 100.025 };
  const books = () => ({
    trades: [{ id: 'f', order_id: 'o', ...fill, realized_pnl: -0.2001 }],
    total: 1,
    orders: [{ id: 'o', status: 'filled', qty: '2', filled_qty: '2', filled_avg_price: '100.05', notional: null }],
    status: {
      ...{ balance: 99799.6999, realized_pnl: -0.2001, trades_executed: 1 },
      positions: [{ ...position, market_value: 200.05, unrealized_pnl: -0.05 }],
      ...{ equity: 99999.7499, unrealized_pnl: -0.05 },
    },
  });
  /** A server that says what these books say. */
  const traderOf = ({ trades, total, status, orders }) => ({
    account: 'a',
    async read(path) {
      const body = path.includes('/trades') ? { trades, total } : status;
      return { status: 200, text: JSON.stringify(body) };
    },
    get: async () => orders,
  });

  test('books that agree', async () => {
    await assertBooks(traderOf(books()), 100_000);
  });

  for (const [what, spoil] of Object.entries({
    'cash by a cent': ({ status }) => (status.balance += 0.01),
    'equity by a cent': ({ status }) => (status.equity = 99999.7399),
    'a position by one share': ({ status }) => (status.positions[0].quantity = 3),
    'profit by a cent': ({ trades }) => (trades[0].realized_pnl = -0.2101),
    'a fill twice': (all) => all.trades.push({ ...all.trades[0] }) && (all.total = 2),
    'a fill of no order': ({ orders }) => orders.pop(),
  })) {
    test(`off: ${what}`, async () => {
      const wrong = books();
      spoil(wrong);
      await assert.rejects(assertBooks(traderOf(wrong), 100_000), { code: 'ERR_ASSERTION' });
    });
  }

  test('history that differs from the records', () => {
    const told = (price) => [{ execution_id: 'f', symbol: 'A', side: 'buy', quantity: '1', price }];
    holds(() => checkHistory('a', told('100.05'), told('100.05')));
    breaks(() => checkHistory('a', told('100.05'), told('100.06')), /fill 0 is .*100.05; REST says/);
    breaks(() => checkHistory('a', told('100.05'), []), /REST says nothing/);
    breaks(() => checkHistory('a', [], told('100.05')), /is nothing; REST says/);
  });
});

describe('what a bot was told on a WebSocket, against the fills', () => {
  const ids = ['a', 'b', 'c', 'd'];
  const told = (seen, { from, over = false } = {}) => checkFollowed('bot', { seen, from, over }, ids);

  test('a stretch of them; to the last while it is open', () => {
    holds(() => told(ids));
    holds(() => told(['c', 'd']));
    holds(() => told([]));
    holds(() => told(['b', 'c'], { over: true }));
    holds(() => told(['c', 'd'], { from: 2 }));
    holds(() => told([], { from: 4 }));
  });

  test('one that is missing, comes twice or too early, or is not its own', () => {
    breaks(() => told(['a', 'c', 'd']), /after 1 right ones it was told c; then comes b/);
    breaks(() => told(['b', 'c']), /told nothing; then comes d/);
    breaks(() => told(['d'], { from: 2 }), /told d; then comes c/);
    breaks(() => told([], { from: 3 }), /told nothing; then comes d/);
    breaks(() => told(['c', 'c', 'd']), /told c; then comes d/);
    breaks(() => told(['b', 'd'], { over: true }), /told d; then comes c/);
    breaks(() => told(['x'], { over: true }), /told x; then comes nothing/);
  });
});

describe('jobs', () => {
  const steps = (...list) => list.map(([status, progress]) => ({ status, progress }));
  const begun = [['queued', 0], ['started', 0], ['running', 30], ['running', 30]];
  const done = ['completed', 100];

  test('their records tell how they came to their end', () => {
    holds(() => checkJob('j', steps(...begun, done), { status: 'completed' }));
    holds(() => checkJob('j', steps(...begun, ['failed', 30]), { status: 'failed' }));
    holds(() => checkJob('j', steps(['queued', 0], ['cancelled', 0]), { status: 'cancelled' }));
    holds(() => checkJob('j', steps(...begun, done, ...begun, done), { status: 'completed' }));
  });

  test('an end that is not told, told twice, or another one', () => {
    breaks(() => checkJob('j', steps(...begun), { status: 'failed' }), /is failed; .* says "running"/);
    breaks(() => checkJob('j', [], { status: 'queued' }), /is queued; .* says "nothing"/);
    breaks(() => checkJob('j', steps(...begun, done, done), { status: 'completed' }), /after "comp/);
    breaks(() => checkJob('j', steps(...begun, done), { status: 'cancelled' }), /is cancelled; .* "comp/);
  });

  test('records in a wrong order, and progress that goes back or is no progress', () => {
    breaks(() => checkJob('j', steps(['started', 0], done), { status: 'completed' }), /after "nothing"/);
    breaks(() => checkJob('j', steps(...begun, ['started', 30]), {}), /"started" is told after "running"/);
    breaks(() => checkJob('j', steps(...begun, ['running', 29]), {}), /running, 29 % after 30 %/);
    breaks(() => checkJob('j', steps(...begun, ['running', 100]), {}), /running, 100 % after 30 %/);
    breaks(() => checkJob('j', steps(...begun, ['completed', 99]), {}), /completed, 99 %/);
  });

  test('one that was taken and is lost', () => {
    const jobs = new Map([['a', {}]]);
    holds(() => checkTaken('c', ['a'], jobs));
    breaks(() => checkTaken('c', ['a', 'b'], jobs), /c: b was taken and is lost/);
  });

  test('another result of the same request, bars that are lost or not what was imported', () => {
    holds(() => checkResult('x', '{"a":1}', '{"a":1}'));
    breaks(() => checkResult('x', '{"a":2}', '{"a":1}'), /request alone: x: first .*1.*, then .*2/);
    const barOf = (day) => `bar ${day}`;
    const kept = new Map([[1, 'bar 1'], [2, 'bar 2']]);
    holds(() => checkBars('S', kept, [1], barOf));
    breaks(() => checkBars('S', kept, [1, 3], barOf), /S: the bar of day 3 is lost/);
    breaks(() => checkBars('S', kept.set(2, 'bar 1'), [1], barOf), /S: day 2 is bar 1; imported was bar 2/);
  });
});

describe('the driver itself', () => {
  test('which topics lie within a pattern', () => {
    for (const [pattern, topic] of [['a/*', 'a/b'], ['a/**', 'a/b/c'], ['a/*/c', 'a/b/c'], ['a', 'a']])
      assert.ok(within(pattern, topic), `${topic} in ${pattern}`);
    for (const [pattern, topic] of [['a/*', 'a'], ['a/*', 'a/b/c'], ['a/**', 'a'], ['a/*/c', 'a/b/d']])
      assert.ok(!within(pattern, topic), `${topic} not in ${pattern}`);
  });

  test('a name and a seed make the same choices; another name makes others', () => {
    const choices = (seed, name) => {
      const chance = randomOf(seed, name);
      return Array.from({ length: 20 }, () => chance.weighted({ a: 1, b: 2, c: 3 })).join('');
    };
    assert.equal(choices(7, 'faults'), choices(7, 'faults'));
    assert.notEqual(choices(7, 'faults'), choices(7, 'rounds'));
    assert.notEqual(choices(7, 'faults'), choices(8, 'faults'));
    assert.match(choices(7, 'faults'), /^[abc]{20}$/);
  });

  test('the replay command brings back the options', () => {
    const options = parseOptions(['--seconds', '60', '--seed', '5', '--without', 'disk,clock']);
    const [, args] = /ARGS="(.*)"/.exec(replayCommand(options));
    assert.deepEqual(parseOptions(args.split(' ')), options);
    assert.throws(() => parseOptions(['--seconds', 'long']), /--seconds takes a whole number/);
    assert.throws(() => parseOptions(['--without', 'rain']), /rain is no fault/);
    assert.throws(() => parseOptions(['--nonsense']), /nonsense/);
  });
});
