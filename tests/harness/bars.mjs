// Bars for tests: files of them, and their way into a data folder.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { livetape } from './command.mjs';
import { temporaryFolder } from './folder.mjs';

const HEADER = 'date,open,high,low,close,volume';

/** A file of daily bars at these closes, from 4 January 2024; each opens at the close before. */
export function closesFile(closes, name = 'closes.csv') {
  const path = join(temporaryFolder(), name);
  const rows = closes.map((close, i) => {
    const day = new Date(Date.UTC(2024, 0, 4 + i)).toISOString().slice(0, 10);
    const open = closes[i - 1] ?? close;
    return [day, open, Math.max(open, close), Math.min(open, close), close, 100].join(',');
  });
  writeFileSync(path, [HEADER, ...rows, ''].join('\n'));
  return path;
}

/** A file of `count` minutes of a seeded walk. */
export function walkFile(count, name = 'walk.csv') {
  const path = join(temporaryFolder(), name);
  let state = 7;
  let price = 1000;
  const rows = [HEADER];
  for (let i = 0; i < count; i += 1) {
    state = (state * 1103515245 + 12345) % 2147483648;
    price = Math.max(100, price + (state % 21) - 10);
    const time = new Date(Date.UTC(2020, 0, 1) + i * 60000).toISOString();
    rows.push(`${time},${price},${price},${price},${price},1`);
  }
  writeFileSync(path, rows.join('\n'));
  return path;
}

/** Imports a file into a data folder that no server uses. */
export async function importBars(dataDir, file, symbol, timeframe = '1d') {
  const args = ['import', file, '--symbol', symbol, '--timeframe', timeframe];
  const { status, stderr } = await livetape([...args, '--data-dir', dataDir]);
  assert.equal(status, 0, stderr);
}
