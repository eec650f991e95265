// Takes the pictures of the README anew: tests/run-pictures. A market of its own is recorded, replayed
// fast until now, and traded; then the page is photographed.

import assert from 'node:assert/strict';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Trader } from '../harness/alpaca.mjs';
import { launchChromium } from '../harness/chromium.mjs';
import { temporaryFolder } from '../harness/folder.mjs';
import { Server } from '../harness/server.mjs';
import { until } from '../harness/until.mjs';

const FOLDER = fileURLToPath(new URL('../../docs/images', import.meta.url));
const BYTES_MAX = 200_000;
const PATIENCE_MS = 60_000;
const HOURS = 6;
const STEP_S = 10;
const SPEED = 150;
// Long enough that prices still come while pictures are taken.
const AHEAD_S = 120 * SPEED;

const MARKET = {
  AAPL: 187.3, AMD: 121.6, AMZN: 146.9, BAC: 29.4, BTC: 64210, COST: 582.1, CRM: 224.7, DIS: 94.2,
  ETH: 3168, GOOGL: 141.8, INTC: 43.8, JPM: 152.9, KO: 58.6, META: 336.4, MSFT: 377.9, NFLX: 477.2,
  NVDA: 492.8, ORCL: 116.3, PEP: 167.8, QCOM: 127.4, SPY: 455.1, TSLA: 248.4, UBER: 55.7, XOM: 104.6,
};

/** Numbers from -1 to 1, the same in every run. */
function walker(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

function recordMarket(now) {
  const random = walker(2026);
  const begin = now - HOURS * 3_600_000;
  const steps = (HOURS * 3600 + AHEAD_S) / STEP_S;
  const prices = { ...MARKET };
  const drifts = Object.fromEntries(Object.keys(MARKET).map((name) => [name, 0]));
  const rows = ['time,symbol,price,size,bid,ask,bid_size,ask_size'];
  for (let step = 0; step < steps; step += 1) {
    const time = new Date(begin + step * STEP_S * 1000).toISOString();
    for (const symbol of Object.keys(MARKET)) {
      // A walk whose slope wanders too, so that there are trends to trade.
      drifts[symbol] = drifts[symbol] * 0.995 + random() * 4e-6;
      prices[symbol] *= 1 + drifts[symbol] + random() * 3e-4;
      const price = Number(prices[symbol].toFixed(2));
      const half = Math.max(0.01, Math.round(price) / 1e4);
      const size = Math.round(20 + random() * random() * 400 + 40 * Math.abs(random()));
      const [bid, ask] = [price - half, price + half].map((each) => each.toFixed(2));
      const depth = [random(), random()].map((each) => Math.round(60 + 50 * each));
      rows.push([time, symbol, price, Math.max(1, size), bid, ask, ...depth].join(','));
    }
  }
  const file = join(temporaryFolder(), 'market.csv');
  writeFileSync(file, `${rows.join('\n')}\n`);
  return file;
}

async function open(browser, server, { route, theme }) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const remembered = { theme, zone: 'utc', 'ticket-symbol': 'AAPL' };
  await context.addInitScript((values) => {
    for (const [key, value] of Object.entries(values)) {
      localStorage.setItem(`livetape.${key}`, JSON.stringify(value));
    }
  }, remembered);
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(`${server.url}/#/${route}`);
  await page.locator('[data-state=live]').first().waitFor();
  return page;
}

async function photograph(page, name) {
  const path = join(FOLDER, name);
  await page.screenshot({ path, animations: 'disabled' });
  const { size } = statSync(path);
  assert.ok(size < BYTES_MAX, `${path} has ${size} bytes, more than ${BYTES_MAX}`);
  console.log(`${path}: ${size} bytes`);
}

const lastTime = async (trader) => {
  const { quotes } = (await trader.call('GET', '/api/v1/quotes?symbols=AAPL')).json();
  return Date.parse(quotes[0]?.time ?? 0);
};

/** What is traded, and how many minutes before now. */
const TRADES = [
  [330, 'buy', 60, 'NVDA'],
  [330, 'buy', 200, 'JPM'],
  [270, 'sell', 160, 'TSLA'],
  [240, 'buy', 120, 'AAPL'],
  [210, 'sell', 200, 'JPM'],
  [150, 'buy', 160, 'TSLA'],
  [120, 'sell', 60, 'AAPL'],
  [90, 'sell', 180, 'NFLX'],
  [60, 'buy', 300, 'XOM'],
  [45, 'sell', 25, 'NVDA'],
];

/** Orders that are still open when the pictures are taken. */
const OPEN = [
  { symbol: 'AAPL', side: 'buy', qty: '40', type: 'limit', limit_price: '180' },
  { symbol: 'AAPL', side: 'sell', qty: '60', type: 'limit', limit_price: '192' },
  { symbol: 'NVDA', side: 'sell', qty: '35', type: 'stop', stop_price: '455' },
];

async function trade(trader, now) {
  const rules = { time_in_force: 'gtc' };
  for (const [minutes, side, qty, symbol] of TRADES) {
    await reaches(now - minutes * 60_000);
    const order = { ...rules, symbol, side, qty: String(qty), type: 'market' };
    await trader.settled((await trader.place(order)).id, { status: 'filled' });
  }
  for (const order of OPEN) await trader.place({ ...rules, ...order });
}

mkdirSync(FOLDER, { recursive: true });
const browser = await launchChromium();
const now = Date.now() + 60_000;
const source = `replay:${recordMarket(now)},speed=${SPEED}`;
const server = await Server.start(['--source', source, '--set', 'paper.strategy=none']);
const trader = new Trader(server, 'paper');
const reaches = (time) =>
  until(
    `prices of ${new Date(time).toISOString()}`,
    async () => (await lastTime(trader)) > time,
    { within: 10 * PATIENCE_MS, every: 500 },
  );

const market = await open(browser, server, { route: 'market/AAPL', theme: 'dark' });
const trading = await open(browser, server, { route: 'trading', theme: 'light' });
await trade(trader, now);
await trading.getByLabel('Quantity', { exact: true }).fill('25');
await market.getByRole('radio', { name: '5m', exact: true }).check({ force: true });
await reaches(now);
await market.getByText(/ {2}O [\d,.]+ {2}H /).waitFor();
await photograph(market, 'market.png');
await trading.getByRole('row').filter({ hasText: 'XOM' }).first().waitFor();
await photograph(trading, 'trading.png');
await browser.close();
await server.stop();
