// The examples of docs/clients.md for the command line: Python and curl, as a reader would run them.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, request as requestOf } from 'node:http';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';

import { publish, tell } from './harness/api.mjs';
import { step } from './harness/channel.mjs';
import { run } from './harness/command.mjs';
import { temporaryFolder } from './harness/folder.mjs';
import { restart, serve } from './harness/server.mjs';
import { openStream } from './harness/sse.mjs';
import { mint } from './harness/tokens.mjs';
import { inTime } from './harness/until.mjs';
import { EXAMPLES } from './examples/project.mjs';
import { Program } from './examples/program.mjs';
import { findPython } from './examples/python.mjs';

const QUIET = ['--source', 'none', '--set', 'sse.retry_ms=100,200', '--set', 'server.drain_s=0.5'];
const CURL = join(EXAMPLES, 'curl/livetape.sh');
const python = (name) => join(EXAMPLES, 'python', name);
const order = (number) => ({ topic: `orders/${number}`, type: 'order', data: { number } });

class Example extends Program {
  constructor(t, program, args, { url, token } = {}) {
    super(t, program, args, { LIVETAPE_URL: url, LIVETAPE_TOKEN: token });
  }

  async prints(...expected) {
    await this.until(`${expected.length} lines`, () => this.lines.length >= expected.length);
    assert.deepEqual(this.lines, expected);
  }

  async printsOrders(...expected) {
    await this.until(`orders ${expected}`, () => this.lines.length >= expected.length);
    const events = this.lines.map((line) => JSON.parse(line));
    assert.deepEqual(
      events.map(({ topic, type, data }) => ({ topic, type, data })),
      expected.map(order),
    );
  }

  /** Until it listens: hello has a position, and that is kept. */
  async keeps(file, position = /./) {
    await this.until(
      `its position ${position}`,
      () => existsSync(file) && position.test(readFileSync(file, 'utf8')),
    );
  }
}

/**
 * A way to the server on which the first answer gets lost after the server has acted; `half`: in the
 * middle of its body.
 */
async function loseFirstAnswer(t, server, { half = false } = {}) {
  const way = { requests: 0 };
  const proxy = createServer(async (request, response) => {
    const lost = way.requests++ === 0;
    const { method, url } = request;
    const { host, connection, ...headers } = request.headers; // those of this connection
    const answer = await fetch(server.url + url, {
      method,
      headers,
      body: request,
      duplex: 'half',
    });
    const text = await answer.text();
    if (lost && half) {
      response.writeHead(answer.status, { 'Content-Length': text.length });
      response.write(text.slice(0, text.length / 2), () => request.socket.destroy());
    } else if (lost) request.socket.destroy();
    else response.writeHead(answer.status).end(text);
  });
  await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  t.after(() => proxy.close());
  way.url = `http://127.0.0.1:${proxy.address().port}`;
  return way;
}

