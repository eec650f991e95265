// HTTP itself: methods, broken and oversized requests, connection reuse.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { assertProblem } from './harness/problem.mjs';
import { RawClient, readAnswer, request, requestText } from './harness/raw.mjs';
import { Server } from './harness/server.mjs';
import { openStream } from './harness/sse.mjs';

const HEAD_LIMIT_BYTES = 16_384;
const BODY_LIMIT_BYTES = 1_048_576;
const HEAD_TIMEOUT_DEADLINE_MS = 30_000; // the server's limit is 10 s

let server;
before(async () => (server = await Server.start()));
after(() => server.stop());

const allowed = (answer) => answer.headers.get('allow').split(', ').sort();

async function withClient(use) {
  const client = await RawClient.connect(server.port);
  try {
    return await use(client);
  } finally {
    client.close();
  }
}

describe('methods and paths', () => {
  for (const path of [
    '/nope',
    '/api/v1/nope',
    '/sse/AAPL/more',
    '//',
    '/healthz/',
    '/%2e%2e/etc/passwd',
    '/stream%00',
  ]) {
    test(`GET ${path} is 404`, async () => assertProblem(await request(server, path), 404));
  }

  for (const [method, path] of [
    ['POST', '/stream'],
    ['DELETE', '/healthz'],
    ['PUT', '/sse/AAPL'],
    ['PATCH', '/'],
  ]) {
    test(`${method} ${path} is 405 with Allow`, async () => {
      const answer = await request(server, path, { method });
      assertProblem(answer, 405);
      assert.deepEqual(allowed(answer), ['GET', 'HEAD', 'OPTIONS']);
    });
  }

  test('an invented method is refused', async () => {
    const answer = await request(server, '/healthz', { method: 'BREW' });
    assert.ok([405, 501].includes(answer.status), `${answer.status}`);
  });

  test('OPTIONS is 204 with Allow and no body', async () => {
    for (const path of ['/stream', '/sse/AAPL', '/api/v1/bars/AAPL', '/healthz']) {
      const answer = await request(server, path, { method: 'OPTIONS' });
      assert.equal(answer.status, 204);
      assert.deepEqual(allowed(answer), ['GET', 'HEAD', 'OPTIONS']);
      assert.equal(answer.headers.get('content-length') ?? '0', '0');
      assert.equal(answer.headers.get('transfer-encoding'), undefined);
    }
    assert.equal((await request(server, '/nope', { method: 'OPTIONS' })).status, 404);
  });

  for (const path of ['/', '/api/v1/symbols', '/healthz', '/openapi.json', '/nope']) {
    test(`HEAD ${path} is the head of the GET`, async () => {
      const got = await request(server, path);
      await withClient(async (client) => {
        client.send(requestText(server.port, { method: 'HEAD', path }));
        const head = await readAnswer(client, 'HEAD');
        assert.equal(head.status, got.status);
        assert.equal(head.headers.get('content-type'), got.headers.get('content-type'));
        assert.equal(head.headers.get('content-length'), got.headers.get('content-length'));
        // No body came: the next answer follows at once.
        client.send(requestText(server.port, { path: '/healthz' }));
        assert.equal((await readAnswer(client)).status, 200);
      });
    });
  }
});

