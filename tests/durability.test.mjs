// What is acknowledged stays: restarts, the lock of the folder, damaged files and their repair.

import assert from 'node:assert/strict';
import {
  copyFileSync,
  cpSync,
  existsSync,
  readFileSync,
  readdirSync,
  renameSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { post, publish, publishLines, tell } from './harness/api.mjs';
import { CHANNELS, inside, joinChannel } from './harness/channel.mjs';
import { livetape } from './harness/command.mjs';
import { temporaryFolder } from './harness/folder.mjs';
import { readLog } from './harness/log.mjs';
import { readMetrics } from './harness/metrics.mjs';
import { assertProblem } from './harness/problem.mjs';
import { request } from './harness/raw.mjs';
import { Server, restart, serve } from './harness/server.mjs';
import { named, openStream, payload } from './harness/sse.mjs';

const QUIET = ['--source', 'none', '--set', 'server.drain_s=0.5'];
const lines = (text) => text.trimEnd().split('\n');
const mark = (n) => `needle-${String(n).padStart(6, '0')}`;

/** Publishes `count` records in `groups` requests, one after the other; gives their ids. */
async function fill(server, count, groups = count) {
  const ids = [];
  for (let n = 0; n < count; n += count / groups) {
    const group = Array.from({ length: count / groups }, (_, i) => ({
      topic: `log/${(n + i) % 3}`,
      data: { n: n + i, mark: mark(n + i) },
    }));
    ids.push(...(await publishLines(server, group)));
  }
  return ids;
}

describe('a restart', () => {
  for (const kill of [false, true]) {
    test(`${kill ? 'after kill -9' : 'in order'} keeps every record under its id`, async (t) => {
      const first = await Server.start(QUIET);
      const ids = await fill(first, 200, 50);
      const second = await restart(t, first, { kill });
      const log = await readLog(second, 'log/*');
      assert.deepEqual(
        log.map(({ id, data }) => [id, data.n]),
        ids.map((id, n) => [id, n]),
      );
      assert.equal(log.gap, undefined);
      const tail = await readLog(second, 'log/*', ids[149]);
      assert.equal(tail.gap, undefined, 'old ids are good');
      assert.deepEqual(
        tail.map(({ id }) => id),
        ids.slice(150),
      );
      const [next] = await publish(second, { topic: 'log/0', data: { n: 200 } });
      assert.ok(!ids.includes(next), 'no id is used twice');
    });
  }

  test('with sync=normal what a killed process acknowledged is there as well', async (t) => {
    const first = await Server.start([...QUIET, '--set', 'tape.sync=normal']);
    const ids = await fill(first, 200, 50);
    const second = await restart(t, first, { kill: true });
    const log = await readLog(second, 'log/*');
    assert.deepEqual(
      log.map(({ data }) => data.n),
      ids.map((_, n) => n),
    );
    assert.equal((await readLog(second, 'log/*', ids[99])).length, 100, 'old cursors are good');
    const [next] = await publish(second, { topic: 'log/0', data: 0 });
    assert.ok(!ids.includes(next));
  });

  test('state that was published is gone, records are not', async (t) => {
    const first = await Server.start(QUIET);
    await publish(first, { topic: 'both/a', data: 'state', class: 'state' });
    await publish(first, { topic: 'both/a', data: 'record' });
    const second = await restart(t, first);
    const stream = await openStream(t, second, '/api/v1/stream?topics=both/*&since=earliest');
    await stream.next('hello', named('hello'));
    assert.equal(payload(await stream.next('the first')).data, 'record');
  });
});

describe('one folder', () => {
  test('is for one server; the second is told who has it', async (t) => {
    const first = await serve(t, QUIET);
    await publish(first, { topic: 'log/0', data: 1 });
    const { status, stdout, stderr } = await livetape([
      'serve',
      '--port',
      '0',
      '--data-dir',
      first.dataDir,
      ...QUIET,
    ]);
    assert.equal(status, 1, stderr);
    assert.equal(stdout, '');
    assert.ok(stderr.includes(first.dataDir), stderr);
    assert.ok(stderr.includes(String(first.child.pid)), stderr);
    await publish(first, { topic: 'log/0', data: 2 });
  });

  test('that cannot be made stops the start with one line', async () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    const { status, stderr } = await livetape(['serve', '--port', '0', '--data-dir', `${file}/x`]);
    assert.equal(status, 1);
    assert.equal(lines(stderr).filter((line) => line.includes(file)).length, 1, stderr);
  });
});

