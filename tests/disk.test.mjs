// A full disk: publishing waits and is told, reading goes on, and all is well when there is room.
//
// Where the kernel gives no file system of its own, these tests are skipped and say so.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';

import { linesOf, NDJSON, post, publish, publishLines } from './harness/api.mjs';
import { walkFile } from './harness/bars.mjs';
import { Jobs } from './harness/jobs.mjs';
import { readLog } from './harness/log.mjs';
import { assertProblem } from './harness/problem.mjs';
import { request } from './harness/raw.mjs';
import { Server } from './harness/server.mjs';
import { SmallDisk } from './harness/small_disk.mjs';
import { isPrice, named, openStream, payload } from './harness/sse.mjs';
import { until } from './harness/until.mjs';

const KIB = 1024;
/** A server whose data folder is on a file system of its own. */
async function onSmallDisk(t, size = '24m') {
  const disk = await SmallDisk.make(size);
  const server = await Server.start([], { dataDir: disk.dataDir, wrapper: disk.wrapper });
  t.after(async () => {
    await server.stop();
    await disk.remove();
  });
  return { disk, server };
}

const readiness = async (server) => (await request(server, '/readyz')).status;
const item = (n, bytes = 10) => ({ topic: 'disk/a', data: { n, text: 'x'.repeat(bytes) } });

