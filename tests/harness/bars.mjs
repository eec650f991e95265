// The bars of a server, and of a store on which none runs.

import assert from 'node:assert/strict';
import { join } from 'node:path';

import { run } from './command.mjs';

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
