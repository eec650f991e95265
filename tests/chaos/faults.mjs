// What happens to the server: each fault is undone when its function is over, and the server has to
// take records again.

import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

import { run } from '../harness/command.mjs';
import { RawClient, request, requestBytes } from '../harness/raw.mjs';
import { Server } from '../harness/server.mjs';
import { until } from '../harness/until.mjs';
import { BrokenPromise } from './promises.mjs';

const MIB = 2 ** 20;
// Answers to idempotency keys are kept for 24 hours, so all steps together stay within 12.
const CLOCK_MOST_MS = 6 * 3600 * 1000;
const LARGE_BODY = 6 * MIB;
const LARGE_BODIES = 12;
const WEIGHTS = {
  kill: 16,
  drain: 8,
  'drain-kill': 5,
  freeze: 10,
  'freeze-kill': 4,
  disk: 8,
  'disk-kill': 4,
  clock: 14,
  descriptors: 8,
  memory: 5,
  power: 12,
  backup: 6,
};

async function kill(world) {
  await world.restart((server) => server.kill());
}

async function drain(world) {
  await world.restart((server) => world.drain(server));
}

async function drainKill(world, chance) {
  const after = chance.between(0, 300);
  await world.restart(async (server) => {
    server.child.kill('SIGTERM');
    await Promise.race([pause(after), server.exited]);
    server.child.kill('SIGKILL');
    await server.exited;
    if (server.exitStatus !== 0 && server.exitStatus !== 'SIGKILL')
      throw new BrokenPromise('the server never ends by itself', `exit ${server.exitStatus}`);
    server.killed = true;
  });
  return `after ${after.toFixed(0)} ms`;
}

async function freeze(world, chance) {
  const forMs = chance.is(0.8) ? chance.between(20, 1500) : chance.between(1500, 8000);
  const { child } = world.server;
  child.kill('SIGSTOP');
  try {
    await pause(forMs);
  } finally {
    child.kill('SIGCONT');
  }
  return `for ${forMs.toFixed(0)} ms`;
}

async function freezeKill(world, chance) {
  const forMs = chance.between(20, 1000);
  world.server.child.kill('SIGSTOP');
  await pause(forMs);
  await kill(world);
  return `for ${forMs.toFixed(0)} ms`;
}

async function disk(world, chance) {
  const forMs = chance.between(200, 5000);
  world.disk.fill();
  try {
    await pause(forMs);
  } finally {
    world.disk.makeRoom();
  }
  return `full for ${forMs.toFixed(0)} ms`;
}

async function diskKill(world, chance) {
  const forMs = chance.between(50, 4000);
  world.disk.fill();
  await pause(forMs);
  await kill(world);
  return `full for ${forMs.toFixed(0)} ms`;
}

/** The machine loses its power. */
async function power(world, chance) {
  let what;
  await world.restart(async (server) => {
    await server.kill();
    what = world.power.cut(chance);
  });
  return what;
}

async function clock(world, chance) {
  const step = chance.is(0.5)
    ? chance.between(-5000, 5000)
    : chance.between(-CLOCK_MOST_MS, CLOCK_MOST_MS) - world.clock.offsetMs;
  const most = Math.max(-CLOCK_MOST_MS, Math.min(CLOCK_MOST_MS, world.clock.offsetMs + step));
  const before = world.clock.offsetMs;
  world.clock.set(most);
  return `by ${((most - before) / 1000).toFixed(3)} s`;
}

const limit = async (pid, ...limits) => {
  const { status, stderr } = await run('prlimit', ['--pid', String(pid), ...limits]);
  // A process that has just ended has no limits.
  if (status !== 0 && !/No such process/.test(stderr)) throw new Error(`prlimit: ${stderr}`);
};

/** More connections than there are descriptors; whoever waits gets through afterwards. */
async function descriptors(world, chance) {
  const { server } = world;
  const { pid } = server.child;
  const spare = chance.below(6);
  const forMs = chance.between(200, 3000);
  const open = readdirSync(`/proc/${pid}/fd`).length;
  const allowed = /^Max open files +(\d+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'utf8'))[1];
  const crowd = [];
  world.excuse(server, forMs);
  await limit(pid, `--nofile=${open + spare}:`);
  try {
    for (let i = 0; i < 16; ++i) crowd.push(await RawClient.connect(server.port));
    await pause(forMs);
  } finally {
    await limit(pid, `--nofile=${allowed}:`);
    for (const client of crowd) client.close();
  }
  return `${spare} for ${forMs.toFixed(0)} ms`;
}

