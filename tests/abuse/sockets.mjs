// What attackers do with sockets: many of them from many addresses, and only as much of HTTP as tells
// what they were answered.

import net from 'node:net';

import { PATIENCE_MS, inTime } from '../harness/until.mjs';

/** 127.2.x.y: all of 127/8 is this machine. The healthy are at 127.0.0.1. */
export const addressOf = (index) => `127.2.${(index >> 7) & 127}.${1 + (index & 127)}`;

/** Counts of what happened, by name. */
export class Tally {
  counts = {};

  add(what, by = 1) {
    this.counts[what] = (this.counts[what] ?? 0) + by;
  }

  of(what) {
    return this.counts[what] ?? 0;
  }
}

/** Calls `act(index)` for each index below `count`, `atOnce` of them at a time. */
export async function crowd(count, atOnce, act) {
  let next = 0;
  const worker = async () => {
    while (next < count) await act(next++);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, worker));
}

/** A connection that attends to nothing but what it is told to. */
export function connect(port, index = 0) {
  const socket = net.connect({ port, host: '127.0.0.1', localAddress: addressOf(index) });
  const connected = new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return inTime('connect', connected).then(() => {
    socket.on('error', () => {}); // its end is told by 'close'
    return socket;
  });
}

export const closed = (socket) =>
  new Promise((resolve) => (socket.closed ? resolve() : socket.once('close', resolve)));

/**
 * Sends bytes and gives the status of the answer; 0 when there was none before the end. `index` chooses
 * the address it comes from.
 */
export async function statusOf(port, bytes, index = 0) {
  const socket = await connect(port, index);
  try {
    return await statusOn(socket, bytes);
  } finally {
    socket.destroy();
  }
}

/** The same on a connection that is there, for an answer that comes in whole. */
export function statusOn(socket, bytes) {
  let text = '';
  const answered = new Promise((resolve) => {
    const status = () => Number(/^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1] ?? 0);
    const done = () => {
      socket.off('data', take);
      socket.off('close', done);
      resolve(status());
    };
    const take = (data) => {
      text += data.toString('latin1');
      if (isWhole(text)) done();
    };
    socket.on('data', take);
    socket.on('close', done);
  });
  socket.write(bytes);
  return inTime('an answer', answered, 3 * PATIENCE_MS);
}

function isWhole(text) {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return false;
  const length = /\r\ncontent-length: (\d+)\r\n/i.exec(text);
  return !length || text.length >= end + 4 + Number(length[1]);
}

/** A request's bytes. */
export function requestOf(port, method, path, fields = {}, body = '') {
  const length = body.length ? { 'Content-Length': Buffer.byteLength(body) } : {};
  const lines = Object.entries({ Host: `127.0.0.1:${port}`, ...length, ...fields });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${head}\r\n`), Buffer.from(body)]);
}