describe('broken requests', () => {
  const host = () => `Host: 127.0.0.1:${server.port}\r\n`;
  const broken = {
    'a TLS hello': () =>
      '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03' + '\x00'.repeat(64) + '\r\n\r\n',
    'random bytes': () => '\x01\x02\xff\xfe\x00\x80\r\n\r\n',
    'no version': () => `GET /healthz\r\n${host()}\r\n`,
    'no target': () => `GET HTTP/1.1\r\n${host()}\r\n`,
    'a control character in the target': () => `GET /a\x01b HTTP/1.1\r\n${host()}\r\n`,
    'a header without colon': () => `GET /healthz HTTP/1.1\r\n${host()}Colourless\r\n\r\n`,
    'a space before the colon': () => `GET /healthz HTTP/1.1\r\n${host()}A : b\r\n\r\n`,
    'NUL in a header': () => `GET /healthz HTTP/1.1\r\n${host()}A: b\x00c\r\n\r\n`,
    'two different lengths': () =>
      `GET /healthz HTTP/1.1\r\n${host()}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`,
    'a negative length': () => `GET /healthz HTTP/1.1\r\n${host()}Content-Length: -1\r\n\r\n`,
    'a length and chunks': () =>
      `GET / HTTP/1.1\r\n${host()}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    'a chunk size that is no number': () =>
      `GET /healthz HTTP/1.1\r\n${host()}Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n`,
  };
  for (const [what, text] of Object.entries(broken)) {
    test(`${what}: 400 and the connection closes`, async () => {
      await withClient(async (client) => {
        client.send(text());
        const answer = await readAnswer(client);
        assertProblem(answer, 400);
        assert.equal(answer.headers.get('connection'), 'close');
        await client.takeAll();
      });
    });
  }

  test('an unknown version of HTTP is refused', async () => {
    await withClient(async (client) => {
      client.send(`GET /healthz HTTP/3.7\r\n${host()}\r\n`);
      assert.ok([400, 505].includes((await readAnswer(client)).status));
      await client.takeAll();
    });
  });

  test('a client that says nothing and goes away harms nobody', async () => {
    for (let i = 0; i < 50; ++i) (await RawClient.connect(server.port)).close();
    for (let i = 0; i < 50; ++i) {
      const client = await RawClient.connect(server.port);
      client.send('GET /stream HTTP/1.1\r\nHo');
      client.close();
    }
    assert.equal((await request(server, '/healthz')).status, 200);
  });
});

describe('limits', () => {
  test('a target over the head limit: 414 or 431', async () => {
    await withClient(async (client) => {
      client.send(
        requestText(server.port, { path: `/stream?a=${'x'.repeat(HEAD_LIMIT_BYTES + 2000)}` }),
      );
      const answer = await readAnswer(client);
      assert.ok([414, 431].includes(answer.status), `${answer.status}`);
      assertProblem(answer, answer.status);
      await client.takeAll();
    });
  });

  test('headers over the head limit: 431', async () => {
    await withClient(async (client) => {
      const headers = {};
      for (let i = 0; i < 40; ++i) headers[`X-Pad-${i}`] = 'x'.repeat(500);
      client.send(requestText(server.port, { path: '/healthz', headers }));
      assertProblem(await readAnswer(client), 431);
      await client.takeAll();
    });
  });

  test('a head just under the limit is served', async () => {
    const headers = { 'X-Pad': 'x'.repeat(HEAD_LIMIT_BYTES - 400) };
    assert.equal((await request(server, '/healthz', { headers })).status, 200);
  });

  test('an announced body over the limit: 413 before it is sent', async () => {
    await withClient(async (client) => {
      const headers = { 'Content-Length': BODY_LIMIT_BYTES + 1 };
      client.send(requestText(server.port, { path: '/healthz', headers }));
      assertProblem(await readAnswer(client), 413);
      await client.takeAll();
    });
  });

  test('a chunked body over the limit: 413', async () => {
    await withClient(async (client) => {
      client.send(
        requestText(server.port, { path: '/healthz', headers: { 'Transfer-Encoding': 'chunked' } }),
      );
      const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
      client.send(chunk.repeat(BODY_LIMIT_BYTES / 0x10000 + 1));
      assertProblem(await readAnswer(client), 413);
    });
  });

  test('a body of a GET within the limit is read and ignored', async () => {
    await withClient(async (client) => {
      client.send(
        requestText(server.port, { path: '/healthz', body: 'GET /nope HTTP/1.1\r\n\r\n' }),
      );
      assert.equal((await readAnswer(client)).status, 200);
      client.send(requestText(server.port, { path: '/healthz' }));
      assert.equal((await readAnswer(client)).status, 200, 'the body was not taken for a request');
    });
  });

  test('half a head is closed after ten seconds, however slowly it trickles', async () => {
    const silent = await RawClient.connect(server.port);
    silent.send('GET /stream HTTP/1.1\r\nHost: 127');
    const mute = await RawClient.connect(server.port);
    const trickling = await RawClient.connect(server.port);
    trickling.send('GET /stream HTTP/1.1\r\n');
    const trickle = setInterval(() => trickling.send('X-Slow: 1\r\n'), 300);
    try {
      await Promise.all(
        [silent, mute, trickling].map(async (client) => {
          const answer = (await client.takeAll(HEAD_TIMEOUT_DEADLINE_MS)).toString('latin1');
          assert.match(answer, /^(HTTP\/1\.1 408 |$)/);
        }),
      );
    } finally {
      clearInterval(trickle);
      for (const client of [silent, mute, trickling]) client.close();
    }
  });
});

describe('connections', () => {
  test('empty lines before a request are none of it, however many', async (t) => {
    const client = await RawClient.connect(server.port);
    t.after(() => client.close());
    client.send('\r\n'.repeat(500_000) + requestText(server.port, { path: '/healthz' }));
    assert.equal((await readAnswer(client)).status, 200);
  });

  test('each answer says when it was made', async (t) => {
    for (const [path, status] of [
      ['/healthz', 200],
      ['/nope', 404],
      ['/?', 200],
    ]) {
      const before = Math.floor(Date.now() / 1000) * 1000;
      const answer = await request(server, path);
      assert.equal(answer.status, status, path);
      const told = Date.parse(answer.headers.get('date'));
      assert.ok(told >= before && told <= Date.now(), `${path}: ${answer.headers.get('date')}`);
    }
    const stream = await openStream(t, server, '/sse');
    assert.match(stream.head.headers.get('date'), /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/);
  });

  test('one connection serves many requests, after errors too', async () => {
    await withClient(async (client) => {
      for (const [path, status] of [
        ['/healthz', 200],
        ['/nope', 404],
        ['/sse/NOPE', 404],
        ['/stream?interval=bad', 422],
        ['/healthz', 200],
      ]) {
        client.send(requestText(server.port, { path }));
        assert.equal((await readAnswer(client)).status, status);
      }
      client.send(requestText(server.port, { path: '/healthz', method: 'POST', body: '{"a":1}' }));
      assert.equal((await readAnswer(client)).status, 405);
      client.send(requestText(server.port, { path: '/healthz' }));
      assert.equal((await readAnswer(client)).status, 200);
    });
  });

  test('pipelined requests are answered in order', async () => {
    await withClient(async (client) => {
      const paths = ['/healthz', '/nope', '/api/v1/symbols', '/sse/NOPE', '/healthz'];
      client.send(paths.map((path) => requestText(server.port, { path })).join(''));
      const statuses = [];
      for (const path of paths) statuses.push([path, (await readAnswer(client)).status]);
      assert.deepEqual(
        statuses.map(([, status]) => status),
        [200, 404, 200, 404, 200],
      );
    });
  });

  test('a request in single bytes is served', async () => {
    await withClient(async (client) => {
      client.socket.setNoDelay(true);
      for (const byte of requestText(server.port, { path: '/healthz' })) {
        client.send(byte);
        await new Promise((resolve) => setImmediate(resolve));
      }
      assert.equal((await readAnswer(client)).status, 200);
    });
  });

  test('Connection: close and HTTP/1.0 end the connection after the answer', async () => {
    for (const options of [{ headers: { Connection: 'close' } }, { version: '1.0' }]) {
      await withClient(async (client) => {
        client.send(requestText(server.port, { path: '/healthz', ...options }));
        assert.equal((await readAnswer(client)).status, 200);
        assert.equal((await client.takeAll()).length, 0);
        assert.equal(client.reset, false);
      });
    }
  });

  test('what a client sends into its open stream is ignored', async (t) => {
    const stream = await openStream(t, server, '/stream?interval=50ms');
    await stream.next('retry');
    stream.client.send(requestText(server.port, { path: '/healthz' }));
    // The strict decoder would refuse an answer in the middle of the stream.
    await stream.take('event', 20);
  });
});
