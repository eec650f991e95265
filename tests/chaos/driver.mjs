// One run: clients and faults from a seed, in rounds of a storm and a checkpoint.

import { randomOf } from '../harness/random.mjs';
import { nowSeconds, signed } from '../harness/tokens.mjs';
import { checkpoint } from './checkpoint.mjs';
import { possibleFaults, strike } from './faults.mjs';
import { Backtester, Importer } from './jobs.mjs';
import { BrokenPromise } from './promises.mjs';
import {
  RecordPublisher,
  StatePublisher,
  StepPublisher,
  UserEventPublisher,
} from './publishers.mjs';
import { Storm } from './storm.mjs';
import { HABITS, channelSubscriber, nativeSubscriber, userSubscriber } from './subscribers.mjs';
import { Desk, Market } from './traders.mjs';
import { World } from './world.mjs';

const PUBLISHERS = 6;
const STEP_PUBLISHERS = 2;
const STATE_PUBLISHERS = 2;
const STATE_KEYS = 12;
const USERS = ['alice', 'bob'];
const TOKEN_LIFE_S = 30 * 86_400;
const ROUNDS_OF_A_DESK = 6;
const PATTERNS = [
  ['chaos/*', 'shared/**', 'state/**'],
  ['chaos/**', 'state/s0/*'],
  ['shared/*', 'state/s1/*'],
  ['chaos/p0', 'chaos/p1', 'state/*/k3'],
];
const INTERVALS = ['0', '100ms', '500ms'];

export class Run {
  constructor(options, report) {
    Object.assign(this, { options, report, storm: new Storm(), round: 0, mark: undefined });
    this.seedOf = (name) => randomOf(options.seed, name);
    this.failure = new Promise((_, reject) => (this.fail = reject));
    this.failure.catch(() => {});
  }

