// Clients that import bars and run backtests on them. Whatever happens, a job that was taken comes to
// one end, its records tell how, and what it leaves depends on its request alone.

import assert from 'node:assert/strict';

import { Jobs } from '../harness/jobs.mjs';
import { request } from '../harness/raw.mjs';
import { checkBars, checkJob, checkResult, checkTaken } from './promises.mjs';
import { Publisher } from './publishers.mjs';

const DAYS = 400;
const SYMBOLS = ['IMP0', 'IMP1', 'IMP2'];
const SERIES = 'SERIES';
const OVER = ['completed', 'failed', 'cancelled'];

const DAY_MS = 86_400_000;
const BEGINNING = Date.UTC(2020, 0, 1);
const dateOf = (day) => new Date(BEGINNING + day * DAY_MS).toISOString().slice(0, 10);
const dayOf = (time) => (Date.parse(time) - BEGINNING) / DAY_MS;

/** Open, high, low, close and volume of a day: of each symbol always the same. */
function barOf(symbol, day) {
  const about = 100 + 20 * Math.sin(day / 7) + (symbol.charCodeAt(symbol.length - 1) % 7);
  const [open, close] = [about, about + 3 * Math.sin(day)].map((price) => Number(price.toFixed(2)));
  return [open, 140, 60, close, 1000 + day];
}

function csvOf(symbol, first, count) {
  const days = Array.from({ length: count }, (_, i) => first + i);
  const rows = days.map((day) => [dateOf(day), ...barOf(symbol, day)].join(','));
  return ['date,open,high,low,close,volume', ...rows].join('\n');
}

/** Starts jobs, and now and then cancels one or starts it again. */
class JobClient extends Publisher {
  constructor(name, chance, report, kind) {
    super(name, chance, report);
    Object.assign(this, { kind, taken: new Map() }); // what was asked for, by the id of its job
  }

  async step(server) {
    if (this.taken.size && this.chance.is(0.2))
      await this.#change(server, this.chance.pick([...this.taken.keys()]));
    else await this.#start(server);
  }

  async #start(server) {
    const wish = this.newRequest();
    this.report.operation(this.name, `${this.kind}s asked for`, JSON.stringify(wish));
    const { path, body, headers } = this.requestOf(wish);
    const answer = await this.post(server, path, body, headers);
    const { status, text } = answer;
    assert.ok([202, 503, 507].includes(status), `${this.name}: ${status} ${text}`);
    this.refused = status !== 202;
    if (this.refused) return this.report.count(`${this.kind} answered ${status}`);
    this.report.count(`${this.kind}s taken`);
    const { idField } = new Jobs(server, this.kind);
    this.taken.set(answer.json()[idField], wish);
  }

  async #change(server, id) {
    const again = this.chance.is(0.5);
    this.report.operation(this.name, `${this.kind}s ${again ? 'started again' : 'cancelled'}`, id);
    const { path } = new Jobs(server, this.kind);
    const [method, end] = again ? ['POST', '/restart'] : ['DELETE', ''];
    const { status, text } = await request(server, `${path}/${id}${end}`, { method });
    assert.ok([again ? 202 : 200, 409, 503].includes(status), `${this.name}: ${status} ${text}`);
  }

  /** True when none of this kind runs or waits: who asked for it need not have had an answer. */
  async settle(server) {
    const jobs = new Jobs(server, this.kind);
    const open = [...(await known(server, this.kind)).values()].filter(isOpen);
    for (const job of open) {
      const { status, text } = await jobs.ask('DELETE', `/${job[jobs.idField]}`);
      assert.ok([200, 409].includes(status), text);
    }
    return open.length === 0;
  }

  /** Compares jobs and their records, [{topic, data}] of all kinds since the last time. */
  async check(server, records) {
    const jobs = await known(server, this.kind);
    const { idField } = new Jobs(server, this.kind);
    const told = new Map([...this.taken.keys()].map((id) => [id, []]));
    for (const { data } of records.filter(({ data }) => idField in data)) {
      const own = told.get(data[idField]) ?? [];
      told.set(data[idField], [...own, data]);
    }
    checkTaken(this.name, told.keys(), jobs);
    for (const [id, own] of told) checkJob(`${this.kind} ${id}`, own, jobs.get(id));
    this.ends = [...told.keys()].map((id) => jobs.get(id).status);
    return new Map([...jobs].filter(([, { status }]) => status === 'completed'));
  }

  thinkMs() {
    return this.refused ? this.chance.between(300, 2000) : this.chance.between(100, 1500);
  }

  /** What was compared is not needed any more. */
  forget() {
    for (const status of this.ends) this.report.count(`${this.kind}s ${status}`);
    this.taken.clear();
  }
}

