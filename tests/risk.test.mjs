// Risk: figures, limits that prices break, what is told and done then, and the history of alerts.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Trader, listed, trade } from './harness/alpaca.mjs';
import { post, tell } from './harness/api.mjs';
import { CHANNELS, inside, joinChannel } from './harness/channel.mjs';
import { assertProblem } from './harness/problem.mjs';
import { request } from './harness/raw.mjs';
import { bearer } from './harness/api.mjs';
import { restart, serve } from './harness/server.mjs';
import { mint } from './harness/tokens.mjs';
import { until } from './harness/until.mjs';

const QUIET = ['--source', 'none', '--set', 'server.drain_s=0.5'];
const LIMITS = '/api/v1/risk/limits';

const putLimits = (server, changes, options) =>
  post(server, LIMITS, changes, { method: 'PUT', ...options });

async function limit(server, changes) {
  const answer = await putLimits(server, changes);
  assert.equal(answer.status, 200, answer.text);
  return answer.json();
}

async function get(server, path) {
  const answer = await new Trader(server).read(path);
  assert.equal(answer.status, 200, answer.text);
  return answer.json();
}

const riskOf = (server, account = 'paper') => get(server, `/api/v1/risk?account=${account}`);
const alertsOf = (server, query = '') => get(server, `/api/v1/alerts${query}`);

/** The default account with 1,000 shares at 100, all of its cash. */
async function invested(server, account) {
  const trader = new Trader(server, account);
  const share = await listed(server, 100);
  await trade(trader, share, 'buy', 1000);
  return { trader, share };
}

/** The standing of a limit once it is as wished. */
const standing = (server, key, broken, account) =>
  until(`${key} broken: ${broken}`, async () => {
    const { limits } = await riskOf(server, account);
    return limits[key].broken === broken && limits[key];
  });

test('a loss of the limit is allowed, one more breaks it, once, until it has recovered', async (t) => {
  const server = await serve(t, [...QUIET, '--set', 'risk.drawdown_limit=0.1']);
  const stream = await joinChannel(t, server, 'alerts');
  const { share } = await invested(server);
  await share.trade(90);
  await until('the loss is seen', async () => (await riskOf(server)).drawdown === 0.1);
  assert.equal((await riskOf(server)).limits.drawdown_limit.broken, false);
  await share.trade(89.999);
  const broken = await stream.next('the alert');
  assert.equal(broken.event, 'risk_alert');
  assert.deepEqual(inside(broken), {
    alert_type: 'drawdown_limit',
    severity: 'high',
    message: 'drawdown of paper is 0.10001, over its limit 0.1',
    metric_name: 'drawdown',
    metric_value: 0.10001,
    threshold: 0.1,
    entity_type: 'account',
    entity_id: 'paper',
  });
  for (const price of [80, 90, 85, 90.5]) {
    await share.trade(price);
    await until('it is seen', async () => (await riskOf(server)).equity === price * 1000);
  }
  await share.trade(91);
  const recovered = inside(await stream.next('the recovery'));
  assert.equal(recovered.alert_type, 'drawdown_limit_recovered');
  assert.equal(recovered.severity, 'low');
  assert.equal(recovered.metric_value, 0.09);
  await share.trade(89);
  assert.equal(inside(await stream.next('a second one')).alert_type, 'drawdown_limit');
  const { alerts, total } = await alertsOf(server);
  assert.equal(total, 3);
  assert.deepEqual(
    alerts.map((alert) => alert.data.severity),
    ['high', 'low', 'high'],
  );
});

test('what the limits ask for is done: closing orders only, then none', async (t) => {
  const server = await serve(t, [
    ...QUIET,
    ...['--set', 'risk.day_drawdown_limit=0.05', '--set', 'risk.day_drawdown_limit_action=reduce'],
    ...['--set', 'risk.drawdown_limit=0.2', '--set', 'risk.drawdown_limit_action=halt'],
    ...['--set', 'risk.drawdown_limit_severity=critical'],
  ]);
  const stream = await joinChannel(t, server, 'alerts');
  const { trader, share } = await invested(server);
  const waiting = await trade(trader, share, 'sell', 10, { type: 'limit', limit_price: '150' });
  await share.trade(94);
  assert.equal(inside(await stream.next('the first')).alert_type, 'day_drawdown_limit');
  assert.equal((await trader.status()).state, 'REDUCING');
  await trader.refused({ symbol: share.symbol }, { status: 403, code: 40310000 });
  await trade(trader, share, 'sell', 1);
  await share.trade(70);
  const halt = inside(await stream.next('the second'));
  assert.equal(halt.severity, 'critical');
  assert.match(halt.message, /trading is halted/);
  await trader.settled(waiting.id, { status: 'canceled' });
  assert.equal((await trader.status()).state, 'HALTED');
});

