// A restart under subscribers that come back by their `retry:`, small; `make drain` shows when they come.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { restartUnder } from './drain/restart.mjs';

test('a restart spreads those who come back, and nobody misses a record', async () => {
  const { attempts, arrivals, told } = await restartUnder(300, 2);
  assert.equal(arrivals.total, 300);
  assert.ok(attempts.total >= 300);
  // From 500 ms to server.drain_s there are 15 buckets of 100 ms, with 20 each on average.
  assert.equal(told.total, 300);
  assert.ok(told.largest <= 60, `${told.largest} of 300 were told to come back within 100 ms`);
});