describe('a full disk', async () => {
  const skip = await SmallDisk.whyNot();

  test('503 until there is room, nothing lost, nothing half done', { skip }, async (t) => {
    const { disk, server } = await onSmallDisk(t);
    const reader = await openStream(t, server, '/api/v1/stream?topics=disk/*');
    await reader.next('hello', named('hello'));
    const acknowledged = [];
    for (let n = 0; n < 100; ++n) acknowledged.push({ n, id: (await publish(server, item(n)))[0] });

    disk.fill();
    let refused;
    for (let n = 100; !refused; ++n) {
      const answer = await post(server, '/api/v1/publish', item(n, 60 * KIB));
      if (answer.status === 200) acknowledged.push({ n, id: answer.json().ids[0] });
      else refused = answer;
      assert.ok(n < 2000, 'the disk never ran full');
    }
    assertProblem(refused, 503);
    assert.match(refused.headers.get('retry-after'), /^[1-9]\d*$/);

    // Everything else goes on.
    assert.equal(await readiness(server), 503);
    assert.equal((await request(server, '/healthz')).status, 200);
    assert.equal((await request(server, '/metrics')).status, 200);
    const prices = await openStream(t, server, '/stream?interval=0');
    await prices.take('a price', 20, isPrice);
    const late = await openStream(t, server, '/api/v1/stream?topics=disk/*&since=earliest');
    for (const stream of [reader, late]) {
      for (const { n, id } of acknowledged) {
        const block = await stream.next(`record ${n}`, named('message'));
        assert.deepEqual([block.id, payload(block).data.n], [id, n]);
      }
    }
    for (const again of [item(9000), [item(9001), item(9002)]])
      assertProblem(await post(server, '/api/v1/publish', again), 503);
    const lines = linesOf([item(9003), item(9004)]);
    assertProblem(await post(server, '/api/v1/publish', lines, { headers: NDJSON }), 503);
    const training = { task_id: 't', progress: 1, status: 'running' };
    assertProblem(await post(server, '/api/v1/sse/training', training), 503);

    disk.makeRoom();
    await until('it is ready again', async () => (await readiness(server)) === 200);
    const more = Array.from({ length: 20 }, (_, i) => item(5000 + i));
    const ids = await publishLines(server, more);
    acknowledged.push(...ids.map((id, i) => ({ n: 5000 + i, id })));
    for (const stream of [reader, late]) {
      const block = await stream.next('what came after', named('message'));
      assert.equal(block.id, ids[0], 'nothing that was refused was sent');
    }
    const log = await readLog(server, 'disk/*');
    assert.deepEqual(
      log.map(({ id, data }) => ({ n: data.n, id })),
      acknowledged,
    );
  });

  test('what becomes of a job waits for room; a stop waits for nothing', { skip }, async (t) => {
    const { disk, server } = await onSmallDisk(t);
    const imports = new Jobs(server, 'import');
    const bars = readFileSync(walkFile(20_000), 'utf8');
    await imports.completed(await imports.start(bars, '?symbol=WALK&timeframe=1m'));
    const jobs = new Jobs(server);
    const numbers = (from) => Array.from({ length: 100 }, (_, i) => from + i);
    const sweep = {
      strategy: 'sma_cross',
      params: { fast: numbers(1), slow: numbers(101) },
      symbols: ['WALK'],
      timeframe: '1m',
    };
    const [first, second] = [await jobs.start(sweep), await jobs.start(sweep)];
    await jobs.running(first);
    disk.fill();
    await until('nothing is committed', async () => {
      await post(server, '/api/v1/publish', item(0, 60 * KIB));
      return (await readiness(server)) === 503;
    });
    const cancelled = jobs.ask('DELETE', `/${first}`);
    assert.equal((await jobs.one(first)).status, 'running', 'as long as it is not kept');
    disk.makeRoom();
    assert.equal((await cancelled).status, 200);
    assert.equal((await jobs.one(first)).status, 'cancelled');

    await jobs.running(second);
    disk.fill();
    await until('nothing is committed', async () => {
      await post(server, '/api/v1/publish', item(0, 60 * KIB));
      return (await readiness(server)) === 503;
    });
    await server.stop();
  });

  test('what is long leaves the last of it to records and accounts', { skip }, async (t) => {
    const { disk, server } = await onSmallDisk(t, '64m');
    const imports = new Jobs(server, 'import');
    const bars = readFileSync(walkFile(60_000), 'utf8');
    await imports.completed(await imports.start(bars, '?symbol=WALK&timeframe=1m'));
    const jobs = new Jobs(server);
    const often = {
      strategy: 'sma_cross',
      params: { fast: 1, slow: 2 },
      symbols: ['WALK'],
      timeframe: '1m',
    };
    disk.fill(16 * KIB);
    const id = await jobs.start(often);
    const { status, message } = await jobs.over(id);
    assert.equal(status, 'failed', message);
    assert.match(message, /^its result cannot be kept: the disk has \d+ KiB left/);
    assert.equal((await jobs.get(`/${id}/fills`)).total, 0);

    const refused = await imports.post(bars, '?symbol=WALK&timeframe=1m');
    assertProblem(refused, 507);
    await publish(server, item(1));
    const seldom = { ...often, params: { fast: 5, slow: 5000 } };
    await jobs.completed(await jobs.start(seldom));
    assert.equal(await readiness(server), 200);

    disk.makeRoom();
    assert.equal((await jobs.ask('POST', `/${id}/restart`)).status, 202);
    await jobs.completed(id);
    assert.ok((await jobs.get(`/${id}/fills`)).total > 10_000);
  });

  test('an import for whose bars there is no room ends, and its file goes', { skip }, async (t) => {
    const { disk, server } = await onSmallDisk(t, '64m');
    const imports = new Jobs(server, 'import');
    const bars = gzipSync(readFileSync(walkFile(500_000)));
    const kept = 8 * KIB;
    disk.fill(kept + Math.ceil(bars.length / KIB) + 512);
    const id = await imports.start(bars, '?symbol=WALK&timeframe=1m');
    const { status, message } = await imports.over(id);
    assert.equal(status, 'failed', message);
    assert.match(message, /^the disk has \d+ KiB left, .*: free some room, then send the file again$/);
    assert.deepEqual(readdirSync(join(disk.inside, 'data', 'uploads')), []);
    await publish(server, item(1));
    disk.makeRoom();
    await imports.completed(await imports.start(bars, '?symbol=WALK&timeframe=1m'));
  });
});
