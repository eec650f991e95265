// What the process is started in: closed descriptors, outputs that take nothing, limits that are too
// low, and signals that come twice.

import assert from 'node:assert/strict';
import { readlinkSync } from 'node:fs';
import { describe, test } from 'node:test';

import { run } from './harness/command.mjs';
import { temporaryFolder } from './harness/folder.mjs';
import { request } from './harness/raw.mjs';
import { BINARY, Server, cleanEnvironment, serve } from './harness/server.mjs';

/** `livetape ...args`, run by a shell that first does `setting`, or with `redirection`s. */
function inShell(args, { setting = ':', redirection = '' }) {
  const script = `${setting} && exec "$0" "$@" ${redirection}`;
  const env = cleanEnvironment();
  return run('sh', ['-c', script, BINARY, ...args], { env, cwd: temporaryFolder() });
}

/** One line that says what is wrong, and status 1: no crash. */
function assertRefused({ status, stdout, stderr }, says) {
  assert.equal(status, 1, stderr);
  assert.equal(stdout, '');
  const last = stderr.trimEnd().split('\n').at(-1);
  assert.match(last, /^livetape: /);
  assert.match(last, says);
}

describe('descriptors that the caller has closed', () => {
  test('are opened on nothing: no file and no socket gets their numbers', async (t) => {
    const wrapper = ['sh', '-c', 'exec "$0" "$@" <&- 2>&-'];
    const server = await serve(t, ['--source', 'none'], { wrapper });
    for (const fd of [0, 2]) {
      assert.equal(readlinkSync(`/proc/${server.child.pid}/fd/${fd}`), '/dev/null');
    }
    assert.equal((await request(server, '/readyz')).status, 200);
  });

  test('an error that nobody can read is still an exit status', async () => {
    const args = ['serve', '--port', 'many'];
    assert.equal((await inShell(args, { redirection: '2>&-' })).status, 1);
    assert.equal((await inShell(args, { redirection: '2>/dev/full' })).status, 1);
  });
});

describe('an output that takes nothing', () => {
  // One that fits into a buffer, and one that does not.
  for (const args of [['version'], ['config', '--keys'], ['backtest', '--list']]) {
    test(`livetape ${args.join(' ')} > /dev/full`, async () => {
      const result = await inShell(args, { redirection: '>/dev/full' });
      assertRefused(result, /cannot write what there is to print: No space left on device/);
    });
  }
});

describe('limits of the process', () => {
  test('files that may not grow: as a disk that is full', async () => {
    const result = await inShell(['serve', '--port', '0'], { setting: 'ulimit -f 8' });
    assertRefused(result, /tape\.db.*: disk I\/O error/);
  });

  test('threads that cannot be started', async () => {
    // Stacks of a pebibyte: no address space has room for one.
    const setting = 'ulimit -s 1099511627776';
    const result = await inShell(['serve', '--port', '0'], { setting });
    assertRefused(result, /the system refuses a thread: .*TasksMax/);
  });
});

describe('signals', () => {
  test('one request that is sent twice ends it in order', async () => {
    for (let round = 0; round < 5; ++round) {
      const server = await Server.start(['--source', 'none']);
      server.child.kill('SIGTERM');
      await server.stop('SIGTERM');
    }
  });
});
