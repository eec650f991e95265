// A program of the examples at work: its lines, until the test or the program ends.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';

import { inTime, until } from '../harness/until.mjs';

export class Program {
  /** `env` is added to that of the tests; undefined leaves a variable out. */
  constructor(t, program, args, env = {}) {
    this.command = [program, ...args].join(' ');
    this.lines = [];
    this.stderr = '';
    const all = Object.entries({ ...process.env, ...env });
    // A group of its own: a shell script is several processes.
    this.child = spawn(program, args, {
      env: Object.fromEntries(all.filter(([, value]) => value !== undefined)),
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let rest = '';
    this.child.stdout.setEncoding('utf8').on('data', (text) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop();
      this.lines.push(...lines);
    });
    this.child.stderr.setEncoding('utf8').on('data', (text) => (this.stderr += text));
    this.ended = new Promise((resolve) => this.child.on('close', resolve));
    t.after(() => this.stop());
  }

  /** Ends it, and gives its exit status: null if the signal has. */
  async stop() {
    try {
      process.kill(-this.child.pid, 'SIGTERM');
    } catch (error) {
      if (error.code !== 'ESRCH') throw error; // it has ended by itself
    }
    return inTime(`end of ${this.command}`, this.ended);
  }

  until(what, condition) {
    return until(
      () => `${what}: ${this.command}\n${this.lines.join('\n')}\n${this.stderr}`,
      () => {
        assert.equal(this.child.exitCode, null, `${this.command} ended:\n${this.stderr}`);
        return condition();
      },
    );
  }
}