/** Imports days of a few symbols, again and again. */
export class Importer extends JobClient {
  constructor(name, chance, report) {
    super(name, chance, report, 'import');
    this.brought = new Map(SYMBOLS.map((symbol) => [symbol, new Set()]));
  }

  newRequest() {
    const count = 1 + this.chance.below(this.chance.is(0.1) ? DAYS : 40);
    const first = this.chance.below(DAYS - count + 1);
    return { symbol: this.chance.pick(SYMBOLS), first, count };
  }

  requestOf({ symbol, first, count }) {
    const path = `/api/v1/imports?symbol=${symbol}&timeframe=1d`;
    return { path, body: csvOf(symbol, first, count), headers: { 'Content-Type': 'text/csv' } };
  }

  async check(server, records) {
    const completed = await super.check(server, records);
    for (const [id, { symbol, first, count }] of this.taken) {
      const days = Array.from({ length: completed.has(id) ? count : 0 }, (_, i) => first + i);
      for (const day of days) this.brought.get(symbol).add(day);
    }
    for (const [symbol, days] of this.brought) {
      const kept = await keptBars(server, symbol);
      checkBars(symbol, kept, days, (day) => barOf(symbol, day).join());
    }
  }
}

/** The bars of a symbol by their day. */
async function keptBars(server, symbol) {
  const { status, text, json } = await request(server, `/api/v1/bars/${symbol}?timeframe=1d&limit=1000`);
  if (status === 404) return new Map();
  assert.equal(status, 200, text);
  const textOf = ({ open, high, low, close, volume }) => [open, high, low, close, volume].join();
  return new Map(json().bars.map((bar) => [dayOf(bar.time), textOf(bar)]));
}

/** Runs a strategy with one of a few parameters on bars that never change. */
export class Backtester extends JobClient {
  constructor(name, chance, report) {
    super(name, chance, report, 'backtest');
    this.results = new Map(); // by parameters
  }

  /** The bars that all its runs are about. */
  static async prepare(server) {
    const path = `/api/v1/imports?symbol=${SERIES}&timeframe=1d`;
    const body = csvOf(SERIES, 0, DAYS);
    const headers = { 'Content-Type': 'text/csv' };
    const answer = await request(server, path, { method: 'POST', body, headers });
    assert.equal(answer.status, 202, answer.text);
    await new Jobs(server, 'import').completed(answer.json().import_id);
  }

  newRequest() {
    const fast = this.chance.pick([3, 5, 8]);
    const slow = this.chance.pick([13, 21]);
    return { fast, slow };
  }

  requestOf(params) {
    const request = { strategy: 'sma_cross', params, symbols: [SERIES], timeframe: '1d', fee: 0.001 };
    return { path: '/api/v1/backtests', body: JSON.stringify(request), headers: {} };
  }

  async check(server, records) {
    const completed = await super.check(server, records);
    for (const [id, params] of this.taken) {
      if (!completed.has(id)) continue;
      const { results, fills, bars, data_hash } = await new Jobs(server).one(id);
      const result = JSON.stringify({ results, fills, bars, data_hash });
      const what = JSON.stringify(params);
      if (!this.results.has(what)) this.results.set(what, result);
      checkResult(`sma_cross with ${what}`, result, this.results.get(what));
    }
  }
}

const isOpen = ({ status }) => !OVER.includes(status);

/** The jobs of a kind that a server knows, by id. */
async function known(server, kind) {
  const jobs = new Jobs(server, kind);
  const { [`${kind}s`]: list } = await jobs.get('?limit=1000');
  return new Map(list.map((job) => [job[jobs.idField], job]));
}
