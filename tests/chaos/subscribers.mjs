// Clients that listen, each with its habit: reading all the time, slowly, with long pauses, or leaving
// (in order or by RST) and coming back with the last id. What they have seen is compared with the log
// whenever all is quiet.

import { inside } from '../harness/channel.mjs';
import { EventStream, payload } from '../harness/sse.mjs';
import { BrokenPromise, checkLively, checkNext, numberOf } from './promises.mjs';

// The server sends a heartbeat at least every 15 s.
const HEARTBEAT_WITHIN_MS = 30_000;
const WAIT_MS = 5000; // for a block, before it is asked whether the stream is stuck
const TOLD_TO_END = 'a stream ends only when it is told to';
const CUT_AFTER_MS = 25_000; // the server cuts who takes nothing for 30 s

/** How a client behaves while it is connected; it returns when it is about to leave. */
export const HABITS = {
  steady: async () => {},
  async slow(visit, chance, storm) {
    await visit.stop(chance.between(20, 400), storm);
    await storm.pause(chance.between(5, 50));
  },
  async stalling(visit, chance, storm) {
    await storm.pause(chance.between(300, 4000));
    await visit.stop(chance.is(0.1) ? 33_000 : chance.between(500, 12_000), storm);
  },
  async resetting(visit, chance, storm) {
    await storm.pause(chance.between(20, 4000));
    visit.leave('reset');
  },
  async leaving(visit, chance, storm) {
    await storm.pause(chance.between(20, 4000));
    visit.leave('close');
  },
};

/** One connection to one server. */
class Visit {
  constructor(server, stream) {
    Object.assign(this, { server, stream, left: false, sentAway: false, longStall: false });
    Object.assign(this, { over: false, stopped: false, latest: performance.now() });
  }

  async stop(ms, storm) {
    this.longStall ||= ms > CUT_AFTER_MS;
    this.stopped = true;
    this.stream.client.pause();
    await storm.pause(ms);
    this.stream.client.resume();
    this.stopped = false;
    this.latest = performance.now();
  }

  leave(how) {
    if (this.over) return;
    this.left = true;
    if (how === 'reset') this.stream.client.socket.resetAndDestroy();
    else this.stream.close();
  }
}

/** Whether a topic lies within a pattern (API: `*` is a segment, `**` the rest). */
export function within(pattern, topic) {
  const [wanted, given] = [pattern.split('/'), topic.split('/')];
  const open = wanted.at(-1) === '**';
  if (open ? given.length < wanted.length : given.length !== wanted.length) return false;
  const fixed = open ? wanted.slice(0, -1) : wanted;
  return fixed.every((segment, i) => segment === '*' || segment === given[i]);
}

export class Subscriber {
  /**
   * `path` and `headers` of its stream; `habit` is a name of HABITS. `recordOf(block)` gives {id, ...}
   * of a block that is a record; `stateOf(block)` gives [key, value] of one that is state, value
   * undefined for a deletion. `matches(record)` tells which records of the log are its own;
   * `dataOf(block)` gives what a control event says.
   */
  constructor(name, { world, storm, chance, path, habit, ...rest }) {
    Object.assign(this, { name, world, storm, chance, path, habit });
    const nothing = () => undefined;
    Object.assign(this, { headers: {}, recordOf: nothing, stateOf: nothing, matches: () => false });
    Object.assign(this, { dataOf: payload });
    Object.assign(this, rest);
    Object.assign(this, { seen: [], gaps: [], screen: new Map(), lastId: undefined });
    Object.assign(this, { from: undefined, finished: false });
  }

  /** Listens for as long as the run goes on. */
  async live() {
    while (!this.finished) {
      const server = await this.world.present();
      try {
        await this.#visit(server);
      } catch (error) {
        if (error instanceof BrokenPromise || error.code === 'ERR_ASSERTION') throw error;
        if (this.finished) return;
        const fault = await this.world.blame(server, TOLD_TO_END, `${this.name}: ${error.message}`);
        if (fault) throw fault;
      }
      if (this.habit !== 'steady') await this.storm.pause(this.chance.between(0, 1500));
    }
  }

