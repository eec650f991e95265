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