describe('livetape tape', () => {
  const tape = (verb, dataDir) => livetape(['tape', verb, '--data-dir', dataDir]);

  /** A stopped server's folder with 3,000 records, and its ids. */
  async function recorded() {
    const server = await Server.start(QUIET);
    const ids = await fill(server, 3000, 300);
    await server.stop();
    return { server, ids, file: join(server.dataDir, 'tape.db') };
  }

  /** It says what helps, in words that match `advice`. */
  async function assertRefusedToStart(server, ...advice) {
    const args = ['serve', '--port', '0', '--data-dir', server.dataDir, ...QUIET];
    const { status, stdout, stderr } = await livetape(args);
    assert.equal(status, 1, stderr);
    assert.equal(stdout, '');
    assert.ok(stderr.includes(server.dataDir), stderr);
    const commands = [/livetape tape check --data-dir/, /livetape tape repair --data-dir/];
    for (const words of advice.length > 0 ? advice : commands) assert.match(stderr, words);
  }

  test('check: a sound tape is 0 with its count, open or not; no tape is 1', async (t) => {
    const { server } = await recorded();
    const sound = await tape('check', server.dataDir);
    assert.equal(sound.status, 0, sound.stderr);
    assert.match(sound.stdout, /\b3,?000\b/);
    const running = await server.again();
    t.after(() => running.stop());
    assert.equal((await tape('check', server.dataDir)).status, 0);
    const busy = await tape('repair', server.dataDir);
    assert.equal(busy.status, 1, 'no repair under a running server');
    const none = await tape('check', temporaryFolder());
    assert.equal(none.status, 1);
    assert.ok(none.stderr.length > 0);
  });

  test('repair of a sound tape changes nothing', async (t) => {
    const { server, ids } = await recorded();
    const { status, stderr } = await tape('repair', server.dataDir);
    assert.equal(status, 0, stderr);
    const again = await server.again();
    t.after(() => again.stop());
    const log = await readLog(again, 'log/*');
    assert.deepEqual(
      log.map(({ id }) => id),
      ids,
    );
  });

  test('a restored backup goes on under a new epoch', async (t) => {
    const { server, ids, file } = await recorded();
    copyFileSync(file, `${file}.backup`);
    const later = await server.again();
    const [lost] = await publish(later, { topic: 'log/0', data: { n: 3000 } });
    await later.stop();
    renameSync(`${file}.backup`, file);
    assert.equal((await tape('restored', server.dataDir)).status, 0);
    const again = await server.again();
    t.after(() => again.stop());
    const [next] = await publish(again, { topic: 'log/0', data: { n: 'other' } });
    assert.notEqual(next, lost, 'no number twice under one epoch');
    assert.equal((await readLog(again, 'log/*', ids.at(-1))).length, 1, 'old cursors are good');
    const stream = await openStream(t, again, `/api/v1/stream?topics=log/*&since=${lost}`);
    await stream.next('hello', named('hello'));
    assert.equal(payload(await stream.next('gap', named('gap'))).reason, 'future');
  });

  test('damage in the middle: no start, check says where, repair keeps what is before', async (t) => {
    const { server, ids, file } = await recorded();
    const bytes = readFileSync(file);
    const at = bytes.indexOf(mark(1500));
    assert.ok(at > 0, 'record 1500 stands in the file');
    bytes.write('######', at + 2);
    writeFileSync(file, bytes);

    await assertRefusedToStart(server);
    const check = await tape('check', server.dataDir);
    assert.equal(check.status, 1);
    assert.match(check.stdout + check.stderr, /\b1,?(49|50)\d\b/, 'the place of the damage');
    const now = readFileSync(file);
    for (let n = 0; n < 3000; ++n)
      assert.equal(now.indexOf(mark(n)), bytes.indexOf(mark(n)), `record ${n} is as it was`);

    const repair = await tape('repair', server.dataDir);
    assert.equal(repair.status, 0, repair.stderr);
    assert.ok(
      readdirSync(server.dataDir).some((name) => /^tape\.db\.damaged-/.test(name)),
      'the damaged file was set aside',
    );
    assert.equal((await tape('check', server.dataDir)).status, 0);

    const again = await server.again();
    t.after(() => again.stop());
    const kept = await readLog(again, 'log/*');
    assert.ok(kept.length >= 1490 && kept.length <= 1500, `${kept.length} kept`);
    assert.deepEqual(
      kept.map(({ data }) => data.n),
      kept.map((_, n) => n),
    );
    const tail = await readLog(again, 'log/*', ids[1000]);
    assert.equal(tail.gap, undefined, 'an old cursor before the damage is good');
    assert.equal(tail[0].data.n, 1001);

    const lost = await readLog(again, 'log/*', ids[2500]);
    assert.equal(lost.length, 0);
    assert.equal(lost.gap.requested, ids[2500]);
    assert.ok(['future', 'unknown_epoch'].includes(lost.gap.reason), lost.gap.reason);
    const fresh = await fill(again, 1600, 16);
    assert.ok(!fresh.some((id) => ids.includes(id)), 'a lost number does not come back');
    assert.ok((await readLog(again, 'log/*', ids[2500])).gap, 'nor does it later');
    assert.equal((await readLog(again, 'log/*', ids[1000])).length, kept.length - 1001 + 1600);
  });

  test('half a file, another file, an empty one: never a silent new beginning', async () => {
    const { server, file } = await recorded();
    const spoil = {
      half: (path) => truncateSync(path, readFileSync(path).length / 2),
      text: (path) => writeFileSync(path, 'this is no database\n'.repeat(1000)),
      empty: (path) => writeFileSync(path, ''),
    };
    const original = join(temporaryFolder(), 'copy');
    cpSync(server.dataDir, original, { recursive: true });
    for (const [what, how] of Object.entries(spoil)) {
      cpSync(original, server.dataDir, { recursive: true });
      how(file);
      const bytes = readFileSync(file);
      // An empty one is SQLite's, and nobody's tape: there is nothing to repair.
      await assertRefusedToStart(server, ...(what === 'empty' ? [/move it away to begin/] : []));
      assert.equal((await tape('check', server.dataDir)).status, 1, what);
      assert.deepEqual(readFileSync(file), bytes, what);
    }
  });

  test('a time that cannot be looked up is told with 503, not with another place', async (t) => {
    const first = await Server.start([...QUIET, '--set', 'tape.ring=1024']);
    await fill(first, 2500, 25);
    const time = new Date().toISOString();
    await fill(first, 2500, 25);
    const server = await restart(t, first);
    const file = join(server.dataDir, 'tape.db');
    const bytes = readFileSync(file);
    const pages = Array.from({ length: bytes.length / 4096 }, (_, i) => i * 4096);
    const rows = pages.filter((at) => bytes[at] === 0x0d); // leaves of tables: the rows of blocks
    for (const at of rows.slice(2, -2)) bytes[at] = 0xff;
    writeFileSync(file, bytes);

    const answer = await request(server, `/api/v1/stream?topics=log/*&since=${time}`);
    assertProblem(answer, 503);
    assert.equal(answer.headers.get('retry-after'), '1');
    const now = await readLog(server, 'log/*', 'earliest');
    assert.equal(now.gap.reason, 'expired', 'what damage hides is told');
  });

  for (const args of [['tape'], ['tape', 'polish'], ['tape', 'check', '--wrong']]) {
    test(`livetape ${args.join(' ')} is wrong usage`, async () => {
      const { status, stdout, stderr } = await livetape(args);
      assert.equal(status, 2, stderr);
      assert.equal(stdout, '');
    });
  }
});

