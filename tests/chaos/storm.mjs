// When operations go on and when all is quiet. Pauses of a client's habits end with the storm.

import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

import { until } from '../harness/until.mjs';

const REST_WITHIN_MS = 90_000;

export class Storm {
  constructor() {
    Object.assign(this, { raging: false, busy: 0, finished: false });
    this.#awaitNext();
  }

  #awaitNext() {
    this.next = new Promise((resolve) => (this.announce = resolve));
  }

  begin() {
    this.raging = true;
    this.ending = new AbortController();
    setMaxListeners(0, this.ending.signal); // each client that pauses is one
    this.announce();
    this.#awaitNext();
  }

  end() {
    if (!this.raging) return;
    this.raging = false;
    this.ending.abort();
  }

  /** Lets everybody go who waits for the next one. */
  finish() {
    this.end();
    this.finished = true;
    this.announce();
  }

  /** The time that a client takes, or until the storm is over. */
  async pause(ms) {
    if (!this.raging) return;
    await pause(ms, undefined, { signal: this.ending.signal }).catch(() => {});
  }

  /** Calls `step` again and again while it rages; returns when all is finished. */
  async during(step) {
    while (!this.finished) {
      if (!this.raging) {
        await this.next;
        continue;
      }
      this.busy++;
      try {
        while (this.raging) await step();
      } finally {
        this.busy--;
      }
    }
  }

  /** Everybody's last step is over. */
  async rest() {
    const what = () => `${this.busy} clients at rest`;
    await until(what, () => this.busy === 0, { within: REST_WITHIN_MS });
  }
}
