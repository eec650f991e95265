// Bars for tests: files of them, their way into a data folder, and what of them is there.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { livetape, run } from './command.mjs';
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

const SERIES = `
import sqlite3, sys
store = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
query = "SELECT symbol, timeframe, bars FROM bar_series WHERE bars > 0 ORDER BY symbol, timeframe"
for row in store.execute(query): print(*row)
`;

/** What the store of a data folder has: ["GOOG 86400 1047"], timeframes in seconds. */
export async function storedSeries(dataDir) {
  const { status, stdout, stderr } = await run('python3', ['-c', SERIES, join(dataDir, 'store.db')]);
  assert.equal(status, 0, stderr);
  return stdout.split('\n').filter((line) => line !== '');
}

/** GET /api/v1/bars/{symbol}. */
export async function barsOf(server, symbol, query) {
  const response = await fetch(`${server.url}/api/v1/bars/${symbol}?${query}`);
  assert.equal(response.status, 200, await response.clone().text());
  return (await response.json()).bars;
}
