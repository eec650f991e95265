// A server and its description: whatever is asked is checked against it.

import assert from 'node:assert/strict';
import { join } from 'node:path';

import { closesFile, importBars } from './bars.mjs';
import { Description } from './description.mjs';
import { temporaryFolder } from './folder.mjs';
import { patiently } from './patiently.mjs';
import { request } from './raw.mjs';
import { Server } from './server.mjs';
import { openStream, payload } from './sse.mjs';
import { until } from './until.mjs';

const SETTINGS = ['jobs.workers=1', 'market.rate=50', 'limits.streams_per_address=0'];
// Falls every third day: something to trade, and to be learned.
const SAW = closesFile(Array.from({ length: 600 }, (_, i) => 100 + (i % 3)));
const JSON_TYPE = 'application/json';

/** "/api/v1/bars/{symbol}" with its parameters and a query. */
function pathOf(pattern, { query, ...names }) {
  const path = pattern.replace(/\{(\w+)\}/g, (_, name) => {
    assert.ok(names[name] !== undefined, `${name} of ${pattern}`);
    return encodeURIComponent(names[name]);
  });
  return query ? `${path}?${query}` : path;
}

export class DescribedServer {
  #seen = new Set();

  /** With prices of its five symbols, and daily bars of SAW. */
  static async start() {
    const dataDir = join(temporaryFolder(), 'data');
    await importBars(dataDir, SAW, 'SAW');
    const args = SETTINGS.flatMap((setting) => ['--set', setting]);
    const server = await Server.start(args, { dataDir });
    await until('prices of all symbols', async () => {
      const { quotes } = (await request(server, '/api/v1/quotes')).json();
      return quotes.length === 5;
    });
    return new DescribedServer(server, await Description.of(server));
  }

  constructor(server, description) {
    Object.assign(this, { server, description });
  }

  /**
   * Asks and checks the answer, and a body that was taken. `names` are the path's parameters, `query`
   * and `headers`; `status`: what has to come, if not a success. Gives the JSON or the text.
   */
  async ask(method, pattern, { body, headers = {}, status, ...names } = {}) {
    const bytes = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const type = body === undefined ? {} : { 'Content-Type': JSON_TYPE };
    const once = () =>
      request(this.server, pathOf(pattern, names), {
        method,
        headers: { ...type, ...headers },
        ...(bytes === undefined ? {} : { body: bytes }),
      });
    const answer = await (method === 'GET' && status !== 503 ? patiently(once) : once());
    const what = `${method} ${pattern} ${answer.status}`;
    const right = status === undefined ? answer.status < 300 : answer.status === status;
    assert.ok(right, `${what}: ${answer.text}`);
    this.#seen.add(`${method} ${pattern}`);
    const contentType = answer.headers.get('content-type');
    const schema = this.description.schemaOf(method, pattern, answer.status, contentType);
    if (schema === undefined) return answer.text;
    this.description.assertIs(schema, answer.json(), what);
    if (answer.status < 300 && typeof body === 'object') {
      const wanted = this.description.requestOf(method, pattern);
      assert.deepEqual(this.description.faultsOf(wanted, body), [], `the body of ${what}`);
    }
    return answer.json();
  }

  get(pattern, names) {
    return this.ask('GET', pattern, names);
  }

  post(pattern, body, names) {
    return this.ask('POST', pattern, { body, ...names });
  }

  /** Asks what the description refuses: the server refuses it too. */
  async refuses(method, pattern, body, names) {
    const wanted = this.description.requestOf(method, pattern);
    const faults = this.description.faultsOf(wanted, body);
    assert.notDeepEqual(faults, [], `${wanted} allows ${JSON.stringify(body)}`);
    await this.ask(method, pattern, { status: 422, ...names, body });
  }

  /** Reads a stream until events of all these names have come; gives their data by name. */
  async follow(t, pattern, { events, headers, ...names }) {
    const described = this.description.eventsOf(pattern);
    const stream = await openStream(t, this.server, pathOf(pattern, names), { headers });
    assert.equal(stream.head.status, 200);
    this.#seen.add(`GET ${pattern}`);
    const came = new Map();
    while (events.some((name) => !came.has(name))) {
      const block = await stream.next(`${events} of ${pattern}`, ({ data }) => data !== undefined);
      const name = block.event ?? 'message';
      const schema = described[name] ?? described.message;
      assert.ok(schema, `${pattern} sends ${name}, which is not described`);
      this.description.assertIs(schema, payload(block), `${name} of ${pattern}`);
      came.set(name, [...(came.get(name) ?? []), payload(block)]);
    }
    return came;
  }

  /** A stream whose events are texts. */
  async followText(t, pattern, text, names = {}) {
    const stream = await openStream(t, this.server, pathOf(pattern, names));
    this.#seen.add(`GET ${pattern}`);
    assert.match((await stream.next('a line', ({ data }) => data !== undefined)).data, text);
  }

  /** Operations whose paths `are` so, and that have not been asked. */
  unseen(are) {
    return this.description
      .operations()
      .filter(({ path }) => are(path))
      .map(({ method, path }) => `${method.toUpperCase()} ${path}`)
      .filter((operation) => !this.#seen.has(operation));
  }

  stop() {
    return this.server.stop();
  }
}

/** Paths of what is pushed and published; all others are asked and answered. */
export const isPushed = (path) =>
  /^\/(stream|sse|api\/events|v2\/events|api\/v1\/(sse|events|stream|publish|sessions))(\/|$)/.test(
    path,
  );
