// The words of the channels: their envelope, their greeting, one valid event of each.

import assert from 'node:assert/strict';

import { openStream, payload } from './sse.mjs';

export const MICROSECONDS_UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

/** The least that each channel takes. */
export const CHANNELS = {
  training: { task_id: 't', progress: 0, status: 'queued' },
  backtest: { backtest_id: 'b', progress: 1, status: 'started' },
  alerts: { alert_type: 'var', severity: 'low', message: 'm' },
  dashboard: { update_type: 'metrics', data: {} },
};

export const step = (task_id, progress, status = 'running') => ({ task_id, progress, status });

export const channel = (name, query = '') => `/api/v1/sse/${name}${query}`;

/** The envelope of a block, checked; gives what is inside. */
export function inside(block) {
  const envelope = payload(block);
  assert.deepEqual(Object.keys(envelope), ['event', 'data', 'timestamp'], block.data);
  assert.equal(envelope.event, block.event);
  assert.match(envelope.timestamp, MICROSECONDS_UTC);
  return envelope.data;
}

/** A stream of a channel, past its first retry. */
export async function openChannel(t, server, name, { query = '', headers } = {}) {
  const stream = await openStream(t, server, channel(name, query), { headers });
  assert.equal(stream.head.status, 200);
  assert.deepEqual(Object.keys(await stream.next('retry')), ['retry']);
  return stream;
}

/** The same, past connected. */
export async function joinChannel(t, server, name, options) {
  const stream = await openChannel(t, server, name, options);
  const greeting = await stream.next('connected');
  assert.equal(greeting.event, 'connected');
  return stream;
}
