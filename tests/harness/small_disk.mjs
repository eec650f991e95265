// A small file system for the data of one server, in a namespace that needs no privilege. It is there
// as long as one process of the namespace is, so that it outlives a server that is killed.

import { spawn } from 'node:child_process';
import {
  closeSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

import { run } from './command.mjs';
import { temporaryFolder } from './folder.mjs';
import { inTime } from './until.mjs';

const KIB = 1024;
const UNSHARE = ['--user', '--map-root-user', '--mount', 'sh', '-c'];
// It ends with the pipe to it, so with this process, however that ends, and not by Ctrl-C before it.
const HOLD = 'trap "" INT; mount -t tmpfs -o size=$1 livetape "$0" && echo mounted && exec cat';

export class SmallDisk {
  /** false, or why there can be none. */
  static async whyNot() {
    const attempt = [...UNSHARE, 'mount -t tmpfs livetape "$0"', temporaryFolder()];
    const possible = await run('unshare', attempt).catch(() => ({}));
    return possible.status === 0 ? false : 'no file system of its own: unshare is not allowed';
  }

  /** `size` as mount(8) takes it: '24m'. */
  static async make(size) {
    const mountPoint = join(temporaryFolder(), 'disk');
    mkdirSync(mountPoint);
    const holder = spawn('unshare', [...UNSHARE, HOLD, mountPoint, size], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const mounted = new Promise((resolve, reject) => {
      holder.stdout.once('data', resolve);
      holder.once('error', reject);
      holder.once('exit', (status) => reject(new Error(`no file system: unshare gave ${status}`)));
    });
    await inTime('a file system', mounted);
    return new SmallDisk(holder, mountPoint);
  }

  constructor(holder, mountPoint) {
    this.holder = holder;
    this.mountPoint = mountPoint; // as the server sees it, and
    this.dataDir = join(mountPoint, 'data'); // this too
    this.inside = `/proc/${holder.pid}/root${mountPoint}`; // as seen from outside
    // The program of the server is found in the same place: only the mount point differs.
    const of = ['--target', String(holder.pid)];
    this.wrapper = ['nsenter', ...of, '--user', '--mount', '--preserve-credentials'];
  }

  /** Leaves no byte free, or so many KiB. */
  fill(spareKib = 0) {
    const file = openSync(join(this.inside, 'filler'), 'w');
    try {
      for (let size = 1024 * KIB; size >= 1; size = Math.floor(size / 2)) {
        try {
          for (;;) writeSync(file, Buffer.alloc(size));
        } catch (error) {
          if (error.code !== 'ENOSPC') throw error;
        }
      }
      ftruncateSync(file, fstatSync(file).size - spareKib * KIB);
    } finally {
      closeSync(file);
    }
  }

  makeRoom() {
    rmSync(join(this.inside, 'filler'), { force: true });
  }

  /** With all that is on it. */
  async remove() {
    const gone = new Promise((resolve) => this.holder.once('exit', resolve));
    this.holder.stdin.end();
    await inTime('the end of the file system', gone);
  }
}
