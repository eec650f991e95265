// Slowloris: thousands of connections that send a byte at a time and never come to an end.

import assert from 'node:assert/strict';

import { inTime } from '../../harness/until.mjs';
import { closed, connect, crowd } from '../sockets.mjs';

const ALLOWED_MS = 10_000; // for a head, and for a body that comes this slowly
const SLACK_MS = 5000;
const CONNECTING = 50;
const STEP_MS = 500; // a byte each

const HEAD = (port) => `GET /stream HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-Endless: `;
const BODY = (port) =>
  `POST /api/v1/publish HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: 100000\r\n\r\n{`;

/** Each connection is closed in time, whatever it still sends. */
const trickle = (opening) => async (port, { connections }, tally) => {
  const open = new Set();
  const ends = [];
  await crowd(connections, CONNECTING, async (i) => {
    const socket = await connect(port, i);
    const began = performance.now();
    open.add(socket);
    socket.resume();
    socket.write(opening(port));
    ends.push(
      closed(socket).then(() => {
        open.delete(socket);
        return performance.now() - began;
      }),
    );
  });
  const timer = setInterval(() => {
    for (const socket of open) socket.write('x');
  }, STEP_MS);
  try {
    const lives = await inTime('the end of all', Promise.all(ends), ALLOWED_MS + SLACK_MS);
    const longest = Math.max(...lives);
    assert.ok(longest < ALLOWED_MS + SLACK_MS, `one lived ${longest.toFixed(0)} ms`);
    tally.add('closed in time', lives.length);
  } finally {
    clearInterval(timer);
  }
};

const sizes = { full: { connections: 5000 }, small: { connections: 200 }, allowanceMib: 8 };

export const abuses = {
  'slow-heads': { about: 'heads that come a byte at a time', ...sizes, attack: trickle(HEAD) },
  'slow-bodies': { about: 'bodies that come a byte at a time', ...sizes, attack: trickle(BODY) },
};
