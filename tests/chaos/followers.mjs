// Bots that follow the orders of an account over the WebSocket /stream. It has no memory: who comes back
// is told what happens from then on. So what one connection was told is a stretch of the account's
// fills, without a hole, up to the last one while it is open.

import { WebSocket } from 'ws';

import { checkFollowed } from './promises.mjs';
import { HABITS } from './subscribers.mjs';

const ENDS = 'a WebSocket ends only when it is told to';

/** One connection to one server. */
class Visit {
  constructor(server) {
    Object.assign(this, { left: false, over: false, listening: false, seen: [], from: undefined });
    this.socket = new WebSocket(`ws://127.0.0.1:${server.port}/stream`);
    this.ended = new Promise((resolve) => {
      this.socket.on('error', ({ message }) => resolve(message));
      this.socket.on('close', (code, reason) => resolve(`closed with ${code} ${reason}`));
    });
  }

  follow(account) {
    const say = (action, data) => this.socket.send(JSON.stringify({ action, data }));
    this.socket.on('open', () => {
      say('authenticate', { key_id: account, secret_key: 'any' });
      say('listen', { streams: ['trade_updates'] });
    });
    this.socket.on('message', (bytes) => {
      const { stream, data } = JSON.parse(bytes.toString('utf8'));
      if (stream === 'listening') this.listening = true;
      if (stream === 'trade_updates' && data.execution_id) this.seen.push(data.execution_id);
    });
  }

  async stop(ms, storm) {
    this.socket.pause();
    await storm.pause(ms);
    this.socket.resume();
  }

  leave(how) {
    this.left = true;
    if (how === 'reset') this.socket.terminate();
    else this.socket.close(1000);
  }
}

export class Follower {
  constructor(name, { account, world, storm, chance, habit }) {
    Object.assign(this, { name, account, world, storm, chance, habit });
    Object.assign(this, { visits: [], finished: false });
  }

  /** Listens for as long as its desk is open. */
  async live() {
    while (!this.finished) {
      const server = await this.world.present();
      this.world.report.operation(this.name, 'WebSockets opened');
      const visit = new Visit(server);
      this.visits.push(visit);
      visit.follow(this.account);
      this.#behave(visit);
      const end = await visit.ended;
      visit.over = true;
      if (!visit.left) {
        const fault = await this.world.blame(server, ENDS, `${this.name}: ${end}`);
        if (fault) throw fault;
      }
      await this.storm.pause(this.chance.between(20, 1500));
    }
  }

  async #behave(visit) {
    await new Promise((resolve) => visit.socket.on('open', resolve).on('close', resolve));
    while (!visit.over && !visit.left) {
      if (!this.storm.raging) await this.storm.next;
      if (this.storm.finished || this.habit === 'steady') return;
      if (!visit.over) await HABITS[this.habit](visit, this.chance, this.storm);
    }
  }

  /** Compares what it was told with the account's fills, [{execution_id}] in order. */
  check(fills) {
    const ids = fills.map(({ execution_id }) => execution_id);
    for (const visit of this.visits) checkFollowed(this.name, visit, ids);
  }

  /** What was compared is not needed any more; the fills go on from number `count`. */
  forget(count) {
    for (const { seen } of this.visits)
      this.world.report.count('fills told on WebSockets', seen.length);
    this.visits = this.visits.filter(({ over }) => !over);
    for (const visit of this.visits) {
      visit.seen = [];
      visit.from = visit.listening ? count : undefined;
    }
  }

  finish() {
    this.finished = true;
    this.visits.at(-1)?.leave('close');
  }
}
