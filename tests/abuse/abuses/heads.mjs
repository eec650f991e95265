// Header bombs: heads and framings that are larger, longer or more than anybody needs.

import assert from 'node:assert/strict';

import { connect, crowd, requestOf, statusOf, closed } from '../sockets.mjs';
import { inTime } from '../../harness/until.mjs';

const AT_ONCE = 20;
const LARGE = 256 * 1024;

const many = (count) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`X-${i}`, 'y']));
const chunked = { 'Transfer-Encoding': 'chunked' };
const post = (port, body) =>
  Buffer.concat([requestOf(port, 'POST', '/api/v1/publish', chunked), Buffer.from(body)]);

/** Name, what is sent, the status it must have. */
const BOMBS = [
  ['many headers', (port) => requestOf(port, 'GET', '/', many(20_000)), 431],
  ['a long header', (port) => requestOf(port, 'GET', '/', { 'X-Long': 'y'.repeat(LARGE) }), 431],
  ['a long name', (port) => requestOf(port, 'GET', '/', { ['X'.repeat(LARGE)]: 'y' }), 431],
  ['a long cookie', (port) => requestOf(port, 'GET', '/', { Cookie: 'a=b; '.repeat(50_000) }), 431],
  ['a long target', (port) => requestOf(port, 'GET', `/${'y'.repeat(LARGE)}`), 414],
  ['a long chunk extension', (port) => post(port, `1;${'y'.repeat(LARGE)}`), 431],
  ['a long trailer', (port) => post(port, `1\r\nx\r\n0\r\nX-Long: ${'y'.repeat(LARGE)}`), 431],
  [
    'a huge announced body',
    (port) => requestOf(port, 'POST', '/api/v1/publish', { 'Content-Length': 2 ** 40 }),
    413,
  ],
];

/** Extensions of one chunk after the other, as long as the connection is there: the status it was answered. */
async function endlessExtensions(port, index) {
  const socket = await connect(port, index);
  const end = closed(socket);
  let text = '';
  socket.on('data', (data) => (text += data.toString('latin1')));
  socket.write(post(port, ''));
  const chunks = Buffer.from(`1;${'y'.repeat(1000)}\r\nx\r\n`.repeat(64));
  let open = true;
  end.then(() => (open = false));
  while (open) {
    if (!socket.write(chunks)) {
      await Promise.race([end, new Promise((resolve) => socket.once('drain', resolve))]);
    }
  }
  return Number(text.slice('HTTP/1.1 '.length, 'HTTP/1.1 431'.length));
}

async function bomb(port, { requests, endless }, tally) {
  const bombs = BOMBS.map(([name, make, status]) => ({ name, bytes: make(port), status }));
  await crowd(requests, AT_ONCE, async (i) => {
    const { name, bytes, status } = bombs[i % bombs.length];
    const given = await statusOf(port, bytes, i % 100);
    assert.equal(given, status, `${name} is answered ${status}`);
    tally.add(`answered ${status}`);
  });
  await crowd(endless, AT_ONCE, async (i) => {
    const status = await inTime('the end of endless extensions', endlessExtensions(port, i), 30_000);
    assert.equal(status, 431, 'endless chunk extensions');
    tally.add('endless extensions answered 431');
  });
}

export const abuses = {
  'header-bombs': {
    about: 'huge heads, extensions and trailers',
    full: { requests: 16_000, endless: 50 },
    small: { requests: 160, endless: 2 },
    allowanceMib: 8,
    attack: bomb,
  },
};