describe('telling streams', () => {
  test('drain: bare on the native stream, in the envelope on a channel', async (t) => {
    const server = await Server.start(QUIET);
    const native = await openStream(t, server, '/api/v1/stream?topics=a/*');
    const training = await joinChannel(t, server, 'training');
    const id = await tell(server, 'training', CHANNELS.training);
    await server.stop();
    for (const [stream, unwrap] of [
      [native, payload],
      [training, inside],
    ]) {
      const blocks = await stream.rest();
      assert.ok(stream.endedCleanly);
      const { after_ms, ...rest } = unwrap(blocks.find(named('drain')));
      assert.ok(after_ms >= 500 && after_ms <= 1000, `${after_ms}`);
      assert.deepEqual(rest, {});
      assert.ok(blocks.at(-1).retry >= 500, JSON.stringify(blocks.at(-1)));
      if (stream === training) assert.equal(blocks[0].id, id, 'the last record came before');
    }
  });

  test('slow: state was skipped, records were not', async (t) => {
    const symbols = Array.from({ length: 100 }, (_, i) => `S${i}`);
    const busy = ['--set', `market.symbols=${symbols}`, '--set', 'market.rate=200'];
    const server = await serve(t, busy);
    const path = '/api/v1/stream?topics=market/*,log/*&interval=0';
    const stuck = await openStream(t, server, path);
    await stuck.next('hello', named('hello'));
    stuck.client.pause();
    const other = await openStream(t, server, path);
    const ids = [];
    for (let enough = 0; other.bytesRead < 12e6; enough += 1e6) {
      while (other.bytesRead < enough) await other.next('prices', named('quote'));
      ids.push(...(await publish(server, { topic: 'log/0', data: ids.length })));
    }
    stuck.client.resume();
    const seen = { slow: 0, ids: [] };
    while (seen.ids.length < ids.length || seen.slow === 0) {
      const block = await stuck.next('slow and all records', named('slow', 'message'));
      if (block.event === 'message') seen.ids.push(block.id);
      else seen.slow += payload(block).skipped;
    }
    assert.deepEqual(seen.ids, ids);
    assert.ok(seen.slow > 0);
  });
});

