// What the page's tabs get of the stream, in a real browser against the real server: one stream for
// all, each record once however often the server goes away, and a pill that says what is the matter.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { launchChromium } from './harness/chromium.mjs';
import { serve } from './harness/server.mjs';
import { mint } from './harness/tokens.mjs';
import { PATIENCE_MS, until } from './harness/until.mjs';

const ALERT = { alert_type: 'test', severity: 'low' };

let browser;
before(async () => (browser = await launchChromium()));
after(() => browser?.close());

async function contextOf(t, { sharedWorker = true } = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  t.after(() => context.close());
  context.setDefaultTimeout(PATIENCE_MS);
  // Records as the worker gives them to the tab, before any of the page's own bookkeeping.
  await context.addInitScript((shared) => {
    window.heard = [];
    const note = (message) => {
      for (const record of message.records ?? []) window.heard.push(record.id);
    };
    if (shared) {
      window.SharedWorker = class extends window.SharedWorker {
        constructor(...given) {
          super(...given);
          this.port.addEventListener('message', ({ data }) => note(data));
        }
      };
    } else {
      delete window.SharedWorker;
      // On the channel each hears what all are told.
      window.BroadcastChannel = class extends window.BroadcastChannel {
        constructor(...given) {
          super(...given);
          this.addEventListener('message', ({ data: { told } }) => {
            if (told !== undefined && told.tab === this.tab) note(told.message);
          });
        }
        postMessage(relayed) {
          this.tab = relayed.said?.tab ?? this.tab;
          super.postMessage(relayed);
        }
      };
    }
  }, sharedWorker);
  return context;
}

async function openTab(context, server) {
  const page = await context.newPage();
  await page.goto(`${server.url}/`);
  await live(page);
  return page;
}

const pill = (page) => page.locator('header [data-state]').first();
const live = (page) => pill(page).and(page.locator('[data-state="live"]')).waitFor();
const state = (page) => pill(page).getAttribute('data-state');

async function statesOf(page) {
  const seen = [];
  await page.exposeFunction('pillSays', (word) => seen.at(-1) !== word && seen.push(word));
  await pill(page).evaluate((node) => {
    const tell = () => window.pillSays(node.dataset.state);
    new MutationObserver(tell).observe(node, { attributeFilter: ['data-state'] });
    tell();
  });
  return seen;
}

async function publishAlerts(server, count, headers = {}) {
  const ids = [];
  for (let place = 0; place < count; ++place) {
    const answer = await fetch(`${server.url}/api/v1/sse/alerts`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify({ ...ALERT, message: `number ${place}` }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    ids.push((await answer.json()).id);
  }
  return ids;
}

async function openStreams(server) {
  const answer = await fetch(`${server.url}/metrics`, { signal: AbortSignal.timeout(PATIENCE_MS) });
  return Number(/^livetape_streams_open (\d+)$/m.exec(await answer.text())[1]);
}

/** The alerts that a tab was given, in order; orders and fills of the account are not counted. */
async function heardOf(page, ids) {
  const wanted = new Set(ids);
  return (await page.evaluate(() => window.heard)).filter((id) => wanted.has(id));
}

async function eachHeard(pages, ids) {
  for (const [place, page] of pages.entries()) {
    await until(`tab ${place} has heard of ${ids.length}`, async () =>
      (await heardOf(page, ids)).includes(ids.at(-1)),
    );
    assert.deepEqual(await heardOf(page, ids), ids, `tab ${place}: each one, once, in order`);
  }
}

describe('twelve tabs', () => {
  test('have one stream, and lose or double no record when the server is killed', async (t) => {
    let server = await serve(t, []);
    const context = await contextOf(t);
    const pages = [];
    for (let tab = 0; tab < 12; ++tab) pages.push(await openTab(context, server));
    assert.equal(await openStreams(server), 1);

    const states = await statesOf(pages[0]);
    const ids = await publishAlerts(server, 30);
    await server.kill();
    await until('the pill says offline', async () => (await state(pages[0])) === 'offline');
    server = await server.again();
    t.after(() => server.stop());
    ids.push(...(await publishAlerts(server, 30)));
    await eachHeard(pages, ids);
    await live(pages[0]);
    assert.equal(states[0], 'live');
    assert.ok(states.includes('offline'), `${states}`);
    assert.equal(states.at(-1), 'live');
    await until('one stream again', async () => (await openStreams(server)) === 1);
  });

  test('of which the last closes the stream', async (t) => {
    const server = await serve(t, []);
    const context = await contextOf(t);
    const pages = [await openTab(context, server), await openTab(context, server)];
    await pages[0].close();
    assert.equal(await openStreams(server), 1);
    await pages[1].close();
    await until('no stream is left', async () => (await openStreams(server)) === 0);
  });

  test('without SharedWorker share a stream too, also when the tab that has it is closed', async (t) => {
    const server = await serve(t, []);
    const context = await contextOf(t, { sharedWorker: false });
    const pages = [];
    for (let tab = 0; tab < 4; ++tab) pages.push(await openTab(context, server));
    assert.equal(await openStreams(server), 1);
    const ids = await publishAlerts(server, 10);
    await pages.shift().close();
    await until('the next tab has a stream', async () => (await openStreams(server)) === 1);
    // The last one has never been first: what it hears comes by the channel.
    const last = [pages.at(-1)];
    ids.push(...(await publishAlerts(server, 10)));
    await eachHeard(last, ids);
  });
});

describe('the pill', () => {
  test('says stalled when nothing comes on an open line, and prices are old', async (t) => {
    const server = await serve(t, []);
    const page = await openTab(await contextOf(t), server);
    server.child.kill('SIGSTOP');
    t.after(() => server.child.kill('SIGCONT'));
    await until('the pill says stalled', async () => (await state(page)) === 'stalled');
    await page.getByText(/Prices are \d+ s old/).first().waitFor();
    server.child.kill('SIGCONT');
    await live(page);
    await until('prices are fresh', async () => (await page.getByText(/Prices are \d+ s old/).count()) === 0);
  });

  test('says no data without a source', async (t) => {
    const server = await serve(t, ['--source', 'none']);
    const context = await contextOf(t);
    const page = await context.newPage();
    await page.goto(`${server.url}/`);
    await until('the pill says no data', async () => (await state(page)) === 'no data');
  });

  test('offers to sign in when the session is ended, and goes on where it was', async (t) => {
    const server = await serve(t, ['--set', 'auth.mode=jwt']);
    const scope = 'subscribe publish trade admin';
    const [first, second] = await Promise.all(
      ['one', 'two'].map((sid) => mint(server, 'alice', { scope, ttl: '10m', sid })),
    );
    const context = await contextOf(t);
    const cookie = (value) => context.addCookies([{ name: 'livetape_token', value, url: server.url }]);
    await cookie(first);
    const page = await openTab(context, server);
    const headers = { Authorization: `Bearer ${second}` };
    const ids = await publishAlerts(server, 2, headers);
    await fetch(`${server.url}/api/v1/sessions/one`, {
      method: 'DELETE',
      headers,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    await until('the pill says signed out', async () =>
      (await pill(page).textContent()).includes('Signed out'),
    );
    ids.push(...(await publishAlerts(server, 2, headers)));
    await cookie(second);
    await pill(page).click();
    await page.getByRole('banner').getByRole('button', { name: 'Sign in…' }).click();
    await page.getByRole('dialog').getByRole('textbox').fill(second);
    await page.getByRole('dialog').getByRole('button', { name: 'Sign in' }).click();
    await live(page);
    await eachHeard([page], ids);
  });
});