test('limits change at once, are kept, and say what they allow', async (t) => {
  let server = await serve(t, [...QUIET, '--set', 'risk.drawdown_limit=0.5']);
  const { share } = await invested(server);
  assert.equal((await get(server, LIMITS)).drawdown_limit, 0.5);
  await share.trade(85);
  const after = await limit(server, {
    drawdown_limit: 0.1,
    drawdown_limit_severity: 'medium',
    var_method: 'historical',
    max_order_qty: '12.5',
  });
  assert.equal(after.drawdown_limit, 0.1);
  assert.equal(after.var_method, 'historical');
  assert.equal(after.max_order_qty, 12.5);
  assert.equal((await standing(server, 'drawdown_limit', true)).severity, 'medium');
  for (const [key, bad, right] of [
    ['drawdown_limit', -0.1, /from 0 to 1000/],
    ['drawdown_limit', 'much', /a number/],
    ['var_method', 'guess', /historical, parametric, monte_carlo/],
    ['var_confidence', 1, /under 1/],
    ['gross_limit_action', 'panic', /alert, reduce, halt/],
    ['max_orders_per_s', 1.5, /whole number/],
    ['drawdown', 0.1, /there are .*drawdown_limit/],
  ]) {
    const answer = await putLimits(server, { hysteresis: 0.5, [key]: bad });
    assertProblem(answer, 422);
    assert.equal(answer.json().field, key);
    assert.match(answer.json().detail, right);
  }
  assertProblem(await putLimits(server, '[1'), 422);
  assert.equal((await get(server, LIMITS)).hysteresis, 0.9, 'nothing of a wrong body is taken');

  server = await restart(t, server, { kill: true });
  const kept = await get(server, LIMITS);
  assert.deepEqual(kept, after);
  share.server = server;
  await share.trade(85);
  const tooMany = { symbol: share.symbol, side: 'sell', qty: '13' };
  await new Trader(server).refused(tooMany, { status: 403, code: 40310000 });
  // Null: as it is configured.
  assert.equal((await limit(server, { drawdown_limit: null })).drawdown_limit, 0.5);
});

test('after kill -9 a broken limit is broken still, and tells it no second time', async (t) => {
  let server = await serve(t, [...QUIET, '--set', 'risk.drawdown_limit=0.1']);
  const { share } = await invested(server);
  await share.trade(80);
  await standing(server, 'drawdown_limit', true);
  server = await restart(t, server, { kill: true });
  share.server = server;
  assert.equal((await riskOf(server)).limits.drawdown_limit.broken, true);
  await share.trade(79);
  await until('it is seen', async () => (await riskOf(server)).equity === 79_000);
  assert.equal((await alertsOf(server)).total, 1);
  await share.trade(100);
  await standing(server, 'drawdown_limit', false);
  assert.equal((await alertsOf(server)).total, 2);
});

