// Jobs over HTTP: started, watched, waited for.

import assert from 'node:assert/strict';

import { bearer, post } from './api.mjs';
import { request } from './raw.mjs';
import { PATIENCE_MS, until } from './until.mjs';

const OVER = ['completed', 'failed', 'cancelled'];

const FAMILIES = {
  backtest: { path: '/api/v1/backtests', id: 'backtest_id' },
  training: { path: '/api/v1/trainings', id: 'task_id' },
  import: { path: '/api/v1/imports', id: 'import_id' },
};

/** The jobs of one kind on a server, as a user with that token. */
export class Jobs {
  constructor(server, kind = 'backtest', token) {
    Object.assign(this, { server, token, ...FAMILIES[kind], idField: FAMILIES[kind].id });
  }

  ask(method, path = '') {
    return request(this.server, this.path + path, { method, headers: bearer(this.token) });
  }

  post(body, path = '') {
    return post(this.server, this.path + path, body, { token: this.token });
  }

  /** Starts one that has to be taken; gives its id. */
  async start(body, path = '') {
    const answer = await this.post(body, path);
    assert.equal(answer.status, 202, answer.text);
    const { [this.idField]: id, ...rest } = answer.json();
    assert.deepEqual(rest, { status: 'queued' });
    return id;
  }

  async get(path) {
    const answer = await this.ask('GET', path);
    assert.equal(answer.status, 200, `${path}: ${answer.text}`);
    return answer.json();
  }

  one(id) {
    return this.get(`/${id}`);
  }

  /** The job once `is(job)`. */
  async when(id, is) {
    let job;
    const what = () => `job ${id}; it is ${JSON.stringify(job).slice(0, 500)}`;
    await until(what, async () => is((job = await this.one(id))), { within: 6 * PATIENCE_MS });
    return job;
  }

  over(id) {
    return this.when(id, ({ status }) => OVER.includes(status));
  }

  async completed(id) {
    const job = await this.over(id);
    assert.equal(job.status, 'completed', job.message);
    return job;
  }

  running(id) {
    return this.when(id, ({ status }) => status === 'running');
  }
}
