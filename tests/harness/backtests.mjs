// Bars of which backtests take no time and long, and servers that have them.

import { join } from 'node:path';

import { closesFile, importBars, walkFile } from './bars.mjs';
import { temporaryFolder } from './folder.mjs';
import { Jobs } from './jobs.mjs';
import { serve } from './server.mjs';
import { SLOWER } from './until.mjs';

export const QUIET = ['--source', 'none'];
const WALK = walkFile(20_000);
export const UP_AND_DOWN = closesFile(Array.from({ length: 60 }, (_, i) => 100 + (i % 20)));
export const MINUTE_SWEEP = {
  strategy: 'sma_cross',
  params: {
    fast: Array.from({ length: 100 }, (_, i) => i + 1),
    slow: Array.from({ length: 100 }, (_, i) => i + 101),
  },
  symbols: ['WALK'],
  timeframe: '1m',
};
export const SMALL_SWEEP = {
  ...MINUTE_SWEEP,
  params: { fast: MINUTE_SWEEP.params.fast.slice(0, 40), slow: MINUTE_SWEEP.params.slow.slice(0, 40) },
};
// Long enough to tell how far it is.
export const LONG_SWEEP = SLOWER > 1 ? SMALL_SWEEP : MINUTE_SWEEP;
export const SHORT = { strategy: 'buy_and_hold', symbols: ['UPS'] };

/** A folder with the bars of the walk and of UPS. */
export async function folderWithBars() {
  const dataDir = join(temporaryFolder(), 'data');
  await importBars(dataDir, WALK, 'WALK', '1m');
  await importBars(dataDir, UP_AND_DOWN, 'UPS');
  return dataDir;
}

/** A server that has them. */
export async function start(t, args = []) {
  const dataDir = await folderWithBars();
  const server = await serve(t, [...QUIET, ...args], { dataDir });
  return { server, jobs: new Jobs(server) };
}
