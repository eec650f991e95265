// Clients that ask and never read: streams of a busy topic, and answers one after the other.

import assert from 'node:assert/strict';

import { inTime } from '../../harness/until.mjs';
import { closed, connect, crowd, requestOf, statusOn } from '../sockets.mjs';

const STREAMS = 100; // of an address, at most
const CUT_WITHIN_MS = 45_000; // 30 s without a byte taken, looked at from time to time

/** Streams that take nothing while a publisher sends, and are cut by the server. */
async function stuckStreams(port, { streams, mib, untilCut }, tally) {
  const stuck = [];
  await crowd(streams, 50, async (i) => {
    const socket = await connect(port, Math.floor(i / STREAMS));
    socket.pause();
    socket.write(requestOf(port, 'GET', '/api/v1/stream?topics=abuse/large'));
    stuck.push(socket);
  });
  const publisher = await connect(port);
  const item = { topic: 'abuse/large', data: 'x'.repeat(32 * 1024) };
  const request = requestOf(port, 'POST', '/api/v1/publish', {}, JSON.stringify(Array(16).fill(item)));
  for (let sent = 0; sent < mib * 2; ++sent) {
    const status = await statusOn(publisher, request);
    assert.ok(status === 200 || status === 503, `publish: ${status}`);
    tally.add(`publish answered ${status}`);
  }
  publisher.destroy();
  if (untilCut) await inTime('all are cut', Promise.all(stuck.map((socket) => cut(socket))), CUT_WITHIN_MS);
  tally.add(untilCut ? 'streams cut' : 'streams', stuck.length);
  for (const socket of stuck) socket.destroy();
}

/** Told without reading: what is written to a connection that is gone fails. */
function cut(socket) {
  const timer = setInterval(() => socket.write('\n'), 1000);
  return closed(socket).then(() => clearInterval(timer));
}

/** Requests one behind the other on connections that read no answer. */
async function unreadAnswers(port, { connections, requests, untilCut }, tally) {
  const request = requestOf(port, 'GET', '/openapi.json');
  const stuck = [];
  await crowd(connections, 50, async (i) => {
    const socket = await connect(port, i);
    socket.pause();
    for (let n = 0; n < requests; ++n) socket.write(request);
    stuck.push(socket);
  });
  if (untilCut) await inTime('all are cut', Promise.all(stuck.map((socket) => cut(socket))), 2 * CUT_WITHIN_MS);
  tally.add(untilCut ? 'connections cut' : 'connections', stuck.length);
  for (const socket of stuck) socket.destroy();
}

export const abuses = {
  'stuck-streams': {
    about: 'streams of large records that are never read',
    full: { streams: 1000, mib: 256, untilCut: true },
    small: { streams: 200, mib: 8, untilCut: false },
    settings: ['--set', 'tape.ring=1024'], // of records of 32 KiB
    allowanceMib: 48,
    attack: stuckStreams,
  },
  'unread-answers': {
    about: 'requests whose answers are never read',
    full: { connections: 1000, requests: 200, untilCut: true },
    small: { connections: 100, requests: 50, untilCut: false },
    allowanceMib: 16,
    attack: unreadAnswers,
  },
};
