// Publishers that send as fast as they can.

import assert from 'node:assert/strict';

import { connect, crowd, requestOf, statusOn } from '../sockets.mjs';

const flood = (body, fields) => async (port, { connections, seconds }, tally) => {
  const request = requestOf(port, 'POST', '/api/v1/publish', fields, body);
  const until = performance.now() + seconds * 1000;
  await crowd(connections, connections, async (i) => {
    const socket = await connect(port, i);
    while (performance.now() < until) {
      const status = await statusOn(socket, request);
      assert.ok(status === 200 || status === 503, `publish: ${status}`);
      tally.add(`answered ${status}`);
    }
    socket.destroy();
  });
};

const item = { topic: 'abuse/flood', data: { text: 'x'.repeat(150) } };
const NDJSON = { 'Content-Type': 'application/x-ndjson' };
const sizes = { full: { connections: 50, seconds: 15 }, small: { connections: 50, seconds: 1 } };
const rest = { ...sizes, allowanceMib: 32 }; // the ring of records is full now

export const abuses = {
  'flood-singles': {
    about: 'publishers on 50 connections, a record a request',
    ...rest,
    attack: flood(JSON.stringify(item), {}),
  },
  'flood-batches': {
    about: 'the same with 1,000 records a request',
    ...rest,
    attack: flood(`${JSON.stringify(item)}\n`.repeat(1000), NDJSON),
  },
};
