// Clients that come back by themselves: EventSource of npm and of Chromium, over restarts in order
// and over kill -9, miss no record and see none twice.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { EventSource } from 'eventsource';

import { publish, tell } from './harness/api.mjs';
import { launchChromium } from './harness/chromium.mjs';
import { run } from './harness/command.mjs';
import { Server, restart } from './harness/server.mjs';
import { mint } from './harness/tokens.mjs';
import { PATIENCE_MS, until } from './harness/until.mjs';

const SOON = ['--source', 'none', '--set', 'server.drain_s=0.5', '--set', 'sse.retry_ms=100,200'];
const RECORDS = 20; // between two restarts

/** Numbered records on one topic, published before, while and after a server is away. */
class Story {
  published = 0;

  async tell(server) {
    for (let n = 0; n < RECORDS; ++n)
      await publish(server, { topic: 'story/a', data: ++this.published });
  }

  get expected() {
    return Array.from({ length: this.published }, (_, n) => n + 1);
  }
}

/** Restarts, both ways, while `seen()` numbers arrive; every number must come once, in order. */
async function assertNothingMissed(t, first, seen) {
  const story = new Story();
  let server = first;
  await story.tell(server);
  for (const kill of [false, true, false]) {
    await until('what was published', async () => (await seen()).length >= story.published);
    const last = story.published;
    server = await restart(t, server, { kill });
    await story.tell(server);
    assert.ok(story.published > last);
  }
  await until('all of it', async () => (await seen()).length >= story.published);
  assert.deepEqual(await seen(), story.expected);
  return server;
}

describe('npm eventsource', () => {
  const PATH = '/api/v1/stream?topics=story/*';

  test('onmessage of the native stream misses nothing', async (t) => {
    const server = await Server.start(SOON);
    const source = new EventSource(`${server.url}${PATH}`);
    t.after(() => source.close());
    const seen = [];
    const strange = [];
    source.onmessage = ({ data }) => seen.push(JSON.parse(data).data);
    for (const name of ['open', 'error', 'gap'])
      source.addEventListener(name, (event) => event.data && strange.push(event));
    await until('open', () => source.readyState === EventSource.OPEN);
    await assertNothingMissed(t, server, () => seen);
    assert.deepEqual(strange, []);
  });

  test('a user with a token in the query misses nothing', async (t) => {
    const server = await Server.start([...SOON, '--set', 'auth.mode=jwt']);
    const token = await mint(server, 'alice', { scope: 'subscribe publish' });
    const source = new EventSource(`${server.url}/api/v1/sse/training?token=${token}`);
    t.after(() => source.close());
    const seen = [];
    source.addEventListener('training_progress', ({ data, lastEventId }) =>
      seen.push({ id: lastEventId, progress: JSON.parse(data).data.progress }),
    );
    await until('open', () => source.readyState === EventSource.OPEN);
    const ids = [];
    const say = async (at) => {
      for (let n = 0; n < 5; ++n) {
        const data = { task_id: 't', progress: ids.length, status: 'running' };
        ids.push(await tell(at, 'training', data, { token }));
      }
    };
    await say(server);
    await until('the first', () => seen.length === 5);
    const second = await restart(t, server, { kill: true });
    await say(second);
    await until('all', () => seen.length >= 10);
    assert.deepEqual(
      seen,
      ids.map((id, progress) => ({ id, progress })),
    );
  });
});

describe('curl', () => {
  test('publishes, reads, and goes on with --header Last-Event-ID', async (t) => {
    const server = await Server.start(SOON);
    t.after(() => server.stop());
    const curl = (...args) => run('curl', ['-sS', '--fail', '--max-time', '5', ...args]);
    const say = async (n) => {
      const body = JSON.stringify({ topic: 'story/a', data: n });
      const { status, stdout } = await curl('--json', body, `${server.url}/api/v1/publish`);
      assert.equal(status, 0);
      return JSON.parse(stdout).ids[0];
    };
    const ids = [await say(1), await say(2), await say(3)];
    const { stdout } = await curl(
      '-N',
      '--header',
      `Last-Event-ID: ${ids[0]}`,
      `${server.url}/api/v1/stream?topics=story/*`,
    );
    const found = [...stdout.matchAll(/^id: (.+)$/gm)].map(([, id]) => id);
    assert.deepEqual(found.slice(-2), ids.slice(1));
  });
});

describe('Chromium', () => {
  let browser;
  before(async () => (browser = await launchChromium()));
  after(() => browser?.close());

  async function openPage(t, server) {
    const context = await browser.newContext();
    t.after(() => context.close());
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(`${server.url}/healthz`);
    return page;
  }

  test('EventSource comes back by itself and misses nothing', async (t) => {
    const server = await Server.start(SOON);
    const page = await openPage(t, server);
    await page.evaluate(() => {
      window.seen = [];
      window.source = new EventSource('/api/v1/stream?topics=story/*');
      window.source.onmessage = ({ data }) => window.seen.push(JSON.parse(data).data);
    });
    await page.waitForFunction(() => window.source.readyState === EventSource.OPEN);
    await assertNothingMissed(t, server, () => page.evaluate(() => window.seen));
  });

  test('a channel: named events, nothing for onmessage, copies at once', async (t) => {
    const server = await Server.start(SOON);
    t.after(() => server.stop());
    const task = { task_id: 't', progress: 5, status: 'running' };
    await tell(server, 'training', task);
    const page = await openPage(t, server);
    await page.evaluate(() => {
      window.seen = [];
      window.unnamed = [];
      const source = new EventSource('/api/v1/sse/training');
      for (const name of ['connected', 'training_progress'])
        source.addEventListener(name, ({ data }) => window.seen.push(JSON.parse(data)));
      source.onmessage = ({ data }) => window.unnamed.push(data);
    });
    await page.waitForFunction(() => window.seen.length === 2);
    await tell(server, 'training', { ...task, progress: 6 });
    await page.waitForFunction(() => window.seen.length === 3);
    const { seen, unnamed } = await page.evaluate(() => ({
      seen: window.seen,
      unnamed: window.unnamed,
    }));
    assert.deepEqual(
      seen.map(({ event, data }) => [event, data.progress]),
      [
        ['connected', undefined],
        ['training_progress', 5],
        ['training_progress', 6],
      ],
    );
    assert.deepEqual(unnamed, []);
  });

  test('a page of another origin can neither read nor write', async (t) => {
    const server = await Server.start(SOON);
    t.after(() => server.stop());
    const other = await Server.start([...SOON, '--host', '127.0.0.2']);
    t.after(() => other.stop());
    const context = await browser.newContext();
    t.after(() => context.close());
    const page = await context.newPage();
    await page.goto(`http://127.0.0.2:${other.port}/healthz`);
    const found = await page.evaluate(async (url) => {
      const read = await new Promise((resolve) => {
        const source = new EventSource(`${url}/api/v1/stream?topics=story/*`);
        source.onopen = () => resolve('opened');
        source.onerror = () => resolve('refused');
      });
      const attempt = { method: 'POST', body: '{"topic":"story/a","data":1}' };
      const write = await fetch(`${url}/api/v1/publish`, attempt).then(
        ({ status }) => status,
        () => 'refused',
      );
      await fetch(`${url}/api/v1/publish`, { ...attempt, mode: 'no-cors' }).catch(() => {});
      return { read, write };
    }, server.url);
    assert.deepEqual(found, { read: 'refused', write: 'refused' });
    const [id] = await publish(server, { topic: 'story/a', data: 2 });
    assert.match(id, /-1$/, 'the first record is ours');
  });
});
