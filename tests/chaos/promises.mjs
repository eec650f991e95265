// What livetape promises, as functions of what was published, what was answered and what was seen.
// Each throws a BrokenPromise that names the promise and what contradicts it.

export class BrokenPromise extends Error {
  constructor(promise, detail) {
    super(`${promise}: ${detail}`);
    Object.assign(this, { promise, detail });
  }
}

const ONCE = 'a record exists exactly once, in order';
const ACKNOWLEDGED = 'what was acknowledged exists, under its ids, in order';
const WHOLE = 'a request is taken as a whole or not at all';
const SEEN = 'a subscriber sees each record of its topics once, in order, or is told a gap';
const CONVERGED = 'state converges on every screen';
const HISTORY = 'the history of an account is its records';
const FOLLOWED = 'a WebSocket is told each fill of its account once, in order';
const JOBS = 'a job that was taken comes to one end, and its records tell how';
const RESULT = 'what a job leaves depends on its request alone';

/** The number of a record, of which ids are made. */
export const numberOf = (id) => Number(id.slice(id.lastIndexOf('-') + 1));

/** One batch: {items: [{n, topic}], ids: of its answer or undefined}. */
function checkBatch(name, batch, byNumber) {
  const kept = batch.items.filter(({ n }) => byNumber.has(n));
  const what = `${name}, items ${batch.items[0].n} to ${batch.items.at(-1).n}`;
  if (!batch.ids) {
    if (kept.length !== 0 && kept.length !== batch.items.length)
      throw new BrokenPromise(WHOLE, `${what}: ${kept.length} of ${batch.items.length} exist`);
    return;
  }
  batch.items.forEach(({ n, topic }, i) => {
    const record = byNumber.get(n);
    if (!record) throw new BrokenPromise(ACKNOWLEDGED, `${what}: ${n}, ${batch.ids[i]}, is lost`);
    if (record.id !== batch.ids[i] || record.topic !== topic)
      throw new BrokenPromise(
        ACKNOWLEDGED,
        `${what}: ${n} was acknowledged as ${batch.ids[i]} in ${topic}; ` +
          `it is ${record.id} in ${record.topic}`,
      );
  });
}

/**
 * What one publisher has sent, against its records in the log, `[{id, topic, n}]` in order. Batches
 * of a publisher were sent one after the other.
 */
export function checkPublished(name, batches, log) {
  const byNumber = new Map();
  let last = -1;
  for (const record of log) {
    if (byNumber.has(record.n))
      throw new BrokenPromise(
        ONCE,
        `${name}: ${record.n} is there as ${byNumber.get(record.n).id} and as ${record.id}`,
      );
    if (record.n < last)
      throw new BrokenPromise(ONCE, `${name}: ${record.n} (${record.id}) comes after ${last}`);
    last = record.n;
    byNumber.set(record.n, record);
  }
  for (const batch of batches) checkBatch(name, batch, byNumber);
  const sent = new Set(batches.flatMap(({ items }) => items.map(({ n }) => n)));
  for (const { n, id } of log)
    if (!sent.has(n)) throw new BrokenPromise(ONCE, `${name}: ${id} holds ${n}, which nobody sent`);
}

/** The numbers of the log grow, so that an id stands for one record. */
export function checkLog(log) {
  for (let i = 1; i < log.length; ++i)
    if (numberOf(log[i].id) <= numberOf(log[i - 1].id))
      throw new BrokenPromise(ONCE, `${log[i].id} comes after ${log[i - 1].id} in the log`);
}

/**
 * What a subscriber has seen since `from`, against the records of its topics in the log. `gaps`:
 * [{from, to}], numbers between which it was told that there is a hole.
 */
export function checkSeen(name, seen, log, { from = 0, gaps = [] } = {}) {
  const told = (number) => gaps.some((gap) => number > gap.from && number <= gap.to);
  const expected = log.filter(({ id }) => numberOf(id) > from && !told(numberOf(id)));
  for (let i = 0; i < Math.max(seen.length, expected.length); ++i) {
    if (seen[i]?.id === expected[i]?.id) continue;
    const before = i === 0 ? `its beginning at ${from}` : seen[i - 1].id;
    throw new BrokenPromise(
      SEEN,
      `${name}: after ${before} comes ${expected[i]?.id ?? 'nothing'}; ` +
        `it was sent ${seen[i]?.id ?? 'nothing'} (${i} of ${expected.length} were right)`,
    );
  }
}

/** The same while it reads, without the log: ids only grow. */
export function checkNext(name, last, id) {
  if (last !== undefined && numberOf(id) <= numberOf(last))
    throw new BrokenPromise(SEEN, `${name}: ${id} was sent after ${last}`);
}

