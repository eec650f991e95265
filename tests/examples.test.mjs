// The examples of docs/clients.md that run in a browser, each in Chromium, against the real server.
// Those of the command line: examples_cli.test.mjs.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { bearer, publish, tell } from './harness/api.mjs';
import { run } from './harness/command.mjs';
import { step } from './harness/channel.mjs';
import { request } from './harness/raw.mjs';
import { restart, serve } from './harness/server.mjs';
import { mint } from './harness/tokens.mjs';
import { blocksOf, examplePaths, readDocuments, readExample } from './examples/document.mjs';
import { ExamplePage, launchChromium } from './examples/pages.mjs';
import { NODE_MODULES, makeProject } from './examples/project.mjs';
import { Site } from './examples/site.mjs';

const QUIET = ['--source', 'none', '--set', 'sse.retry_ms=100,200', '--set', 'server.drain_s=0.5'];

describe('docs/clients.md and docs/alpaca.md', () => {
  const blocks = blocksOf(readDocuments());

  test('have every example', () => {
    assert.deepEqual([...blocks.keys()].sort(), examplePaths());
  });

  for (const path of examplePaths()) {
    test(`have ${path} as it is`, () => {
      const same = blocks.get(path) === readExample(path);
      assert.ok(same, `${path} differs; node tests/examples/document.mjs renews the pages`);
    });
  }
});

test('TypeScript has nothing to say about the examples', async () => {
  const project = await makeProject();
  const tsc = `${NODE_MODULES}/typescript/bin/tsc`;
  const { status, stdout } = await run(process.execPath, [tsc], { cwd: project, within: 120_000 });
  assert.deepEqual({ status, stdout }, { status: 0, stdout: '' });
});

let browser;
let site;
before(async () => {
  browser = await launchChromium();
  site = await Site.start({
    react: 'mount_react.tsx',
    vue: 'mount_vue.ts',
    angular: 'mount_angular.ts',
  });
});
after(async () => {
  await browser?.close();
  site?.stop();
});

const order = (number, status = 'paid') => ({
  topic: `orders/${number}`,
  type: 'order',
  data: { number, status },
});
const quote = (symbol, price) => ({
  topic: `market/${symbol}`,
  data: { price, bid: price, ask: price },
});

/** The server falls silent, and the page under `path` notices after so long; then it speaks again. */
async function losesItsLine(t, path, silenceMs) {
  const server = await serve(t, QUIET);
  const page = await ExamplePage.open(t, browser, site, path, server, {}, (tab) =>
    tab.clock.install(),
  );
  await page.shows('#status', 'live');
  server.child.kill('SIGSTOP');
  try {
    await page.tab.clock.runFor(silenceMs);
    await page.shows('#status', 'reconnecting');
  } finally {
    server.child.kill('SIGCONT');
  }
  await page.tab.clock.runFor(3_000);
  await page.shows('#status', 'live');
}