  /** Something that goes on by itself: if it fails, the run does. */
  #spawn(promise) {
    promise.catch(this.fail);
  }

  async #prepare() {
    const { options, report, storm } = this;
    const chance = this.seedOf('world');
    this.world = await World.make(report, chance, options.memoryMib * 2 ** 20, this.fail);
    const { world } = this;
    this.users = [];
    for (const user of USERS) {
      // Without a time of issue, which a clock that was set back would put into the future.
      const token = signed({ sub: user, exp: nowSeconds() + TOKEN_LIFE_S }, world.tokenKey());
      this.users.push({ user, token });
    }
    const named = (count, make) => Array.from({ length: count }, (_, i) => make(i));
    this.publishers = [
      ...named(PUBLISHERS, (i) => this.#publisher(RecordPublisher, `p${i}`, i % 2 === 0)),
      ...named(STEP_PUBLISHERS, (i) => this.#publisher(StepPublisher, `steps${i}`, false)),
    ];
    this.statePublishers = named(STATE_PUBLISHERS, (i) =>
      this.#publisher(StatePublisher, `s${i}`, STATE_KEYS),
    );
    this.userPublishers = USERS.map((user, i) => this.#publisher(UserEventPublisher, user, i === 0));
    this.jobClients = [Importer, Backtester].map((Kind) =>
      this.#publisher(Kind, Kind.name.toLowerCase()),
    );
    await Backtester.prepare(world.server);
    this.market = new Market('market', this.seedOf('market'), report);
    const context = { world, storm };
    this.subscribers = Object.keys(HABITS).flatMap((habit) =>
      PATTERNS.map((patterns, i) => {
        const name = `${habit} reader ${i} of ${patterns}`;
        const chance = this.seedOf(name);
        const interval = chance.pick(INTERVALS);
        return nativeSubscriber(name, { ...context, chance, habit, patterns, interval });
      }),
    );
    this.userSubscribers = this.users.flatMap(({ user, token }) =>
      ['steady', 'resetting', 'stalling'].map((habit) => {
        const name = `${habit} reader of ${user}`;
        return userSubscriber(name, { ...context, chance: this.seedOf(name), habit, user, token });
      }),
    );
    this.channelSubscribers = ['steady', 'leaving', 'resetting', 'stalling'].map((habit) => {
      const name = `${habit} reader of the channel`;
      return channelSubscriber(name, { ...context, chance: this.seedOf(name), habit });
    });
  }

  #publisher(Kind, name, particular) {
    return new Kind(name, this.seedOf(`publisher ${name}`), this.report, particular);
  }

  /** Who has requests of its own. */
  get clients() {
    const { publishers, statePublishers, userPublishers, jobClients, desk } = this;
    return [...publishers, ...statePublishers, ...userPublishers, ...jobClients, ...desk.players];
  }

  /** Who listens, the desk's screens aside. */
  get listeners() {
    return [...this.subscribers, ...this.userSubscribers, ...this.channelSubscribers];
  }

  /** One client's steps, one after the other, for as long as `wanted()`. */
  async #work(client, step, wanted = () => true) {
    const { world, storm } = this;
    await storm.during(async () => {
      if (!wanted()) return storm.pause(1e6);
      const server = await world.present();
      try {
        await step(server);
      } catch (error) {
        if (error.code === 'ERR_ASSERTION' || error instanceof BrokenPromise) throw error;
        const what = `${client.name}: ${error.message}`;
        const fault = await world.blame(server, 'a healthy server answers', what);
        if (fault) throw fault;
      }
      await storm.pause(client.thinkMs());
    });
  }

  async #openDesk() {
    this.desk?.close();
    const desk = new Desk(Math.floor(this.round / ROUNDS_OF_A_DESK), this.seedOf, this);
    this.desk = desk;
    await desk.open(this.world.server);
    for (const player of desk.players)
      this.#spawn(this.#work(player, (server) => player.act(server), () => this.desk === desk));
    for (const each of [...desk.screens, ...desk.followers]) this.#spawn(each.live());
  }

  #begin() {
    const { publishers, statePublishers, userPublishers, jobClients, market, storm, world } = this;
    for (const each of [...publishers, ...statePublishers, ...userPublishers, ...jobClients])
      this.#spawn(this.#work(each, (server) => each.step(server)));
    this.#spawn(this.#work(market, (server) => market.act(server)));
    for (const each of this.listeners) this.#spawn(each.live());
    const chance = this.seedOf('faults');
    const weights = possibleFaults(world, this.options.without);
    this.#spawn(
      storm.during(async () => {
        await storm.pause(chance.between(200, 4000));
        if (storm.raging && Object.keys(weights).length)
          await strike(world, chance.weighted(weights), chance);
      }),
    );
  }

  async #rounds() {
    const { storm, report, options } = this;
    const chance = this.seedOf('rounds');
    await this.#openDesk();
    this.#begin();
    while (!this.stopping && report.seconds < options.seconds) {
      if (this.round > 0 && this.round % ROUNDS_OF_A_DESK === 0) await this.#openDesk();
      const left = (options.seconds - report.seconds) * 1000;
      storm.begin();
      await storm.pause(Math.min(left, chance.between(5000, 20_000)));
      storm.end();
      await storm.rest();
      await checkpoint(this);
      ++this.round;
    }
    await this.world.end();
  }

  /** Ends the operations; the last checks come after that. */
  stop() {
    this.stopping = true;
    this.storm.end();
  }

  #watch() {
    return [
      setInterval(() => {
        try {
          this.world.sampleMemory();
        } catch (error) {
          this.fail(error);
        }
      }, 500),
      setInterval(() => this.report.progress(this.round, this.options.seconds), 5000),
    ];
  }

  /** Throws the first BrokenPromise. */
  async go() {
    await this.#prepare();
    for (const why of this.world.missing) this.report.line(`left out: ${why}`);
    const watches = this.#watch();
    try {
      await Promise.race([this.#rounds(), this.failure]);
    } finally {
      watches.forEach(clearInterval);
      this.storm.finish();
      for (const each of this.listeners) each.finish();
      for (const each of [...this.clients, this.market]) each.close();
      this.desk.close();
    }
  }
}
