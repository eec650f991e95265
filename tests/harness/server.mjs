// The real binary as a child process: started on a free port, stopped by its own pid, and always
// gone when the test file ends. Its log is printed when a test of the file failed.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { inTime, until } from './until.mjs';

export const BINARY =
  process.env.LIVETAPE_BINARY ??
  fileURLToPath(new URL('../../build/release/livetape', import.meta.url));

const READY = /^livetape: listening on http:\/\/([^\s/]+):(\d+)$/m;
const LOG_LINES_SHOWN = 40;
const started = new Set();

process.on('exit', (code) => {
  for (const server of started) {
    if (server.running) server.child.kill('SIGKILL');
    if (code !== 0) server.showLog();
    rmSync(server.folder, { recursive: true, force: true });
  }
});

// Variables of the caller must not configure the server under test.
export function cleanEnvironment(extra = {}) {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('LIVETAPE_'));
  return { ...Object.fromEntries(kept), ...extra };
}

export function assertBinaryExists() {
  if (!existsSync(BINARY)) throw new Error(`${BINARY} is missing: build it first (make build)`);
}

export class Server {
  /** `args` follow `serve --port N`. `port` 0 takes a free one. */
  static async start(args = [], { port = 0, env = {} } = {}) {
    assertBinaryExists();
    const server = new Server(['serve', '--port', String(port), ...args], env);
    await until(`'livetape: listening on' of ${server.command}\n${server.stderr}`, () => {
      if (!server.running) {
        throw new Error(`${server.command} ended with ${server.exitStatus}:\n${server.stderr}`);
      }
      return READY.test(server.stdout);
    });
    const [, host, bound] = READY.exec(server.stdout);
    server.host = host;
    server.port = Number(bound);
    return server;
  }

  constructor(args, env) {
    this.command = `livetape ${args.join(' ')}`;
    this.folder = mkdtempSync(join(tmpdir(), 'livetape-test-'));
    this.stdout = '';
    this.stderr = '';
    this.child = spawn(BINARY, args, {
      cwd: this.folder,
      env: cleanEnvironment(env),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout.setEncoding('utf8').on('data', (text) => (this.stdout += text));
    this.child.stderr.setEncoding('utf8').on('data', (text) => (this.stderr += text));
    this.exited = new Promise((resolve) => {
      // 'close' rather than 'exit': then all of its output has been read.
      this.child.on('close', (code, signal) => {
        this.exitStatus = code ?? signal;
        resolve(this.exitStatus);
      });
    });
    started.add(this);
  }

  get running() {
    return this.exitStatus === undefined;
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Ends it as an operator would, and insists on a clean end. */
  async stop(signal = 'SIGTERM') {
    if (this.running) this.child.kill(signal);
    const status = await inTime(`end of ${this.command} after ${signal}`, this.exited);
    assert.equal(status, 0, `exit status of ${this.command}:\n${this.stderr}`);
  }

  /** Resident memory without shared file pages, in bytes. */
  residentBytes() {
    const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
    return Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)[1]) * 1024;
  }

  showLog() {
    const lines = this.stderr.trimEnd().split('\n').slice(-LOG_LINES_SHOWN);
    process.stderr.write(`--- ${this.command} (ended: ${this.exitStatus ?? 'no'})\n`);
    for (const line of lines) process.stderr.write(`    ${line}\n`);
  }
}

/** A server for one test: `const server = await serve(t, [...args])`. */
export async function serve(t, args, options) {
  const server = await Server.start(args, options);
  t.after(() => server.stop());
  return server;
}
