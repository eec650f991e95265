// The bot of docs/alpaca.md, as it is: only the addresses in its environment say that it trades
// here.

import assert from 'node:assert/strict';
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Listing, Trader } from './harness/alpaca.mjs';
import { publish } from './harness/api.mjs';
import { assertBooks } from './harness/ledger.mjs';
import { temporaryFolder } from './harness/folder.mjs';
import { restart, serve } from './harness/server.mjs';
import { until } from './harness/until.mjs';
import { EXAMPLES, NODE_MODULES } from './examples/project.mjs';
import { Program } from './examples/program.mjs';

const QUIET = ['--source', 'none', '--set', 'server.drain_s=0.5'];
const MINUTE_MS = 60_000;

/** A folder with the bot and the package that it names. */
function install() {
  const folder = temporaryFolder();
  cpSync(join(EXAMPLES, 'alpaca'), folder, { recursive: true });
  mkdirSync(join(folder, 'node_modules/@alpacahq'), { recursive: true });
  const to = join(folder, 'node_modules/@alpacahq/alpaca-trade-api');
  symlinkSync(join(NODE_MODULES, 'alpaca-v3'), to);
  return join(folder, 'trend_bot.mjs');
}

const minutesBefore = (minutes) => new Date(Date.now() - minutes * MINUTE_MS).toISOString();

/** A price for each of `count` minutes up to `minutesAgo`, from `from` on by `step`, at once. */
async function tellMinutes(share, { minutesAgo, count, from, step }) {
  const items = Array.from({ length: count }, (_, i) => ({
    topic: `market/${share.symbol}`,
    data: {
      price: from + i * step,
      size: 1,
      time: minutesBefore(minutesAgo + count - 1 - i),
      asset_class: 'us_equity',
    },
  }));
  await publish(share.server, items);
}

test('the bot buys what rises and sells what falls, over a crash of the server', async (t) => {
  const first = await serve(t, QUIET);
  const share = new Listing(first);
  const trader = new Trader(first, 'bot');
  await tellMinutes(share, { minutesAgo: 40, count: 8, from: 100, step: 1 });
  const bot = new Program(t, process.execPath, [install()], {
    APCA_API_BASE_URL: first.url,
    APCA_DATA_BASE_URL: first.url,
    APCA_API_KEY_ID: 'bot',
    APCA_API_SECRET_KEY: 'any',
    SYMBOL: share.symbol,
    SHARES: '10',
    SHORT: '2',
    LONG: '5',
    EVERY_S: '0.1',
  });
  await bot.until('it to buy', () => bot.lines.includes(`buy 10 ${share.symbol} at 107, now 10`));
  assert.ok(bot.lines.includes('account bot, equity 100000'));

  const second = await restart(t, first, { kill: true });
  share.server = trader.server = second;
  await share.tell({ bid: 107, ask: 107, time: minutesBefore(30) });
  // Its stream comes back by itself: it is there when it hears of an order of somebody else.
  const heard = bot.lines.length;
  await until('its stream', async () => {
    const other = await trader.place({ symbol: share.symbol, type: 'limit', limit_price: '1' });
    await trader.ok('DELETE', `/v2/orders/${other.id}`, undefined, 204);
    return bot.lines.slice(heard).includes('canceled buy');
  });
  await tellMinutes(share, { minutesAgo: 2, count: 8, from: 106, step: -1 });
  await bot.until('it to sell', () => bot.lines.includes(`sell 10 ${share.symbol} at 99, now 0`));
  assert.deepEqual(await trader.get('/v2/positions'), []);
  const { trades } = await assertBooks(trader, '100000');
  assert.deepEqual(
    trades.map(({ side, quantity, price }) => [side, quantity, price]),
    [
      ['buy', '10', '107'],
      ['sell', '10', '99'],
    ],
  );
  assert.equal(await bot.stop(), 0);
});