/** A way to the server whose proxy says at first that nobody is there. */
async function refuseFirst(t, server, status) {
  const way = { requests: 0 };
  const proxy = createServer((asked, answer) => {
    if (way.requests++ === 0) return answer.writeHead(status).end('<h1>Come back</h1>');
    const { host, connection, ...headers } = asked.headers; // those of this connection
    const onward = requestOf(server.url + asked.url, { headers }, (given) => {
      answer.writeHead(given.statusCode, given.headers);
      given.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    answer.on('close', () => onward.destroy());
    onward.end();
  });
  await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  t.after(() => proxy.close());
  way.url = `http://127.0.0.1:${proxy.address().port}`;
  return way;
}

let interpreter;
let missing;
before(async () => {
  ({ python: interpreter, missing } = await findPython());
});

const followers = {
  'follow.py': (t, server, topics, file, token) =>
    new Example(
      t,
      interpreter,
      [python('follow.py'), topics, '--url', server.url, '--keep', file],
      {
        token,
      },
    ),
  'livetape.sh follow': (t, server, topics, file, token) =>
    new Example(t, CURL, ['follow', topics, file], { url: server.url, token }),
};

for (const [name, start] of Object.entries(followers)) {
  const needsPython = name.endsWith('.py');

  describe(name, () => {
    const begin = async (t, server, { file, token, topics = 'orders/*' } = {}) => {
      if (needsPython && missing) return t.skip(missing);
      const kept = file ?? join(temporaryFolder(), 'position');
      const follower = start(t, server, topics, kept, token);
      follower.file = kept;
      await follower.keeps(kept);
      return follower;
    };

    test('prints what is published, in order', async (t) => {
      const server = await serve(t, QUIET);
      const follower = await begin(t, server);
      if (!follower) return;
      await publish(server, [order(1), { ...order(9), topic: 'else/9' }, order(2)]);
      await follower.printsOrders(1, 2);
    });

    test('comes back when the server was restarted', async (t) => {
      const first = await serve(t, QUIET);
      const follower = await begin(t, first);
      if (!follower) return;
      await publish(first, order(1));
      await follower.printsOrders(1);
      const second = await restart(t, first);
      await publish(second, order(2));
      await follower.printsOrders(1, 2);
    });

    test('continues where it was stopped', async (t) => {
      const server = await serve(t, QUIET);
      const first = await begin(t, server);
      if (!first) return;
      const [id] = await publish(server, order(1));
      await first.printsOrders(1);
      await first.keeps(first.file, new RegExp(`^${id}$`, 'm'));
      await first.stop();
      await publish(server, [order(2), order(3)]);
      const second = await begin(t, server, { file: first.file });
      await second.printsOrders(2, 3);
    });

    test('says when its position is not known', async (t) => {
      const server = await serve(t, QUIET);
      const file = join(temporaryFolder(), 'position');
      const first = await begin(t, server, { file });
      if (!first) return;
      await publish(server, order(1));
      await first.printsOrders(1);
      await first.stop();
      const other = await serve(t, QUIET);
      const second = await begin(t, other, { file });
      await second.until('it says so', () => /gap: .*unknown_epoch/.test(second.stderr));
      await publish(other, order(2));
      await second.printsOrders(2);
    });

    test('comes back after a refusal that passes', async (t) => {
      const server = await serve(t, QUIET);
      const way = await refuseFirst(t, server, 503);
      const follower = await begin(t, way);
      if (!follower) return;
      assert.ok(way.requests >= 2);
      await publish(server, order(1));
      await follower.printsOrders(1);
    });

    test('shows its token, and ends when it has none', async (t) => {
      const server = await serve(t, [...QUIET, '--set', 'auth.mode=jwt']);
      const token = await mint(server, 'shop', { scope: 'subscribe publish' });
      const follower = await begin(t, server, { token });
      if (!follower) return;
      await publish(server, order(1), { token });
      await follower.printsOrders(1);

      const refused = start(t, server, 'orders/*', join(temporaryFolder(), 'position'));
      assert.equal(await inTime('its end', refused.ended), 1);
      assert.match(refused.stderr, /401.*"detail"/);
    });
  });
}

describe('publish.py', () => {
  const publishing = (server, ...args) => {
    return run(interpreter, [python('publish.py'), ...args, '--url', server.url]);
  };

  test('publishes a record and prints its id', async (t) => {
    if (missing) return t.skip(missing);
    const server = await serve(t, QUIET);
    const file = join(temporaryFolder(), 'position');
    const reader = new Example(t, CURL, ['follow', 'orders/*', file], server);
    await reader.keeps(file);
    const { status, stdout, stderr } = await publishing(
      server,
      'orders/7',
      'order',
      '{"number": 7}',
    );
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^\S+-\d+\n$/);
    await reader.printsOrders(7);
  });

  for (const half of [false, true]) {
    test(`publishes once when ${half ? 'half' : 'all'} of an answer is lost`, async (t) => {
      if (missing) return t.skip(missing);
      const server = await serve(t, QUIET);
      const forgetful = await loseFirstAnswer(t, server, { half });
      const { status, stdout, stderr } = await publishing(forgetful, 'orders/1', 'order', '{}');
      assert.equal(status, 0, stderr);
      assert.equal(forgetful.requests, 2);
      const stream = await openStream(t, server, '/api/v1/stream?topics=orders/*&since=earliest');
      const [next] = await publish(server, order(2));
      const orders = await stream.take('order', 2, (block) => block.event === 'order');
      assert.deepEqual(
        orders.map(({ id }) => id),
        [stdout.trim(), next],
      );
    });
  }

  test('says what the server does not like', async (t) => {
    if (missing) return t.skip(missing);
    const server = await serve(t, QUIET);
    const { status, stderr } = await publishing(server, 'alerts/low', 'order', '{}');
    assert.equal(status, 1);
    assert.match(stderr, /^403: .*alerts\/low/);
  });

  test('tells the channel of trainings, from a program', async (t) => {
    if (missing) return t.skip(missing);
    const server = await serve(t, QUIET);
    const program =
      'import publish, sys; ' +
      'print(publish.training_progress(sys.argv[1], "t-1", 40, "running", metrics={"loss": 0.5}))';
    const { stdout, stderr } = await run(interpreter, ['-c', program, server.url], {
      cwd: join(EXAMPLES, 'python'),
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    });
    assert.match(stdout, /^\S+-\d+\n$/, stderr);
    const reader = new Example(t, interpreter, [python('simple_reader.py'), server.url]);
    await reader.prints('t-1 running 40 %');
  });
});

describe('simple_reader.py', () => {
  test('never meets an event that breaks it', async (t) => {
    if (missing) return t.skip(missing);
    const server = await serve(t, QUIET);
    await tell(server, 'training', step('a', 1));
    const reader = new Example(t, interpreter, [python('simple_reader.py'), server.url]);
    await reader.prints('a running 1 %');
    await tell(server, 'training', { ...step('b', 2), message: 'two\nlines', metrics: null });
    await reader.prints('a running 1 %', 'b running 2 %');
    await server.stop(); // drain
    assert.equal(await inTime('its end', reader.ended), 0, reader.stderr);
  });
});

describe('livetape.sh', () => {
  test('reads and publishes', async (t) => {
    const server = await serve(t, QUIET);
    const reader = new Example(t, CURL, ['read', 'orders/*'], server);
    await reader.until('hello', () => reader.lines.includes('event: hello'));
    const { status, stdout } = await run(CURL, ['publish', 'orders/1', 'order', '{"number":1}'], {
      env: { ...process.env, LIVETAPE_URL: server.url },
    });
    assert.equal(status, 0);
    const [id] = JSON.parse(stdout).ids;
    await reader.until('the order', () => reader.lines.includes(`id: ${id}`));
    const data = reader.lines.find((line) => line.includes('orders/1'));
    assert.deepEqual(JSON.parse(data.slice('data: '.length)).data, { number: 1 });
  });

  test('shows the refusal of the server', async (t) => {
    const server = await serve(t, QUIET);
    const { status, stdout } = await run(CURL, ['publish', 'alerts/low', 'order', '{}'], {
      env: { ...process.env, LIVETAPE_URL: server.url },
    });
    assert.equal(status, 22);
    assert.match(stdout, /alerts\/low/);
  });

  test('says how it is used', async () => {
    const { status, stderr } = await run(CURL, []);
    assert.equal(status, 2);
    assert.match(stderr, /^Reads from and publishes.*livetape\.sh follow/s);
  });
});