for (const path of ['board.html', 'react', 'vue', 'angular']) {
  describe(`the board, ${path}`, () => {
    const openBoard = async (t, server, query) => {
      const board = await ExamplePage.open(t, browser, site, path, server, query);
      await board.shows('#status', 'live');
      return board;
    };

    test('shows the newest prices and every order', async (t) => {
      const server = await serve(t, QUIET);
      await publish(server, [quote('AAPL', 187.5), order(1)]);
      const board = await openBoard(t, server);
      await board.shows('#prices li', 'AAPL 187.5');
      await board.shows('#orders li'); // none: it came before anybody listened
      await publish(server, [order(2), order(3, 'shipped'), quote('AAPL', 188.25)]);
      await board.shows('#prices li', 'AAPL 188.25');
      await board.shows('#orders li', '2 paid', '3 shipped');
      await publish(server, { ...order(4), type: 'remark' });
      await publish(server, order(5));
      await board.shows('#orders li', '2 paid', '3 shipped', '5 paid');
    });

    test('comes back when the server was restarted, and has missed nothing', async (t) => {
      const first = await serve(t, QUIET);
      const board = await openBoard(t, first);
      await publish(first, [order(1), order(2)]);
      await board.shows('#orders li', '1 paid', '2 paid');
      await publish(first, order(3));
      const second = await restart(t, first);
      await publish(second, order(4));
      await board.shows('#orders li', '1 paid', '2 paid', '3 paid', '4 paid');
      await publish(second, order(5));
      await board.shows('#orders li', '1 paid', '2 paid', '3 paid', '4 paid', '5 paid');
      await board.shows('#notice', '');
    });

    test('continues after a reload', async (t) => {
      const server = await serve(t, QUIET);
      const board = await openBoard(t, server);
      await publish(server, [order(1), order(2)]);
      await board.shows('#orders li', '1 paid', '2 paid');
      await board.leave();
      await publish(server, [order(3), order(4)]);
      await board.comeBack();
      await board.shows('#orders li', '1 paid', '2 paid', '3 paid', '4 paid');
      await board.tab.reload();
      await publish(server, order(5));
      await board.shows('#orders li', '1 paid', '2 paid', '3 paid', '4 paid', '5 paid');
    });

    test('says when orders are missing, and goes on', async (t) => {
      const server = await serve(t, QUIET);
      const board = await openBoard(t, server);
      await publish(server, order(1));
      await board.shows('#orders li', '1 paid');
      await board.leave();
      await board.tamper('board', (kept) => (kept.id = 'nonsense'));
      await publish(server, order(2));
      await board.comeBack();
      await board.shows('#notice', 'Earlier orders are not shown (malformed).');
      await publish(server, order(3));
      await board.shows('#orders li', '3 paid');
    });

    test('deals with a revoked token', async (t) => {
      const server = await serve(t, [...QUIET, '--set', 'auth.mode=jwt']);
      const publisher = { token: await mint(server, 'shop', { scope: 'publish admin' }) };
      const token = await mint(server, 'alice', { sid: 'first' });
      site.token = token;
      const board = await openBoard(t, server, { token });
      await publish(server, order(1), publisher);
      await board.shows('#orders li', '1 paid');

      const asked = site.asked;
      site.token = await mint(server, 'alice', { sid: 'second' });
      const { status } = await request(server, '/api/v1/sessions/first', {
        method: 'DELETE',
        headers: bearer(publisher.token),
      });
      assert.equal(status, 204);
      if (path === 'board.html') {
        await board.shows('#status', 'signed out (revoked)');
        return;
      }
      await publish(server, order(2), publisher);
      await board.shows('#orders li', '1 paid', '2 paid');
      await board.shows('#status', 'live');
      assert.equal(site.asked, asked + 1);
    });

    test('notices a line that has died without a word', (t) => losesItsLine(t, path, 15_000));

    test('comes back after an answer with which the browser gives up', async (t) => {
      const server = await serve(t, QUIET);
      let refusing = true;
      const board = await ExamplePage.open(t, browser, site, path, server, {}, (tab) =>
        tab.route(`${server.url}/**`, (route) =>
          refusing
            ? route.fulfill({ status: 502, headers: { 'Access-Control-Allow-Origin': '*' } })
            : route.continue(),
        ),
      );
      await board.matches('#status', /reconnecting/);
      refusing = false;
      await board.shows('#status', 'live');
    });
  });
}

describe('the page of trainings', () => {
  const openTrainings = async (t, server) => {
    const page = await ExamplePage.open(t, browser, site, 'training.html', server);
    await page.shows('#status', 'live');
    return page;
  };

  test('shows unfinished tasks at once, and their steps', async (t) => {
    const server = await serve(t, QUIET);
    await tell(server, 'training', step('a', 10));
    const page = await openTrainings(t, server);
    await page.shows('#tasks tr', 'a running 10 %');
    await tell(server, 'training', step('b', 0, 'queued'));
    await tell(server, 'training', step('a', 100, 'completed'));
    await page.shows('#tasks tr', 'a completed 100 %', 'b queued 0 %');
  });

  test('continues after a reload', async (t) => {
    const server = await serve(t, QUIET);
    const page = await openTrainings(t, server);
    await tell(server, 'training', step('a', 50));
    await page.shows('#tasks tr', 'a running 50 %');
    await page.leave();
    await tell(server, 'training', step('b', 1));
    await tell(server, 'training', step('a', 100, 'completed'));
    await page.comeBack();
    await page.shows('#tasks tr', 'a completed 100 %', 'b running 1 %');
  });

  test('notices a line that has died without a word', (t) => {
    return losesItsLine(t, 'training.html', 75_000);
  });

  test('begins anew when its position is unknown', async (t) => {
    const server = await serve(t, QUIET);
    const page = await openTrainings(t, server);
    await tell(server, 'training', step('done', 100, 'completed'));
    await tell(server, 'training', step('a', 50));
    await page.shows('#tasks tr', 'done completed 100 %', 'a running 50 %');
    await page.leave();
    await page.tamper('trainings', (kept) => (kept.id = 'nonsense'));
    await page.comeBack();
    await page.shows('#notice', 'Begun anew (malformed).');
    await page.shows('#tasks tr', 'a running 50 %');
    await page.shows('#status', 'live');
  });
});