/** A hole is told only for what retention has removed. */
export function checkGap(name, { reason, requested }, oldestKept) {
  if (reason !== 'expired' || numberOf(requested) >= oldestKept)
    throw new BrokenPromise(
      SEEN,
      `${name}: gap "${reason}" after ${requested}, but all records from ${oldestKept} are kept`,
    );
}

/** One difference between two maps of state, as text; undefined if they are equal. */
export function differenceOf(shown, expected) {
  for (const key of new Set([...shown.keys(), ...expected.keys()])) {
    const [left, right] = [shown.get(key), expected.get(key)].map((each) => JSON.stringify(each));
    if (left !== right) return `${key} is shown as ${left}; it is ${right}`;
  }
  return undefined;
}

export function checkScreen(name, shown, expected) {
  const difference = differenceOf(shown, expected);
  if (difference) throw new BrokenPromise(CONVERGED, `${name}: ${difference}`);
}

const FILL = ['execution_id', 'symbol', 'side', 'quantity', 'price'];
const fillText = (fill) => FILL.map((name) => `${name} ${fill[name]}`).join(', ');

/** Fills as the records told them, against fills as REST tells them, both in order. */
export function checkHistory(account, told, listed) {
  for (let i = 0; i < Math.max(told.length, listed.length); ++i) {
    const [record, row] = [told[i], listed[i]].map((fill) => (fill ? fillText(fill) : 'nothing'));
    if (record !== row)
      throw new BrokenPromise(HISTORY, `${account}: fill ${i} is ${record}; REST says ${row}`);
  }
}

/**
 * What one connection was told, {seen, from, over}, against the ids of the account's fills. `from` is the
 * number of the first fill that it must have been told, if that is known; `over` if it has ended.
 */
export function checkFollowed(name, { seen, from, over }, ids) {
  const first = from ?? (seen.length ? ids.indexOf(seen[0]) : ids.length);
  const expected = first < 0 ? [] : ids.slice(first, over ? first + seen.length : undefined);
  for (let i = 0; i < Math.max(seen.length, expected.length); ++i)
    if (seen[i] !== expected[i])
      throw new BrokenPromise(
        FOLLOWED,
        `${name}: after ${i} right ones it was told ${seen[i] ?? 'nothing'}; ` +
          `then comes ${expected[i] ?? 'nothing'}`,
      );
}

const NEXT = {
  nothing: ['queued'],
  queued: ['started', 'failed', 'cancelled'],
  started: ['running', 'completed', 'failed', 'cancelled'],
  running: ['running', 'completed', 'failed', 'cancelled'],
  completed: ['queued'],
  failed: ['queued'],
  cancelled: ['queued'],
};

/** The records of one job, [{status, progress}] in order, against what it is now. */
export function checkJob(id, records, { status }) {
  let [last, progress] = ['nothing', 0];
  for (const record of records) {
    if (!NEXT[last].includes(record.status))
      throw new BrokenPromise(JOBS, `${id}: "${record.status}" is told after "${last}"`);
    if (record.status === 'queued') progress = 0;
    if (record.progress < progress || (record.progress === 100) !== (record.status === 'completed'))
      throw new BrokenPromise(JOBS, `${id}: ${record.status}, ${record.progress} % after ${progress} %`);
    ({ status: last, progress } = record);
  }
  if (last !== status) throw new BrokenPromise(JOBS, `${id} is ${status}; its last record says "${last}"`);
}

/** Every job that was taken is there. */
export function checkTaken(name, ids, jobs) {
  for (const id of ids)
    if (!jobs.has(id)) throw new BrokenPromise(JOBS, `${name}: ${id} was taken and is lost`);
}

/** Two results of the same request. */
export function checkResult(what, result, earlier) {
  if (result !== earlier)
    throw new BrokenPromise(RESULT, `${what}: first ${earlier}, then ${result}`);
}

/**
 * The bars that are kept of a symbol, against the days that completed imports have brought; a bar is
 * its text, by its day. `barOf(day)` is what any import brings.
 */
export function checkBars(symbol, kept, brought, barOf) {
  for (const day of brought)
    if (!kept.has(day)) throw new BrokenPromise(RESULT, `${symbol}: the bar of day ${day} is lost`);
  for (const [day, bar] of kept)
    if (bar !== barOf(day))
      throw new BrokenPromise(RESULT, `${symbol}: day ${day} is ${bar}; imported was ${barOf(day)}`);
}

export function checkMemory(bytes, bound) {
  const [is, most] = [bytes, bound].map((each) => `${(each / 2 ** 20).toFixed(1)} MiB`);
  if (bytes > bound)
    throw new BrokenPromise('resident memory stays under its bound', `${is}, at most ${most}`);
}

export function checkLively(name, silentMs, deadlineMs) {
  if (silentMs > deadlineMs)
    throw new BrokenPromise(
      'no stream is stuck',
      `${name} was sent nothing for ${Math.round(silentMs)} ms, not even a heartbeat`,
    );
}
