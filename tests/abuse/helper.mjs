// A process of this driver beside it: on a core of its own where there is one to give.

import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { inTime } from '../harness/until.mjs';

export class Helper {
  /** `pin`: what `taskset` shall run it by, or []. */
  constructor(script, pin) {
    const path = fileURLToPath(new URL(script, import.meta.url));
    const [execPath, ...execArgv] = [...pin, process.execPath];
    this.script = script;
    this.child = fork(path, [], { execPath, execArgv });
    this.ended = new Promise((resolve) => this.child.once('exit', resolve));
  }

  /** Sends a message and gives its answer. */
  async ask(message, within) {
    const answered = new Promise((resolve, reject) => {
      this.child.once('message', resolve);
      this.ended.then((status) => reject(new Error(`${this.script} ended with ${status}`)));
    });
    this.child.send(message);
    const answer = await inTime(`an answer of ${this.script}`, answered, within);
    return answer;
  }

  async end() {
    if (this.child.connected) this.child.disconnect();
    await inTime(`the end of ${this.script}`, this.ended).catch(() => this.child.kill('SIGKILL'));
  }
}
