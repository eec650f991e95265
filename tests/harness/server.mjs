// The real binary as a child process: started on a free port, stopped by its own pid, and always
// gone when the test file ends. Its log is printed when a test of the file failed.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { temporaryFolder } from './folder.mjs';
import { inTime, until } from './until.mjs';

export const BINARY =
  process.env.LIVETAPE_BINARY ??
  fileURLToPath(new URL('../../build/release/livetape', import.meta.url));

const READY = /^livetape: listening on http:\/\/([^\s/]+):(\d+)$/m;
const LOG_LINES_SHOWN = 40;
const PORT_FREE_WITHIN_MS = 90_000; // longer than a connection's TIME_WAIT
const started = new Set();

// Before the folders are removed.
process.prependListener('exit', (code) => {
  for (const server of started) {
    if (server.running) server.child.kill('SIGKILL');
    if (code !== 0 && !server.surroundings.quiet) server.showLog();
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
  /**
   * `args` follow `serve --port N --data-dir DIR`. `port` 0 takes a free one; without `dataDir` it
   * gets an empty folder of its own. `wrapper` is a program with arguments that runs the binary.
   * The log of a `quiet` one is not printed: who started it does that.
   */
  static async start(args = [], options = {}) {
    assertBinaryExists();
    const server = new Server(args, options);
    try {
      await until(`'livetape: listening on' of ${server.command}\n${server.stderr}`, () => {
        if (!server.running) {
          throw new Error(`${server.command} ended with ${server.exitStatus}:\n${server.stderr}`);
        }
        return READY.test(server.stdout);
      });
    } catch (error) {
      server.child.kill('SIGKILL'); // or the test would wait for its end
      throw error;
    }
    const [, host, bound] = READY.exec(server.stdout);
    server.host = host;
    server.port = Number(bound);
    return server;
  }

  constructor(args, { port = 0, env = {}, dataDir, wrapper = [], quiet = false } = {}) {
    this.folder = temporaryFolder();
    this.dataDir = dataDir ?? join(this.folder, 'data');
    this.args = args;
    this.surroundings = { env, wrapper, quiet };
    const all = ['serve', '--port', String(port), '--data-dir', this.dataDir, ...args];
    this.command = `livetape ${all.join(' ')}`;
    this.stdout = '';
    this.stderr = '';
    const [program, ...first] = [...wrapper, BINARY];
    this.child = spawn(program, [...first, ...all], {
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

  /** Ends it as an operator would, and insists on a clean end unless it was killed. */
  async stop(signal = 'SIGTERM') {
    if (this.killed) return;
    if (this.running) this.child.kill(signal);
    const status = await inTime(`end of ${this.command} after ${signal}`, this.exited);
    assert.equal(status, 0, `exit status of ${this.command}:\n${this.stderr}`);
  }

  /** Ends it as a crash would: no line of it runs after this. */
  async kill() {
    this.killed = true;
    this.child.kill('SIGKILL');
    const status = await inTime(`end of ${this.command} after SIGKILL`, this.exited);
    assert.equal(status, 'SIGKILL', `${this.command} was there to be killed:\n${this.stderr}`);
  }

  /**
   * The same command once more, on the same port and the same data. Meanwhile a connection of another
   * test may have been given the port: it is waited for.
   */
  again(args = this.args) {
    const { port, dataDir, surroundings } = this;
    const probe = async () => {
      try {
        return await Server.start(args, { port, dataDir, ...surroundings });
      } catch (error) {
        if (!error.message.includes(`port ${port} on ${this.host} is already in use`)) throw error;
        return undefined;
      }
    };
    return until(`port ${port} is free`, probe, { within: PORT_FREE_WITHIN_MS });
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

/** Stops (or kills) a server and starts it once more for this test. */
export async function restart(t, server, { kill = false, args } = {}) {
  await (kill ? server.kill() : server.stop());
  const next = await server.again(args);
  t.after(() => next.stop());
  return next;
}
