// What the Market page costs a browser while 200 symbols tick 2,000 times a second:
//
//   node bench/page/market_page.mjs [--seconds 120] [--symbols 200] [--rate 10] [--json]
//
// A server and a Chromium of its own, on this machine. Printed: when the first price was painted, the
// main thread's CPU time per second, frames that were missed, and how the heap has grown, measured
// after a collection at both ends. Needs `make build` and tests/node_modules.

import { parseArgs } from 'node:util';

import { launchChromium } from '../../tests/harness/chromium.mjs';
import { Server } from '../../tests/harness/server.mjs';

const WARM_UP_S = 10;
const PATIENCE_MS = 30_000;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '120' },
    symbols: { type: 'string', default: '200' },
    rate: { type: 'string', default: '10' },
    json: { type: 'boolean', default: false },
  },
});
const [seconds, symbols, rate] = [values.seconds, values.symbols, values.rate].map(Number);

/** Runs in the page before its own script: the first price, and frames that came too late. */
function watchPage() {
  const FRAME_MS = 1000 / 60;
  const seen = { firstPriceMs: null, frames: 0, missed: 0, longestMs: 0 };
  globalThis.benchSeen = seen;
  let before = null;
  const frame = (now) => {
    if (seen.firstPriceMs === null) {
      const cells = document.querySelectorAll('[data-cell="price"]');
      if ([...cells].some((cell) => /\d/.test(cell.textContent))) seen.firstPriceMs = now;
    }
    if (before !== null) {
      const late = Math.round((now - before) / FRAME_MS) - 1;
      seen.frames += 1 + Math.max(0, late);
      seen.missed += Math.max(0, late);
      seen.longestMs = Math.max(seen.longestMs, now - before);
    }
    before = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

const pause = (s) => new Promise((done) => setTimeout(done, s * 1000));

async function figures(devtools) {
  await devtools.send('HeapProfiler.collectGarbage');
  const { metrics } = await devtools.send('Performance.getMetrics');
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}

async function measure(page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  await devtools.send('HeapProfiler.enable');
  await pause(WARM_UP_S);
  const before = await figures(devtools);
  await page.evaluate(() => {
    Object.assign(globalThis.benchSeen, { frames: 0, missed: 0, longestMs: 0 });
  });
  await pause(seconds);
  const seen = await page.evaluate(() => globalThis.benchSeen);
  const after = await figures(devtools);
  return { before, after, seen };
}

/** What was measured, in plain numbers: ms of the main thread are per second of time. */
function summary({ before, after, seen }) {
  const length = after.Timestamp - before.Timestamp;
  const perSecond = (name) => ((after[name] - before[name]) / length) * 1000;
  return {
    seconds: length,
    first_price_ms: seen.firstPriceMs,
    task_ms: perSecond('TaskDuration'),
    script_ms: perSecond('ScriptDuration'),
    style_ms: perSecond('RecalcStyleDuration'),
    layout_ms: perSecond('LayoutDuration'),
    frames: seen.frames,
    missed_percent: (seen.missed / seen.frames) * 100,
    longest_frame_ms: seen.longestMs,
    heap_mib: after.JSHeapUsedSize / 2 ** 20,
    heap_growth_mib: (after.JSHeapUsedSize - before.JSHeapUsedSize) / 2 ** 20,
    nodes: after.Nodes,
    nodes_growth: after.Nodes - before.Nodes,
  };
}

function print(figures) {
  const rows = [
    ['first price painted', `${figures.first_price_ms.toFixed(0)} ms after the navigation`],
    ['main thread, tasks', `${figures.task_ms.toFixed(0)} ms/s`],
    ['  script', `${figures.script_ms.toFixed(0)} ms/s`],
    ['  style', `${figures.style_ms.toFixed(0)} ms/s`],
    ['  layout', `${figures.layout_ms.toFixed(0)} ms/s`],
    ['frames missed', `${figures.missed_percent.toFixed(2)} % of ${figures.frames}`],
    ['longest frame', `${figures.longest_frame_ms.toFixed(0)} ms`],
    ['heap', `${figures.heap_mib.toFixed(2)} MiB, grown by ${figures.heap_growth_mib.toFixed(2)} MiB`],
    ['elements', `${figures.nodes} nodes, grown by ${figures.nodes_growth}`],
  ];
  console.log(`${symbols} symbols, ${symbols * rate} updates/s, ${figures.seconds.toFixed(0)} s`);
  for (const [name, value] of rows) console.log(`${name.padEnd(22)}${value}`);
}

const names = Array.from({ length: symbols }, (_, i) => `S${String(i).padStart(3, '0')}`);
const server = await Server.start([
  ...['--set', `market.symbols=[${names.map((name) => `"${name}"`)}]`],
  ...['--set', `market.rate=${rate}`],
]);
const browser = await launchChromium();
try {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(watchPage);
  await page.goto(`${server.url}/#/market/${names[0]}`);
  await page.waitForFunction(() => globalThis.benchSeen.firstPriceMs !== null, null, {
    timeout: PATIENCE_MS,
  });
  const measured = summary(await measure(page));
  if (values.json) console.log(JSON.stringify(measured));
  else print(measured);
} finally {
  await browser.close();
  await server.stop();
}