describe('operations', () => {
  test('readyz is 200 when it listens', async (t) => {
    const server = await serve(t, QUIET);
    assert.equal((await request(server, '/readyz')).status, 200);
  });

  test('the tape has its metrics', async (t) => {
    const server = await serve(t, QUIET);
    await fill(server, 30, 10);
    await readLog(server, 'log/*', 'nonsense');
    await post(server, '/api/v1/publish', { topic: 'user/x', data: 1 });
    const families = await readMetrics(server);
    const names = [...families.keys()].filter((name) => name.startsWith('livetape_'));
    const find = (pattern, type) =>
      names.find((name) => pattern.test(name) && families.get(name).type === type);
    for (const [pattern, type] of [
      [/tape.*commit/, 'histogram'],
      [/tape.*group/, 'histogram'],
      [/tape.*head/, 'gauge'],
      [/tape.*oldest/, 'gauge'],
      [/tape.*records_total/, 'counter'],
      [/replay|fetch/, 'counter'],
      [/gaps?/, 'counter'],
      [/refus|reject/, 'counter'],
    ])
      assert.ok(find(pattern, type), `${type} ${pattern} among ${names.join(' ')}`);
    const [head] = families.get(find(/tape.*head/, 'gauge')).samples;
    assert.ok(head.value >= 31, `${head.value}`);
    assert.ok(existsSync(join(server.dataDir, 'tape.db')));
  });
});
