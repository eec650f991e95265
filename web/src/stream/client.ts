// The stream as pages use it. One object, `stream`, per tab:
//
//   stream.start()                        once, by the shell
//   stream.freshness                      store: { state, headline, detail, wayOut, stale, staleText,
//                                         heartbeatAgeMs, priceAgeMs }, at least once a second
//   stream.market                         board of quotes: row(symbol), value(row, "bid"),
//                                         watch(row, fn), watchAll(fn); at most 20 Hz, in an animation
//                                         frame, so that listeners may touch the DOM
//   stream.account                        store: name of the account this tab looks at
//   stream.setAccount(name)               its equity, orders and fills come from now on
//   stream.equity(account?)               store: object of GET /api/events/equity, or null; told 5 times a
//                                         second at most, to all parts of the page at once
//   stream.state(topic)                   store: newest value of any topic of state, or null
//   stream.orders / fills / jobs / alerts / notices
//                                         stores of StreamRecord, bounded, newest last; `dropped` says
//                                         how many were forgotten. orders: the newest record of each
//                                         order; alerts: those that nobody has acknowledged. They hold
//                                         what came since the page opened (jobs: also unfinished ones,
//                                         alerts: also open ones): older rows come by api/. Told once
//                                         an animation frame at most.
//   stream.onRecord(pattern, fn)          each record once, in order: "jobs/backtest/*", "alerts/*"
//   stream.onGap(fn)                      the server no longer has some records: read lists again
//   stream.inspect(pattern, filter, fn, refused)
//                                         any topic live, for developers; state and records
//   stream.acknowledged(id)               after api/ has acknowledged an alert: tells all tabs
//   stream.setUser(sub)                   after signing in or out: user events, and a new connection;
//                                         what another user was told is forgotten
//   stream.retry()                        the button of the pill
//
// Everything that subscribes returns a function that stops it. A hidden tab is sent no prices; when
// it is shown again it gets all of them at once.

import type { Freshness } from "./freshness.ts";
import { leaveOff, takeUp } from "./left_off.ts";
import type { MarketBoard } from "./market_board.ts";
import type { NewestRecords, Stop } from "./newest_records.ts";
import { paced, type Store } from "./paced.ts";
import type { InspectedEvent, StreamRecord, ToWorker } from "./protocol.ts";
import { TabSide } from "./tab.ts";
import { openTransport, type Transport } from "./transport.ts";
import { Value } from "./value.ts";

export type { Freshness, FreshnessState } from "./freshness.ts";
export type { InspectedEvent, QuoteField, StreamRecord } from "./protocol.ts";
export { orderIdOf, unfinished } from "./tab.ts";

/** The screen is no oscilloscope. */
const EQUITY_MS = 200;
const PING_MS = 5000;
/** A host that has not answered for so long is gone, or has dropped this tab. */
const SILENT_HOST_MS = 3 * PING_MS;

export class StreamClient {
  readonly account = new Value("paper");
  readonly #tab: TabSide;
  readonly #equities = new Map<string, Store<unknown>>();
  #user: string | null = null;
  #transport: Transport | null = null;
  #answeredAt = 0;
  #pingedAt = 0;
  #frameAsked = false;

  constructor() {
    const now = Date.now();
    const lastId = inStore((store) => takeUp(store, now));
    this.#tab = new TabSide((message) => this.#post(message), now, lastId);
  }

  get market(): MarketBoard {
    return this.#tab.market;
  }
  get freshness(): Value<Freshness> {
    return this.#tab.freshness;
  }
  get orders(): NewestRecords<StreamRecord> {
    return this.#tab.orders;
  }
  get fills(): NewestRecords<StreamRecord> {
    return this.#tab.fills;
  }
  get jobs(): NewestRecords<StreamRecord> {
    return this.#tab.jobs;
  }
  get alerts(): NewestRecords<StreamRecord> {
    return this.#tab.alerts;
  }
  get notices(): NewestRecords<StreamRecord> {
    return this.#tab.notices;
  }

  start(): void {
    if (this.#transport !== null) return;
    this.#connect();
    setInterval(() => this.#tick(), 1000);
    document.addEventListener("visibilitychange", () => {
      this.#post({ kind: "visible", visible: !document.hidden });
      if (!document.hidden) this.#tick();
    });
    window.addEventListener("pagehide", () => {
      this.#post({ kind: "bye" });
      inStore((store) => leaveOff(store, this.#tab.lastId, Date.now()));
    });
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) this.#attach();
    });
  }

  onRecord(pattern: string, listen: (record: StreamRecord) => void): Stop {
    return this.#tab.onRecord(pattern, listen);
  }
  onGap(listen: (reason: string) => void): Stop {
    return this.#tab.onGap(listen);
  }
  state(topic: string): Value<unknown> {
    return this.#tab.stateOf(topic);
  }
  equity(account = this.account.get()): Store<unknown> {
    let store = this.#equities.get(account);
    if (store === undefined) {
      store = paced(this.#tab.equityOf(account), EQUITY_MS);
      this.#equities.set(account, store);
    }
    return store;
  }

  inspect(
    pattern: string,
    filter: (event: InspectedEvent) => boolean,
    show: (events: readonly InspectedEvent[], skipped: number) => void,
    refused: (words: string) => void,
  ): Stop {
    return this.#tab.inspect(pattern, {
      refused,
      events: (events, skipped) => {
        const shown = events.filter(filter);
        if (shown.length > 0 || skipped > 0) show(shown, skipped);
      },
    });
  }

  setAccount(account: string): void {
    if (account === this.account.get()) return;
    this.#tab.forgetAccount();
    this.account.set(account);
    this.#post({ kind: "account", account });
    this.#askFrame();
  }
  setUser(user: string | null): void {
    if (user !== this.#user) this.#tab.forgetUser(user, Date.now());
    this.#user = user;
    this.#post({ kind: "user", user });
  }
  acknowledged(id: string): void {
    this.#post({ kind: "acknowledged", id });
  }
  retry(): void {
    this.#post({ kind: "retry" });
  }

  #connect(): void {
    this.#transport = openTransport({
      ready: () => this.#attach(),
      message: (message) => {
        const now = Date.now();
        this.#answeredAt = now;
        this.#tab.receive(message, now);
        this.#askFrame();
      },
    });
  }

  #attach(): void {
    this.#post({
      kind: "attach",
      visible: !document.hidden,
      account: this.account.get(),
      user: this.#user,
      lastId: this.#tab.lastId,
    });
    this.#tab.inspectAgain();
  }

  #tick(): void {
    const now = Date.now();
    this.#tab.tick(now);
    this.#askFrame();
    if (now - this.#pingedAt < PING_MS) return;
    // Timers of hidden tabs sleep: only an unanswered ping tells that the host is gone.
    if (this.#pingedAt - this.#answeredAt > SILENT_HOST_MS - PING_MS) {
      this.#answeredAt = now;
      this.#transport = this.#transport?.restart() ?? null;
    }
    this.#pingedAt = now;
    this.#post({ kind: "ping" });
  }

  #post(message: ToWorker): void {
    this.#transport?.post(message);
  }

  #askFrame(): void {
    if (this.#frameAsked || !this.#tab.waiting) return;
    this.#frameAsked = true;
    requestAnimationFrame(() => {
      this.#frameAsked = false;
      if (this.#tab.frame(Date.now())) this.#askFrame();
    });
  }
}

/** Without a store, as in a private window, a page that is loaded anew begins anew. */
function inStore<T>(use: (store: Storage) => T): T | null {
  try {
    return use(sessionStorage);
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}

export const stream = new StreamClient();
