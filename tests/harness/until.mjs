// Waiting for a condition with a deadline. Nothing in these tests waits for time to pass by itself.

import { setTimeout as pause } from 'node:timers/promises';

// Far beyond what a healthy server needs on a busy machine; only a failing test ever waits so long.
// A build with a sanitizer is slower by a factor: tools/tsan says by which.
export const SLOWER = Number(process.env.LIVETAPE_TEST_PATIENCE ?? 1);
export const PATIENCE_MS = 20_000 * SLOWER;

const told = (what) => (typeof what === 'function' ? what() : what);

/** Calls `probe` until it returns something truthy, and returns that. `what`: a text, or tells one. */
export async function until(what, probe, { within = PATIENCE_MS, every = 20 } = {}) {
  const deadline = performance.now() + within;
  for (;;) {
    const found = await probe();
    if (found) return found;
    if (performance.now() > deadline) throw new Error(`not within ${within} ms: ${told(what)}`);
    await pause(every);
  }
}

/** `promise`, or an error naming `what` after `within` ms. */
export async function inTime(what, promise, within = PATIENCE_MS) {
  const stop = new AbortController();
  const late = pause(within, undefined, { signal: stop.signal }).then(() => {
    throw new Error(`not within ${within} ms: ${what}`);
  });
  late.catch(() => {});
  try {
    return await Promise.race([promise, late]);
  } finally {
    stop.abort();
  }
}
