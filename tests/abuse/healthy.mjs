// The healthy: a publisher of 20 records a second and the subscribers of its topic, in a process of
// their own, so that the time of a delivery is the server's and not the attackers'. Told a phase, they
// count under it; told to finish, they compare what came with what was acknowledged.

import { RawClient, readAnswer, requestBytes } from '../harness/raw.mjs';
import { EventStream, payload } from '../harness/sse.mjs';
import { until } from '../harness/until.mjs';

const TOPIC = 'healthy/records';
const EVERY_MS = 50;

const nowMs = () => performance.timeOrigin + performance.now();

class Subscriber {
  constructor(stream, latencies) {
    Object.assign(this, { stream, latencies, seen: [], faults: [] });
  }

  async listen() {
    try {
      for (;;) {
        const block = await this.stream.next('a record');
        if (block.event === 'slow' || block.event === 'gap') this.faults.push(block.event);
        if (block.event !== 'message') continue;
        const { n, at } = payload(block).data;
        this.latencies.push(nowMs() - at);
        this.seen.push(n);
      }
    } catch (error) {
      if (!this.over) this.faults.push(error.message);
    }
  }

  /** What is wrong with what came of numbers 0 to `count` - 1. */
  missing(count) {
    const wrong = this.seen.findIndex((n, i) => n !== i);
    if (wrong >= 0) return `record ${this.seen[wrong]} came where ${wrong} was due`;
    return this.seen.length < count ? `${this.seen.length} of ${count} records came` : undefined;
  }
}

class Healthy {
  constructor(port) {
    Object.assign(this, { server: { port }, latencies: [], sent: 0, refused: [] });
  }

  async begin(count) {
    this.subscribers = [];
    for (let i = 0; i < count; ++i) {
      const stream = await EventStream.open(this.server, `/api/v1/stream?topics=${TOPIC}`);
      this.subscribers.push(new Subscriber(stream, this.latencies));
      this.subscribers.at(-1).listen();
    }
    this.publisher = await RawClient.connect(this.server.port);
    this.publishing = this.#publish();
  }

  /** One request after the other; a late answer makes the next one late, none is left out. */
  async #publish() {
    const begun = performance.now();
    for (let tick = 0; !this.over; ++tick) {
      const wait = begun + tick * EVERY_MS - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      const body = JSON.stringify({ topic: TOPIC, data: { n: this.sent, at: nowMs() } });
      const fields = { 'Content-Type': 'application/json' };
      this.publisher.send(
        requestBytes(this.server.port, { method: 'POST', path: '/api/v1/publish', headers: fields, body }),
      );
      const { status } = await readAnswer(this.publisher);
      if (status === 200) ++this.sent;
      else this.refused.push(status);
    }
  }

  /** Latencies since it was last asked, in order. */
  takeLatencies() {
    return this.latencies.splice(0).sort((a, b) => a - b);
  }

  async finish() {
    this.over = true;
    await this.publishing;
    const behind = () => this.subscribers.some(({ seen }) => seen.length < this.sent);
    await until('all records have come', () => !behind()).catch(() => {});
    const faults = this.subscribers.flatMap((subscriber) => {
      const missing = subscriber.missing(this.sent);
      return missing ? [...subscriber.faults, missing] : subscriber.faults;
    });
    for (const subscriber of this.subscribers) {
      subscriber.over = true;
      subscriber.stream.close();
    }
    this.publisher.close();
    return { faults: [...new Set(faults)], records: this.sent, refused: this.refused.length };
  }
}

let healthy;
const COMMANDS = {
  async begin({ port, count }) {
    healthy = new Healthy(port);
    await healthy.begin(count);
    return {};
  },
  phase: async () => ({ latencies: healthy.takeLatencies(), records: healthy.sent }),
  finish: () => healthy.finish(),
};
process.on('message', async ({ command, ...options }) => {
  try {
    process.send(await COMMANDS[command](options));
  } catch (error) {
    process.send({ error: error.stack });
  }
});
process.on('disconnect', () => process.exit());
