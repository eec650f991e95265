// The server that is being driven: its lives one after the other, its disk and its clock, and what
// may be held against it at this moment.

import { appendFileSync, cpSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { run } from '../harness/command.mjs';
import { temporaryFolder } from '../harness/folder.mjs';
import { Power } from '../harness/power.mjs';
import { request } from '../harness/raw.mjs';
import { BINARY, Server, cleanEnvironment } from '../harness/server.mjs';
import { SmallDisk } from '../harness/small_disk.mjs';
import { inTime, until } from '../harness/until.mjs';
import { BrokenPromise, checkMemory } from './promises.mjs';
import { WallClock } from './wall_clock.mjs';

// Large enough for what an hour leaves, small enough to be filled in a moment.
const DISK = '384m';
export const CASH = 1_000_000;
const set = (...values) => values.flatMap((value) => ['--set', value]);
// The ring's usual size, and its least: less than a second of what is published in a storm.
const RINGS = [65_536, 1024];
const SETTINGS = [
  ...['--source', 'none'],
  ...set('server.drain_s=1', 'limits.streams_per_address=0', 'tape.keep_records=150000'),
  ...set(`paper.cash=${CASH}`, 'paper.fee=0.001', 'paper.strategy=none', 'log.level=warning'),
];
const DRAIN_WITHIN_MS = 20_000;
const EXCUSED_AFTER_MS = 1000;
const END_HEARD_WITHIN_MS = 1000;

export class World {
  /** `chance` chooses how it is set up. `broken(error)` is called when the server ends by itself. */
  static async make(report, chance, memoryBytes, broken) {
    const world = new World();
    Object.assign(world, { report, memoryBytes, broken, struck: false, calmSince: 0 });
    world.logFile = join(temporaryFolder(), 'server.log');
    world.missing = [];
    const noDisk = await SmallDisk.whyNot();
    if (noDisk) world.missing.push(noDisk);
    else world.disk = await SmallDisk.make(DISK);
    const clock = await WallClock.make();
    if (typeof clock === 'string') world.missing.push(clock);
    else world.clock = clock;
    const power = world.disk ? await Power.make(world.disk) : 'no power cuts without its own disk';
    if (typeof power === 'string') world.missing.push(power);
    else world.power = power;
    const { disk } = world;
    const preloads = [world.clock, world.power].filter(Boolean);
    const options = {
      dataDir: disk?.dataDir,
      // In a session of its own, so that Ctrl-C is heard by the driver alone.
      wrapper: ['setsid', ...(disk?.wrapper ?? [])],
      env: Object.assign({}, ...preloads.map(({ env }) => env), {
        LD_PRELOAD: preloads.map(({ library }) => library).join(':'),
      }),
      quiet: true,
    };
    const ring = RINGS[chance.below(RINGS.length)];
    report.line(`tape.ring=${ring}`);
    await world.#begin(() => Server.start([...SETTINGS, ...set(`tape.ring=${ring}`)], options));
    return world;
  }

  async #begin(start) {
    const server = await start();
    server.ending = false; // we end it
    server.mayEnd = false; // what we do to it may end it
    server.excusedUntil = 0;
    server.exited.then(() => this.#ended(server));
    this.server = server;
    return server;
  }

  #ended(server) {
    appendFileSync(this.logFile, `--- ${server.command}: ${server.exitStatus}\n${server.stderr}`);
    server.stderr = server.stderr.slice(-4096);
    if (server.ending || server.mayEnd) return;
    this.broken(this.#endOf(server));
  }

  #endOf(server) {
    const words = server.stderr.split('\n').slice(-8).join('\n  ');
    return new BrokenPromise('the server never ends by itself', `${server.exitStatus}\n  ${words}`);
  }

  /** Where its files are for us. */
  get dataDir() {
    return this.disk ? join(this.disk.inside, 'data') : this.server.dataDir;
  }

  /** The secret that signs its tokens. */
  tokenKey() {
    return Buffer.from(readFileSync(join(this.dataDir, 'jwt.key'), 'utf8'), 'base64');
  }

  /** Whether what went wrong on a connection to `server` is ours. */
  excuses(server) {
    const { ending, excusedUntil } = server;
    return server !== this.server || ending || performance.now() < excusedUntil;
  }

  /**
   * What went wrong on a connection to `server`, unless it is ours: then undefined. The end of a
   * process is heard of after the end of its connections, and tells more.
   */
  async blame(server, promise, what) {
    if (this.excuses(server)) return undefined;
    await inTime('its end', server.exited, END_HEARD_WITHIN_MS).catch(() => {});
    if (!server.running && server.mayEnd) return undefined;
    if (!server.running) return this.#endOf(server);
    return new BrokenPromise(promise, what);
  }

  /** For so long, and a little more, an operation on this server may fail. */
  excuse(server, forMs) {
    server.excusedUntil = performance.now() + forMs + EXCUSED_AFTER_MS;
  }

  /** A server that is there; waits for it while there is none. */
  async present() {
    while (this.server.ending) await this.next;
    return this.server;
  }

  /** Ends this life by `how(server)` and begins the next. */
  async restart(how) {
    const { server } = this;
    let begun;
    this.next = new Promise((resolve) => (begun = resolve));
    server.ending = true;
    await how(server);
    this.disk?.makeRoom();
    this.power?.tidy();
    await this.#begin(() => server.again());
    begun();
    await this.ready();
  }

  /** It takes records, within a deadline. */
  async ready() {
    const { server } = this;
    try {
      await until('readyz', async () => (await request(server, '/readyz')).status === 200);
    } catch (error) {
      throw new BrokenPromise('the server recovers after a fault', error.message);
    }
  }

  /** A folder that `livetape backup` has made of its data. */
  async backup() {
    const to = join(temporaryFolder(), 'backup');
    const [program, ...args] = [...(this.disk?.wrapper ?? []), BINARY];
    const from = this.disk?.dataDir ?? this.server.dataDir;
    const options = { env: cleanEnvironment() };
    const { status, stderr } = await run(program, [...args, 'backup', '--data-dir', from, to], options);
    if (status !== 0) throw new BrokenPromise('a backup can be made at any time', stderr);
    return to;
  }

  /** In order: it says so by its exit status. */
  async drain(server) {
    server.child.kill('SIGTERM');
    const status = await inTime('the end after SIGTERM', server.exited, DRAIN_WITHIN_MS);
    if (status !== 0) throw new BrokenPromise('SIGTERM ends it in order', `exit status ${status}`);
  }

  sampleMemory() {
    const { server } = this;
    if (!server.running || server.ending) return;
    let bytes;
    try {
      bytes = server.residentBytes();
    } catch {
      return; // it is just ending
    }
    this.report.resident(bytes);
    checkMemory(bytes, this.memoryBytes);
  }

  /** The numbers of its memory in /proc, in bytes: VmSize, VmData... */
  memoryOf(name) {
    const status = readFileSync(`/proc/${this.server.child.pid}/status`, 'utf8');
    return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)[1]) * 1024;
  }

  /** Ends the server at once and keeps what it leaves: its data and its log. Gives the folder. */
  async keep() {
    const { server } = this;
    this.#close();
    if (server.running) {
      server.child.kill('SIGKILL');
      await inTime('the end after SIGKILL', server.exited);
    }
    const folder = mkdtempSync(join(tmpdir(), 'livetape-chaos-'));
    cpSync(this.logFile, join(folder, 'server.log'));
    this.disk?.makeRoom();
    cpSync(this.dataDir, join(folder, 'data'), { recursive: true });
    return folder;
  }

  /** There will be no other server. */
  #close() {
    this.server.ending = true;
    this.next = new Promise(() => {});
  }

  async end() {
    this.#close();
    if (this.server.running) await this.drain(this.server);
  }

  async remove() {
    await this.disk?.remove();
  }
}
