// Short runs of the binary, and of other programs, to their end.

import { spawn } from 'node:child_process';

import { temporaryFolder } from './folder.mjs';
import { BINARY, assertBinaryExists, cleanEnvironment } from './server.mjs';
import { PATIENCE_MS } from './until.mjs';

/** Runs `program` to its end. `within`: it is killed after that, and the result says so. */
export function run(program, args, { within = PATIENCE_MS, env, cwd } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const result = { status: null, stdout: '', stderr: '', killed: false };
    const timer = setTimeout(() => {
      result.killed = true;
      child.kill('SIGKILL');
    }, within);
    child.stdout.setEncoding('utf8').on('data', (text) => (result.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (result.stderr += text));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ ...result, status: code ?? signal });
    });
  });
}

/** `livetape ...args`, to its end, in an empty folder of its own. */
export function livetape(args, { env = {}, ...options } = {}) {
  assertBinaryExists();
  return run(BINARY, args, { cwd: temporaryFolder(), ...options, env: cleanEnvironment(env) });
}
