// Backend: the real binary of one test, across its restarts, with the verbs that tests need.

import { patiently } from "../harness/patiently.mjs";
import { mint } from "../harness/tokens.mjs";
import { request } from "../harness/raw.mjs";
import { Server } from "../harness/server.mjs";

export interface Call {
  /** Whose paper account, under /v2. */
  readonly account?: string;
  readonly token?: string;
}

export class Backend {
  #server: Server;
  readonly #all: Server[];

  private constructor(server: Server) {
    this.#server = server;
    this.#all = [server];
  }

  static async start(args: readonly string[]): Promise<Backend> {
    return new Backend(await Server.start([...args]));
  }

  /** The process that runs now, for what tests/harness offers. */
  get server(): Server {
    return this.#server;
  }
  get url(): string {
    return this.#server.url;
  }

  /** Ends it as an operator would. */
  stop(): Promise<void> {
    return this.#server.stop();
  }
  /** Ends it as a crash would. */
  kill(): Promise<void> {
    return this.#server.kill();
  }
  /** It says nothing more, though its sockets stay open. */
  pause(): void {
    this.#server.child.kill("SIGSTOP");
  }
  goOn(): void {
    this.#server.child.kill("SIGCONT");
  }
  /** The same command again, on the same port and the same data. */
  async startAgain(): Promise<void> {
    this.#server = await this.#server.again();
    this.#all.push(this.#server);
  }

  /** One request of another program; gives the answer's JSON, and throws when it is refused. */
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked at by tests only
  async call(method: string, path: string, body?: unknown, { account, token }: Call = {}): Promise<any> {
    const once = () =>
      request(this.#server, path, {
        method,
        headers: {
          ...(body === undefined ? {} : { "Content-Type": "application/json" }),
          ...(account === undefined ? {} : { "APCA-API-KEY-ID": account }),
          ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    const answer = await (method === "GET" ? patiently(once) : once());
    if (answer.status >= 300) {
      throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text}`);
    }
    return answer.text === "" ? undefined : JSON.parse(answer.text);
  }

  /** Publishes one item or an array of them; gives their ids, in order. */
  async publish(items: unknown, call?: Call): Promise<(string | null)[]> {
    return (await this.call("POST", "/api/v1/publish", items, call)).ids;
  }
  /** A price of a server whose source is `none`. */
  async price(symbol: string, price: number, spread = 0.02): Promise<void> {
    const quote = { price, bid: price - spread / 2, ask: price + spread / 2 };
    await this.publish({ topic: `market/${symbol}`, data: quote });
  }
  /** Tells a channel what happened: training, backtest, alerts, dashboard. */
  async tell(channel: string, data: unknown, call?: Call): Promise<string> {
    return (await this.call("POST", `/api/v1/sse/${channel}`, data, call)).id;
  }
  /** A token of this server's own key. */
  token(subject: string, wish: { scope?: string; ttl?: string; sid?: string; topics?: string[] } = {}) {
    return mint(this.#server, subject, wish) as Promise<string>;
  }

  log(): string {
    return this.#all.map(({ command, stderr }) => `--- ${command}\n${stderr}`).join("\n");
  }
}