/** Clients that make it want memory: large bodies that are no JSON, so that nothing comes of them. */
async function largeBodies(server) {
  const clients = [];
  const body = Buffer.alloc(LARGE_BODY, 'x');
  const bytes = requestBytes(server.port, { method: 'POST', path: '/api/v1/publish', body });
  for (let i = 0; i < LARGE_BODIES; ++i) {
    const client = await RawClient.connect(server.port).catch(() => undefined);
    client?.send(bytes);
    if (client) clients.push(client);
  }
  return clients;
}

/**
 * Hardly any address space is left: the server may refuse, or end when it is given no memory; then it
 * is started again, as by its supervisor. It must not end for another reason.
 */
async function memory(world, chance) {
  const { server } = world;
  const { pid } = server.child;
  const forMs = chance.between(100, 2000);
  const left = Math.floor(chance.between(0, 200) * MIB);
  server.mayEnd = true;
  world.excuse(server, forMs);
  await limit(pid, `--as=${world.memoryOf('VmSize') + left}:`);
  const clients = await largeBodies(server);
  await Promise.race([pause(forMs), server.exited]);
  for (const client of clients) client.close();
  if (server.running) await limit(pid, '--as=unlimited:');
  const what = `${(left / MIB).toFixed(1)} MiB for ${forMs.toFixed(0)} ms`;
  // One that is about to end does so now, or answers.
  const decided = async () => !server.running || (await answers(server));
  await until('it answers or has ended', decided);
  server.mayEnd = false;
  if (server.running) return what;
  const said = /bad_alloc|out of memory|Cannot allocate/i.test(server.stderr);
  if (!said) throw new BrokenPromise('the server never ends by itself', server.stderr.slice(-2000));
  world.report.operation('server', 'ended for want of memory', server.stderr.trim().split('\n').at(-1));
  await world.restart(() => {});
  return `${what}: it ended`;
}

// That the kernel takes a connection says nothing: a process that is about to end has it do so, too.
const answers = (server) =>
  request(server, '/healthz').then(
    () => true,
    () => false,
  );

const headOf = async (server) =>
  Number(/^livetape_tape_head (\d+)$/m.exec((await request(server, '/metrics')).text)[1]);

/** A backup beside all that goes on, and a server that is started on it. */
async function backup(world) {
  const before = await headOf(world.server);
  const copy = await world.backup();
  const restored = await Server.start(['--source', 'none'], { dataDir: copy, quiet: true });
  try {
    const ready = async () => (await request(restored, '/readyz')).status === 200;
    await until('readyz of a backup', ready);
    const head = await headOf(restored);
    if (head < before)
      throw new BrokenPromise('a backup has all that was there', `${head} of ${before} records`);
    return `${head} records`;
  } finally {
    await restored.stop();
    rmSync(copy, { recursive: true });
  }
}

const FAULTS = {
  kill,
  drain,
  'drain-kill': drainKill,
  freeze,
  'freeze-kill': freezeKill,
  disk,
  'disk-kill': diskKill,
  clock,
  descriptors,
  memory,
  power,
  backup,
};

/** The names and weights of what can be done here. */
export function possibleFaults(world, without) {
  const weights = { ...WEIGHTS };
  for (const name of without) delete weights[name];
  if (!world.disk) for (const name of ['disk', 'disk-kill']) delete weights[name];
  if (!world.clock) delete weights.clock;
  if (!world.power) delete weights.power;
  return weights;
}

/** Does one, and waits until the server is well again. */
export async function strike(world, name, chance) {
  const { report } = world;
  report.operation('fault', `fault ${name}`, 'begins');
  world.struck = true;
  const particulars = await FAULTS[name](world, chance);
  await world.ready();
  world.struck = false;
  world.calmSince = performance.now();
  report.note('fault', `${name} is over`, particulars);
}
