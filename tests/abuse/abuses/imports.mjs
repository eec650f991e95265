// Imports that are small when they come and huge when they are unpacked.

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

import { crowd, requestOf, statusOf } from '../sockets.mjs';
import { PATIENCE_MS, until } from '../../harness/until.mjs';

const MIB = 2 ** 20;
const MEMBER = 16 * MIB; // several gzip members in a row are one text
const HEADER = 'date,open,high,low,close,volume\n';
const AT_ONCE = 16;
const PATH = '/api/v1/imports?symbol=ABUSE&timeframe=1s';

const zeros = (mib) => repeated(gzipSync(Buffer.alloc(MEMBER), { level: 9 }), mib);

function lines(mib) {
  const start = Date.UTC(2020, 0, 1);
  let text = '';
  for (let s = 0; text.length < MEMBER; ++s) {
    text += `${new Date(start + s * 1000).toISOString()},100,110,90,105,1\n`;
  }
  return Buffer.concat([gzipSync(HEADER), repeated(gzipSync(text), mib)]);
}

const repeated = (member, mib) =>
  Buffer.concat(Array(Math.max(1, Math.round((mib * MIB) / MEMBER))).fill(member));

async function jobs(port, status) {
  const path = `http://127.0.0.1:${port}/api/v1/imports?status=${status}&limit=1`;
  const { total } = await (await fetch(path)).json();
  return total;
}

async function bombs(port, { zerosMib, linesMib, files, withinMs }, tally) {
  const sent = async (name, body) => {
    const bytes = requestOf(port, 'POST', PATH, {}, body);
    await crowd(files, AT_ONCE, async (i) => {
      const status = await statusOf(port, bytes, i);
      assert.ok(status === 202 || status === 503, `${name}: ${status}`);
      tally.add(`${name} answered ${status}`);
    });
    tally.add(`KiB of a file of ${name}`, Math.round(body.length / 1024));
  };
  await sent('zeros', zeros(zerosMib));
  await sent('lines', lines(linesMib));
  assert.equal(await statusOf(port, requestOf(port, 'POST', PATH, { 'Content-Encoding': 'br' }, 'x')), 415);
  const left = async () => (await jobs(port, 'queued')) + (await jobs(port, 'running'));
  // What takes longer is cancelled, as its owner would.
  const deadline = performance.now() + withinMs;
  while ((await left()) > 0 && performance.now() < deadline) await pause(200);
  await cancelAll(port, tally);
  await until('no job is left', async () => (await left()) === 0, { within: 3 * PATIENCE_MS, every: 100 });
  tally.add('failed', await jobs(port, 'failed'));
  tally.add('completed', await jobs(port, 'completed'));
}

async function cancelAll(port, tally) {
  for (const status of ['queued', 'running']) {
    const list = `http://127.0.0.1:${port}/api/v1/imports?status=${status}&limit=1000`;
    const answer = await (await fetch(list)).json();
    for (const job of answer.imports) {
      const path = `http://127.0.0.1:${port}/api/v1/imports/${job.import_id}`;
      const { status: given } = await fetch(path, { method: 'DELETE' });
      assert.ok([200, 409].includes(given), `cancel: ${given}`);
      tally.add('cancelled');
    }
  }
}

export const abuses = {
  'gzip-bombs': {
    about: 'imports of gigabytes of zeros and of lines in a few KiB',
    full: { zerosMib: 4096, linesMib: 1024, files: 4, withinMs: 30_000 },
    small: { zerosMib: 256, linesMib: 16, files: 1, withinMs: 3000 },
    allowanceMib: 24,
    attack: bombs,
  },
};
