// The targets of the Makefile hand on what they are given, and what runs the tests knows its steps.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { run } from './harness/command.mjs';
import { temporaryFolder } from './harness/folder.mjs';
import { BINARY } from './harness/server.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
// As a user would run it, though `make test` runs this.
const { MAKEFLAGS, MAKELEVEL, ...env } = process.env;
const inRoot = (program, args) => run(program, args, { cwd: ROOT, env });

describe('make', () => {
  for (const target of ['run', 'test', 'fuzz', 'chaos', 'abuse', 'drain', 'soak', 'bench']) {
    test(`make ${target} hands ARGS on`, async () => {
      // -n: says what it would do.
      const { status, stdout, stderr } = await inRoot('make', ['-n', target, 'ARGS=--given this']);
      assert.equal(status, 0, stderr);
      assert.match(stdout.trimEnd().split('\n').at(-1), / --given this\b/);
    });
  }
});

test('make install puts the program where it is told, and it runs there', async () => {
  const to = temporaryFolder();
  const places = [`BINARY=${BINARY}`, `DESTDIR=${to}`, 'PREFIX=/opt/livetape'];
  const made = await inRoot('make', ['-s', 'install', ...places]);
  assert.equal(made.status, 0, made.stderr);
  const [there, here] = [join(to, 'opt/livetape/bin/livetape'), BINARY];
  const [version, wanted] = await Promise.all([there, here].map((at) => run(at, ['version'])));
  assert.deepEqual([version.status, version.stdout], [0, wanted.stdout]);
  const missing = await inRoot('make', ['-s', 'install', 'BINARY=build/none', `DESTDIR=${to}`]);
  assert.notEqual(missing.status, 0);
  assert.match(missing.stderr, /there is no build\/none: make build/);
});

test('real bars come with the first run, whatever the flags', async () => {
  const dataDir = join(temporaryFolder(), 'data');
  const flags = ['--insecure', '--record', 'day.rec', '--record-limit', '7', '--record=x.rec'];
  const asked = [BINARY, ...flags, '--data-dir', dataDir];
  const { status, stdout, stderr } = await inRoot('tools/first-bars', asked);
  assert.equal(status, 0, stderr);
  assert.match(stdout, /sp500-2000\.csv: completed: \d+ rows/);
  const again = await inRoot('tools/first-bars', asked);
  assert.deepEqual([again.status, again.stdout], [0, '']);
});

test('a step of the tests that is not there is refused, naming those that are', async () => {
  const { status, stdout, stderr } = await inRoot('tools/test', ['page', 'unti']);
  assert.equal(status, 2);
  assert.equal(stdout, '');
  assert.match(stderr, /there is no step unti; there are: .*\bunit\b/);
});

test('the steps that are named are those that there are', async () => {
  const { stdout } = await inRoot('grep', ['-oE', '^(step [a-z]+|steps=.*)', 'tools/test']);
  const lines = stdout.trimEnd().split('\n');
  const named = lines.shift().replace(/^steps="(.*)"$/, '$1').split(' ');
  assert.deepEqual(lines.map((line) => line.split(' ')[1]), named);
});