test('alerts of programs and of accounts are one history; acknowledged ones leave the screens', async (t) => {
  let server = await serve(t, [...QUIET, '--set', 'risk.concentration_limit=0.5']);
  const mine = await tell(server, 'alerts', { ...CHANNELS.alerts, entity_id: 'pump' });
  await assert.rejects(invested(server, 'first'), /403.*concentration/s);
  const other = await tell(server, 'alerts', { ...CHANNELS.alerts, severity: 'critical' });
  const all = await alertsOf(server);
  assert.deepEqual(
    all.alerts.map((alert) => alert.id),
    [other, mine],
  );
  const ids = async (query) => (await alertsOf(server, query)).alerts.map((alert) => alert.id);
  assert.deepEqual(await ids('?severity=critical'), [other]);
  assert.deepEqual(await ids('?entity_id=pump'), [mine]);
  assert.deepEqual(await ids('?limit=1&offset=1'), [mine]);
  assert.deepEqual(await ids('?to=2020-01-01T00:00:00Z'), []);
  assertProblem(await request(server, '/api/v1/alerts?severity=huge'), 422);
  assertProblem(await request(server, '/api/v1/alerts?limit=0'), 422);

  const ack = (id) => post(server, `/api/v1/alerts/${id}/ack`, '');
  const first = await ack(mine);
  assert.equal(first.status, 200, first.text);
  assert.equal(first.json().acknowledged, true);
  assert.equal(first.json().acknowledged_by, null);
  assert.deepEqual((await ack(mine)).json(), first.json(), 'the first one counts');
  for (const unknown of ['x', mine.replace(/\d+$/, '999'), 'zzzz-1', `${mine}x`]) {
    assertProblem(await ack(unknown), 404);
  }
  assert.deepEqual(await ids('?acknowledged=false'), [other]);
  assert.deepEqual(await ids('?acknowledged=true'), [mine]);

  server = await restart(t, server, { kill: true });
  assert.deepEqual(await ids('?acknowledged=true'), [mine]);
  const stream = await joinChannel(t, server, 'alerts');
  assert.equal(inside(await stream.next('a copy')).severity, 'critical');
  const next = await tell(server, 'alerts', { ...CHANNELS.alerts, message: 'new' });
  assert.equal((await stream.next('live')).id, next, 'no other copy');
});

test('figures of a portfolio with a history', async (t) => {
  const server = await serve(t, [
    ...['--source', 'synthetic', '--set', 'paper.strategy=none'],
    ...['--set', 'server.drain_s=0.5', '--set', 'market.symbols=["AAPL","BTC"]'],
  ]);
  const empty = await riskOf(server);
  assert.deepEqual(empty.var, { historical: 0, parametric: 0, monte_carlo: 0 });
  assert.equal(empty.covered, 1);
  assert.equal(empty.concentration.symbol, null);
  const trader = new Trader(server);
  await until('a price', async () =>
    JSON.stringify(await get(server, '/api/v1/quotes?symbols=AAPL')).includes('price'),
  );
  await trader.place({ symbol: 'AAPL', qty: '100' });
  const risk = await riskOf(server);
  assert.equal(risk.reason, null);
  assert.equal(risk.days, 252);
  assert.equal(risk.covered, 1);
  assert.equal(risk.confidence, 0.95);
  assert.equal(risk.method, 'parametric');
  for (const method of ['historical', 'parametric', 'monte_carlo']) {
    assert.ok(risk.var[method] > 0, method);
    assert.ok(risk.cvar[method] > risk.var[method], method);
  }
  assert.ok(Math.abs(risk.var.parametric - risk.var.monte_carlo) < 0.05 * risk.var.parametric);
  assert.equal(risk.concentration.symbol, 'AAPL');
  assert.equal(risk.exposure.gross, risk.exposure.long);
  assertProblem(await request(server, '/api/v1/risk?account=nobody'), 404);
});

test('with tokens: one\'s own account, limits by an admin, history by who may read it', async (t) => {
  const server = await serve(t, [...QUIET, '--set', 'auth.mode=jwt']);
  const reader = await mint(server, 'alice', { scope: 'subscribe trade' });
  const narrow = await mint(server, 'alice', { scope: 'subscribe', topics: ['market/*'] });
  const admin = await mint(server, 'root', { scope: 'subscribe publish trade admin' });
  const as = (token) => ({ headers: bearer(token) });
  assertProblem(await request(server, '/api/v1/risk'), 401);
  const foreign = await request(server, '/api/v1/risk?account=paper', as(reader));
  assert.ok([403, 404].includes(foreign.status), foreign.text);
  assertProblem(await putLimits(server, { drawdown_limit: 0.1 }, { token: reader }), 403);
  assert.equal((await putLimits(server, { drawdown_limit: 0.1 }, { token: admin })).status, 200);
  assertProblem(await request(server, '/api/v1/alerts', as(narrow)), 403);
  assert.equal((await request(server, '/api/v1/alerts', as(reader))).status, 200);
  const id = await tell(server, 'alerts', CHANNELS.alerts, { token: admin });
  const ack = (token) => post(server, `/api/v1/alerts/${id}/ack`, '', { token });
  assertProblem(await ack(reader), 403);
  assert.equal((await ack(admin)).json().acknowledged_by, 'root');
});
