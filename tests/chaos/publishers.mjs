// Backends that publish: numbered records, with and without idempotency keys; state under keys; events
// of users; steps of a channel. Each has one connection and sends one request after the other.

import assert from 'node:assert/strict';

import { NDJSON, linesOf } from '../harness/api.mjs';
import { RawClient, readAnswer, requestBytes } from '../harness/raw.mjs';

const PADDING_MOST = 2000;
const SHARED_TOPICS = 4;
const TASKS = 5;

/** What all of them do: a connection to the server that is there. */
export class Publisher {
  constructor(name, chance, report) {
    Object.assign(this, { name, chance, report });
  }

  async post(server, path, body, headers) {
    if (this.server !== server || this.client.ended) {
      this.client?.close();
      this.server = undefined;
      this.client = await RawClient.connect(server.port);
      this.server = server;
    }
    const fields = { 'Content-Type': 'application/json', ...headers };
    this.client.send(requestBytes(server.port, { method: 'POST', path, headers: fields, body }));
    try {
      return await readAnswer(this.client);
    } catch (error) {
      this.close(); // what comes later on it is the answer to this one
      throw error;
    }
  }

  thinkMs() {
    return this.refused ? this.chance.between(100, 800) : this.chance.between(5, 250);
  }

  close() {
    this.client?.close();
    this.server = undefined;
  }
}

/**
 * Numbered records. With `keyed` a request whose answer was lost is sent again under its key until
 * it is answered; without, it is given up and its outcome is unknown.
 */
export class RecordPublisher extends Publisher {
  constructor(name, chance, report, keyed) {
    super(name, chance, report);
    Object.assign(this, { keyed, next: 0, batches: [] });
  }

  newBatch() {
    const { chance } = this;
    const count = chance.is(0.3) ? 1 : 1 + chance.below(chance.is(0.05) ? 200 : 15);
    const items = Array.from({ length: count }, () => ({
      n: this.next++,
      topic: chance.is(0.7) ? `chaos/${this.name}` : `shared/s${chance.below(SHARED_TOPICS)}`,
    }));
    const padding = 'x'.repeat(chance.below(chance.is(0.1) ? PADDING_MOST : 100));
    const batch = { items, padding, form: count === 1 ? 'one' : chance.pick(['array', 'lines']) };
    this.batches.push(batch);
    return batch;
  }

  /** Of one item, for those who publish one by one. */
  batchOfOne(topic, form) {
    const batch = { items: [{ n: this.next++, topic }], form };
    this.batches.push(batch);
    return batch;
  }

  /** {path, body, headers} of a batch: the same each time. */
  requestOf({ items, padding, form }) {
    const of = items.map(({ n, topic }) => ({ topic, data: { p: this.name, n, padding } }));
    if (form === 'lines') return { body: linesOf(of), headers: NDJSON };
    return { body: JSON.stringify(form === 'one' ? of[0] : of), headers: {} };
  }

  get path() {
    return '/api/v1/publish';
  }

  /** What it publishes, for the report. */
  get things() {
    return 'records';
  }

  /** The ids of what was taken, in order. */
  idsOf(answer) {
    return answer.ids;
  }

  /** Whose answer is not known and can be asked for again. */
  get unsure() {
    const last = this.batches.at(-1);
    return this.keyed && last && !last.ids ? last : undefined;
  }

  async send(server, batch) {
    const { body, headers } = this.requestOf(batch);
    const key = this.keyed ? { 'Idempotency-Key': `${this.name}-${batch.items[0].n}` } : {};
    const answer = await this.post(server, this.path, body, { ...headers, ...key });
    const { status } = answer;
    assert.ok([200, 409, 503].includes(status), `${this.name}: ${status} ${answer.text}`);
    this.refused = status !== 200;
    if (this.refused) return this.report.count(`publish answered ${status}`);
    const ids = this.idsOf(answer.json());
    assert.equal(ids.length, batch.items.length, answer.text);
    batch.ids = ids;
    this.report.count('records acknowledged', ids.length);
  }