  async #visit(server) {
    const headers = { ...this.headers };
    let { path } = this;
    if (this.lastId !== undefined) {
      this.world.report.operation(this.name, 'streams resumed', `after ${this.lastId}`);
      if (this.chance.is(0.5)) headers['Last-Event-ID'] = this.lastId;
      else path += `${path.includes('?') ? '&' : '?'}last_event_id=${this.lastId}`;
    } else this.world.report.operation(this.name, 'streams begun');
    const stream = await EventStream.open(server, path, { headers });
    if (stream.head.status !== 200) throw new Error(`status ${stream.head.status}`);
    this.screen.clear(); // it is told what there is
    const visit = new Visit(server, stream);
    this.visit = visit;
    this.#behave(visit);
    try {
      for (;;) this.#take(visit, await this.#nextBlock(visit));
    } catch (error) {
      if (error instanceof BrokenPromise) throw error;
      if (!visit.left && !visit.sentAway && !visit.longStall) throw error;
    } finally {
      visit.over = true;
      stream.close();
    }
  }

  async #behave(visit) {
    while (!visit.over && !visit.left) {
      if (!this.storm.raging) await this.storm.next;
      if (this.storm.finished || this.habit === 'steady') return;
      if (!visit.over) await HABITS[this.habit](visit, this.chance, this.storm);
    }
  }

  /** The next block; a stream on which nothing comes for too long is stuck. */
  async #nextBlock(visit) {
    for (;;) {
      try {
        const block = await visit.stream.next('a block', () => true, WAIT_MS);
        visit.latest = performance.now();
        return block;
      } catch (error) {
        if (!error.message.startsWith('not within')) throw error;
        // Neither is it the server's fault what happens while it is frozen, or this client stopped.
        if (visit.stopped || this.world.struck) visit.latest = performance.now();
        const silence = performance.now() - Math.max(visit.latest, this.world.calmSince);
        if (!this.world.excuses(visit.server))
          checkLively(this.name, silence, HEARTBEAT_WITHIN_MS);
      }
    }
  }

  #take(visit, block) {
    if (block.event === 'drain') visit.sentAway = true;
    if (block.event === 'slow') this.world.report.count('streams told slow');
    const state = block.id === undefined ? this.stateOf(block) : undefined;
    if (state) {
      this.world.report.count('state events delivered');
      if (state[1] === undefined) this.screen.delete(state[0]);
      else this.screen.set(...state);
    }
    if (block.id === undefined) return;
    const record = this.recordOf(block);
    if (block.event === 'gap') this.#gap(block);
    else if (record) {
      checkNext(this.name, this.lastId, block.id);
      this.world.report.count('records delivered');
      this.seen.push(record);
    }
    this.from ??= numberOf(block.id);
    // At a gap that follows, a greeting stands where the gap ends.
    const greets = block.event === 'hello' || block.event === 'connected';
    if (!greets || this.lastId === undefined) this.lastId = block.id;
  }

  #gap(block) {
    const { reason, requested, resumed_at } = this.dataOf(block);
    this.world.report.operation(this.name, 'gaps told', block.data);
    this.gaps.push({ reason, requested, from: numberOf(requested), to: numberOf(resumed_at) });
  }

  /** Whether it has been sent everything through this id. */
  reached(id) {
    return this.lastId !== undefined && numberOf(this.lastId) >= numberOf(id);
  }

  /** What was compared until here is not needed any more. */
  forget(mark) {
    this.seen = [];
    this.gaps = [];
    this.from = numberOf(mark);
  }

  finish() {
    this.finished = true;
    this.visit?.leave('close');
  }
}

/** The native stream: records and state of `patterns`; `end/mark` is told with them. */
export function nativeSubscriber(name, { patterns, interval, ...options }) {
  const topics = encodeURIComponent([...patterns, 'end/mark'].join(','));
  return new Subscriber(name, {
    ...options,
    patterns,
    path: `/api/v1/stream?topics=${topics}&interval=${interval}`,
    matches: ({ topic }) => patterns.some((pattern) => within(pattern, topic)),
    recordOf(block) {
      if (block.event !== 'message') return undefined;
      const { topic, data } = payload(block);
      return { id: block.id, topic, n: data.n };
    },
    stateOf(block) {
      if (block.event !== 'message') return undefined;
      const { topic, data } = payload(block);
      return [topic, data === null ? undefined : data.n];
    },
  });
}

/** A user's own events. */
export function userSubscriber(name, { user, token, ...options }) {
  return new Subscriber(name, {
    ...options,
    user,
    path: '/api/v1/events',
    headers: { Authorization: `Bearer ${token}` },
    matches: ({ topic }) => topic.startsWith(`user/${user}/`),
    recordOf(block) {
      if (!/^(sync|provider)\./.test(block.event)) return undefined;
      return { id: block.id, n: payload(block).n };
    },
  });
}

/** The channel `training`; what it is shown at first, without ids, is no record. */
export function channelSubscriber(name, options) {
  return new Subscriber(name, {
    ...options,
    path: '/api/v1/sse/training',
    dataOf: inside,
    matches: ({ topic }) => topic.startsWith('jobs/training/'),
    recordOf(block) {
      if (block.event !== 'training_progress') return undefined;
      return { id: block.id, n: inside(block).n };
    },
  });
}

/** What an account is worth, as the dashboard shows it. */
export function equityScreen(name, { account, ...options }) {
  return new Subscriber(name, {
    ...options,
    account,
    path: `/api/events/equity?account=${account}&interval=250ms`,
    stateOf: (block) => (block.data === undefined ? undefined : [account, block.data]),
  });
}
