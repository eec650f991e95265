// The embedded page in a real browser.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { launchChromium } from './harness/chromium.mjs';
import { Server, serve } from './harness/server.mjs';
import { PATIENCE_MS, until } from './harness/until.mjs';

const SYMBOLS = ['AAPL', 'TSLA', 'GOOGL', 'BTC', 'ETH'];
const SCREENSHOTS = process.env.LIVETAPE_SCREENSHOTS; // a folder, to look at the page

let browser;
before(async () => (browser = await launchChromium()));
after(() => browser?.close());

/** Opens `/`; `page.complaints` gathers what the browser's console would show in red. */
async function openPage(t, server, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, ...options });
  t.after(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.complaints = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) page.complaints.push(message.text());
  });
  page.on('pageerror', (error) => page.complaints.push(String(error)));
  page.on('requestfailed', (request) =>
    page.complaints.push(`${request.url()}: ${request.failure()?.errorText}`),
  );
  await page.goto(server.url);
  return page;
}

const rows = (page) => page.locator('table tbody tr').allInnerTexts();
const shown = (page) => page.evaluate(() => document.body.innerText);

async function waitForRows(page) {
  return until('a row with a price per symbol', async () => {
    const found = await rows(page);
    return found.length === SYMBOLS.length && found.every((row) => /\d+\.\d/.test(row)) && found;
  });
}

async function waitForState(page, state) {
  await until(`the page says ${state}`, async () => state.test(await shown(page)));
}

async function photograph(page, name) {
  if (SCREENSHOTS)
    await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
}

describe('the page', () => {
  test('shows a row per symbol whose price moves, and nothing in the console', async (t) => {
    const server = await serve(t, []);
    const page = await openPage(t, server);
    const first = await waitForRows(page);
    for (const symbol of SYMBOLS) {
      assert.equal(
        first.filter((row) => new RegExp(`\\b${symbol}\\b`).test(row)).length,
        1,
        symbol,
      );
    }
    await until('every row has changed', async () =>
      (await rows(page)).every((row, i) => row !== first[i]),
    );
    await waitForState(page, /\blive\b/i);
    assert.ok((await page.title()).length > 0);
    assert.deepEqual(page.complaints, []);
  });

  test('fits both colour schemes, wide and at 390 pixels', async (t) => {
    const server = await serve(t, []);
    const backgrounds = {};
    for (const colorScheme of ['light', 'dark']) {
      for (const width of [1200, 390]) {
        const page = await openPage(t, server, { colorScheme, viewport: { width, height: 800 } });
        await waitForRows(page);
        await photograph(page, `${colorScheme}-${width}`);
        const seen = await page.evaluate(() => {
          const style = getComputedStyle(document.body);
          return {
            overflow: document.documentElement.scrollWidth - innerWidth,
            background: style.backgroundColor,
            color: style.color,
          };
        });
        assert.ok(seen.overflow <= 0, `${seen.overflow} pixels too wide at ${width}`);
        assert.notEqual(seen.background, seen.color);
        backgrounds[colorScheme] = seen.background;
        for (const symbol of SYMBOLS) {
          await page.getByText(symbol, { exact: true }).first().waitFor({ state: 'visible' });
        }
        assert.deepEqual(page.complaints, []);
      }
    }
    assert.notEqual(backgrounds.light, backgrounds.dark);
  });

  test('says that it reconnects when the server is gone, then is live again', async (t) => {
    const args = ['--set', 'server.drain_s=1', '--set', 'sse.retry_ms=100,200'];
    const first = await Server.start(args);
    const page = await openPage(t, first);
    await waitForRows(page);
    await waitForState(page, /\blive\b/i);
    assert.doesNotMatch(await shown(page), /reconnecting/i);
    await first.stop();
    await waitForState(page, /reconnecting/i);
    await photograph(page, 'reconnecting');

    await serve(t, args, { port: first.port });
    await until('the page is live again', async () => {
      const text = await shown(page);
      return /\blive\b/i.test(text) && !/reconnecting/i.test(text);
    });
    const before = await waitForRows(page);
    await until('prices move again', async () =>
      (await rows(page)).some((row, i) => row !== before[i]),
    );
  });
});
