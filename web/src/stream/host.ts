// Host: the hub and the follower joined, wherever they run (a SharedWorker, or the one tab that
// holds the lock). Takes the world by constructor.

import { TOPICS_MAX } from "./cursor.ts";
import { Follower, type FollowerWorld } from "./follower.ts";
import { Hub, type Tab } from "./hub.ts";
import type { ToWorker } from "./protocol.ts";
import { SEED_LISTS, seedsOf } from "./seeds.ts";

const TOO_MANY = "Too many accounts are open at once: some are not followed. Close some tabs.";

export interface HostWorld extends FollowerWorld {
  /** The JSON of a list of the server; an error when it cannot be had. */
  read(path: string): Promise<unknown>;
  /** Runs after what runs now, so that tabs that come together open one stream. */
  soon(run: () => void): void;
}

export class Host {
  readonly #world: HostWorld;
  readonly #hub: Hub;
  readonly #follower: Follower;
  #planned = false;
  #retry = false;
  /** Grows with each user: lists that were asked for before are of another one. */
  #era = 0;

  constructor(world: HostWorld) {
    this.#world = world;
    this.#hub = new Hub(world.now());
    this.#follower = new Follower(world, {
      event: (event) => {
        this.#hub.event(event, world.now());
        // In this order: what happens between the list and now is told by the stream.
        if (event.kind === "hello") void this.#seed();
      },
      opening: () => this.#hub.opening(world.now()),
      lost: () => this.#hub.lost(world.now()),
      refused: (refusal) => {
        if (this.#hub.refused(refusal, world.now())) this.#follow();
      },
    });
  }

  receive(tab: Tab, message: ToWorker): void {
    if (message.kind === "attach" && message.lastId !== null) {
      if (this.#follower.cursor.takeOver(message.lastId)) {
        this.#hub.records.beginAfter(message.lastId);
        // A stream that another tab has begun, and that has told nothing yet, begins elsewhere.
        this.#retry = true;
      }
    }
    const changed = this.#hub.receive(tab, message, this.#world.now());
    // What the open stream still brings is for the user before.
    if (message.kind === "user") {
      this.#era += 1;
      this.#follower.pause();
    }
    if (message.kind === "retry" || message.kind === "user") this.#retry = true;
    if (changed || message.kind === "retry") this.#follow();
  }

  detach(tab: Tab): void {
    if (this.#hub.detach(tab)) this.#follow();
  }

  /** Is called about once a second. */
  tick(): void {
    if (this.#hub.dropSilent(this.#world.now())) this.#follow();
    this.#follower.tick();
  }

  #follow(): void {
    if (this.#planned) return;
    this.#planned = true;
    this.#world.soon(() => {
      this.#planned = false;
      const topics = this.#hub.topics();
      if (topics.length > TOPICS_MAX) this.#hub.notice(TOO_MANY, this.#world.now());
      const opened = this.#follower.follow(topics.slice(0, TOPICS_MAX));
      if (this.#retry && !opened) this.#follower.reopen();
      this.#retry = false;
    });
  }

  async #seed(): Promise<void> {
    const of = this.#era;
    const answers = await Promise.allSettled(SEED_LISTS.map((list) => this.#world.read(list.path)));
    if (of !== this.#era) return;
    const records = answers.flatMap((answer, place) => {
      const list = SEED_LISTS[place];
      return answer.status === "fulfilled" && list !== undefined ? seedsOf(list, answer.value) : [];
    });
    if (answers.some((answer) => answer.status === "rejected")) {
      const words = "Running jobs or open alerts could not be read; reload the page.";
      this.#hub.notice(words, this.#world.now());
    }
    this.#hub.seed(records);
  }
}
