// Writing to the server as a backend does, and the words for it.

import assert from 'node:assert/strict';

import { request } from './raw.mjs';

export const NDJSON = { 'Content-Type': 'application/x-ndjson' };

export const bearer = (token) => (token === undefined ? {} : { Authorization: `Bearer ${token}` });

/** The bytes of a body: text and bytes as they are, anything else as JSON. */
const bodyOf = (value) =>
  typeof value === 'string' || Buffer.isBuffer(value) ? value : JSON.stringify(value);

export function post(server, path, value, { token, headers = {}, ...options } = {}) {
  return request(server, path, {
    method: 'POST',
    body: bodyOf(value),
    headers: { 'Content-Type': 'application/json', ...bearer(token), ...headers },
    ...options,
  });
}

async function accepted(answer, what) {
  const { status, text } = await answer;
  assert.equal(status, 200, `${what}: ${text}`);
  return JSON.parse(text);
}

/** Publishes one item or an array of them; gives their ids, in order. */
export async function publish(server, items, options) {
  const { ids } = await accepted(post(server, '/api/v1/publish', items, options), 'publish');
  assert.equal(ids.length, Array.isArray(items) ? items.length : 1);
  return ids;
}

export const linesOf = (items) => items.map((item) => `${JSON.stringify(item)}\n`).join('');

/** Publishes all items in one request of lines; gives their ids, in order. */
export async function publishLines(server, items, { headers = {}, ...options } = {}) {
  const answer = post(server, '/api/v1/publish', linesOf(items), {
    headers: { ...NDJSON, ...headers },
    ...options,
  });
  const { ids } = await accepted(answer, 'publish of lines');
  assert.equal(ids.length, items.length);
  return ids;
}

/** Tells a channel what happened; gives the event's id. */
export async function tell(server, channel, data, options) {
  const answer = await accepted(post(server, `/api/v1/sse/${channel}`, data, options), channel);
  assert.deepEqual(Object.keys(answer), ['id']);
  return answer.id;
}

/** Sends a user event; gives the ids, one per user or one for a broadcast. */
export async function sendUserEvent(server, body, options) {
  return (await accepted(post(server, '/api/v1/events', body, options), 'user event')).ids;
}