  async step(server) {
    const again = this.unsure;
    const batch = again ?? this.newBatch();
    const { items, form } = batch;
    const what = again ? 'publish again by key' : `publish of ${this.keyed ? 'keyed ' : ''}${this.things}`;
    this.report.operation(this.name, what, `${items[0].n} to ${items.at(-1).n}, ${form}`);
    if (!again) this.report.count('records published', items.length);
    await this.send(server, batch);
  }

  /** True when nothing is left unsure that could be settled. */
  async settle(server) {
    if (this.unsure) await this.step(server);
    return !this.unsure;
  }
}

/** Events of one user, one by one. */
export class UserEventPublisher extends RecordPublisher {
  constructor(user, chance, report, keyed) {
    super(`events of ${user}`, chance, report, keyed);
    this.user = user;
  }

  newBatch() {
    const category = this.chance.pick(['data_sync', 'provider']);
    return this.batchOfOne(`user/${this.user}/${category}`, category);
  }

  get path() {
    return '/api/v1/events';
  }

  get things() {
    return 'user events';
  }

  requestOf({ items: [{ n }], form: category }) {
    const own = { p: this.name, n, connection_id: 'c', account_count: n, provider_slug: 's' };
    const event =
      category === 'provider' ? 'provider.token.refreshed' : 'sync.accounts.completed';
    return { body: JSON.stringify({ user_id: this.user, event, data: own }), headers: {} };
  }
}

/** Steps of a few tasks on the channel `training`, which no job of the server has. */
export class StepPublisher extends RecordPublisher {
  newBatch() {
    const task_id = `${this.name}-t${this.chance.below(TASKS)}`;
    return this.batchOfOne(`jobs/training/${task_id}`, task_id);
  }

  get path() {
    return '/api/v1/sse/training';
  }

  get things() {
    return 'steps';
  }

  idsOf(answer) {
    return [answer.id];
  }

  requestOf({ items: [{ n }], form: task_id }) {
    const step = { task_id, progress: n % 100, status: 'running', p: this.name, n };
    return { body: JSON.stringify(step), headers: {} };
  }
}

/** State under a few keys of its own, each a topic. `values` is what the server holds of it. */
export class StatePublisher extends Publisher {
  constructor(name, chance, report, keys) {
    super(name, chance, report);
    this.topics = Array.from({ length: keys }, (_, i) => `state/${name}/k${i}`);
    Object.assign(this, { next: 0, values: new Map(), unsure: new Set(), life: undefined });
  }

  async step(server) {
    const topics = Array.from({ length: 1 + this.chance.below(6) }, () =>
      this.chance.pick(this.topics),
    );
    await this.publish(server, topics);
  }

  async publish(server, topics) {
    if (this.life !== server) {
      // Published state does not outlive its server.
      this.life = server;
      this.values.clear();
      this.unsure.clear();
    }
    const items = topics.map((topic) => ({
      topic,
      class: 'state',
      data: this.chance.is(0.15) ? null : { n: this.next++ },
    }));
    const report = this.report;
    report.operation(this.name, 'publish of state', `${topics.length} keys to ${this.next}`);
    for (const topic of topics) this.unsure.add(topic);
    const answer = await this.post(server, '/api/v1/publish', JSON.stringify(items), {});
    const { status, text } = answer;
    assert.ok([200, 503].includes(status), `${this.name}: ${status} ${text}`);
    this.refused = status !== 200;
    if (this.refused) return report.count(`publish answered ${status}`);
    if (this.life !== server) return;
    report.count('state values acknowledged', items.length);
    for (const { topic, data } of items) {
      this.unsure.delete(topic);
      if (data === null) this.values.delete(topic);
      else this.values.set(topic, data.n);
    }
  }

  async settle(server) {
    if (this.unsure.size && this.life === server) await this.publish(server, [...this.unsure]);
    return this.unsure.size === 0 || this.life !== server;
  }

  /** What a screen should show of it on this server. */
  valuesOn(server) {
    return this.life === server ? this.values : new Map();
  }
}
