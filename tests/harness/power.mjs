// The power of the machine on which the server runs: when it fails, the server ends and its files are
// what a disk may have by then. What was synced is there; of each later write nothing, all, or some
// sectors. A library in the server's processes writes down what they do (write_journal.c).
//
// So it is with a new name of a file, which is there when its folder was synced. A file that was made
// under its name is taken to have it at once.

import {
  closeSync,
  existsSync,
  ftruncateSync,
  openSync,
  readSync,
  readdirSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, join } from 'node:path';

import { temporaryFolder } from './folder.mjs';
import { buildPreload } from './preload.mjs';

const SECTOR = 512;
const HEAD = 56;
const JOURNAL_BYTES = 2 ** 30;
const JOURNAL_OLD_BYTES = 2 ** 28; // then a start begins it anew
const WRITE = 1;
const TRUNCATE = 2;
const SYNC = 3;
const RENAME = 4;

/** The entries of a journal, `bytes` without its first eight: [{kind, inode, offset, before, old, now}]. */
export function entriesOf(bytes) {
  const entries = [];
  const numberAt = (at) => Number(bytes.readBigUInt64LE(at));
  for (let at = 0; at + HEAD <= bytes.length; ) {
    const [length, kind, inode, offset, before, oldBytes, newBytes] = Array.from(
      { length: HEAD / 8 },
      (_, i) => numberAt(at + 8 * i),
    );
    if (length === 0) break; // its writer ended when it had a place and nothing else
    const behind = bytes.subarray(at + HEAD, at + length);
    const old = behind.subarray(0, oldBytes);
    const now = behind.subarray(oldBytes, oldBytes + newBytes);
    // The length counts the first eight bytes.
    if (kind !== 0) entries.push({ at: at + 8, kind, inode, offset, before, old, now });
    at += length;
  }
  return entries;
}

/** What may be taken back of each file, by its inode: what came after its last sync began. */
export function unsynced(entries) {
  const files = new Map();
  for (const entry of entries) {
    const { kind, inode, offset, before, old, now } = entry;
    const open = files.get(inode) ?? [];
    if (kind === RENAME) continue;
    if (kind === SYNC) {
      files.set(inode, open.filter(({ at }) => at >= offset));
      continue;
    }
    // Without all of the old bytes nothing up to there can be taken back.
    const wanted = kind === WRITE ? Math.min(now.length, before - offset) : before - offset;
    if (old.length < wanted) files.set(inode, []);
    else {
      open.push(entry);
      files.set(inode, open);
    }
  }
  for (const [inode, open] of files) if (!open.length) files.delete(inode);
  return files;
}

/** New names that may be taken back, the last first: [{from, to}]. */
export function unsyncedNames(entries) {
  let names = [];
  for (const { at, kind, inode, offset, old, now } of entries) {
    if (kind === RENAME) names.push({ at, inode, from: old.toString(), to: now.toString() });
    if (kind === SYNC) names = names.filter((name) => name.inode !== inode || name.at >= offset);
  }
  return names.reverse();
}

/** How a disk has dealt with `count` unsynced writes of a file: whether it has a sector of the n-th. */
const HAS = {
  nothing: () => () => false,
  // It writes in order, and was in the middle of one.
  'up to one': (chance, count) => {
    const last = chance.below(count + 1);
    return (n) => n < last || (n === last && chance.is(0.5));
  },
  'some sectors': (chance) => () => chance.is(0.5),
  'some writes': (chance, count) => {
    const kept = Array.from({ length: count }, () => chance.is(0.5));
    return (n) => kept[n];
  },
};

export const DEALINGS = Object.keys(HAS);

/** Leaves in the file the sectors of `writes`, which were all that is not synced, for which has(n). */
export function takeBack(path, writes, has) {
  const fd = openSync(path, 'r+');
  try {
    for (const { kind: what, offset, before, old } of writes.toReversed()) {
      if (old.length) writeSync(fd, old, 0, old.length, offset);
      ftruncateSync(fd, before);
    }
    writes.forEach(({ kind: what, offset, now }, n) => {
      if (what === TRUNCATE) {
        if (has(n)) ftruncateSync(fd, offset);
        return;
      }
      for (let from = 0; from < now.length; ) {
        const to = Math.min(now.length, from + SECTOR - ((offset + from) % SECTOR));
        if (has(n)) writeSync(fd, now, from, to - from, offset + from);
        from = to;
      }
    });
  } finally {
    closeSync(fd);
  }
}

export class Power {
  /** That of the machine with this disk, or why it cannot fail. */
  static async make(disk) {
    const { library, failure } = await buildPreload(new URL('write_journal.c', import.meta.url));
    return failure ? `no power cuts: ${failure}` : new Power(library, disk);
  }

  constructor(library, disk) {
    Object.assign(this, { library, disk, journal: join(temporaryFolder(), 'journal') });
    this.#beginAnew();
    this.env = { JOURNALED_DISK: disk.mountPoint, WRITE_JOURNAL: this.journal };
  }

  #beginAnew() {
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(8n);
    writeFileSync(this.journal, length);
    truncateSync(this.journal, JOURNAL_BYTES);
  }

  #length() {
    const bytes = Buffer.alloc(8);
    const fd = openSync(this.journal, 'r');
    readSync(fd, bytes, 0, 8, 0);
    closeSync(fd);
    return Number(bytes.readBigUInt64LE());
  }

  /** Between two lives: what is old counts as written. */
  tidy() {
    if (this.#length() > JOURNAL_OLD_BYTES) this.#beginAnew();
  }

  /** The entries; undefined: there were too many. */
  read() {
    const length = this.#length();
    if (length > JOURNAL_BYTES) return undefined;
    const bytes = Buffer.alloc(length - 8);
    const fd = openSync(this.journal, 'r');
    readSync(fd, bytes, 0, bytes.length, 8);
    closeSync(fd);
    return entriesOf(bytes);
  }

  /** The server has ended: leaves what a disk has that deals with writes so. Tells what it did. */
  cut(chance, dealing = chance.pick(DEALINGS)) {
    const entries = this.read();
    if (!entries) return 'too much was written to take any of it back';
    const open = unsynced(entries);
    const files = readdirSync(this.disk.inside, { recursive: true, withFileTypes: true });
    const told = [];
    for (const file of files.filter((each) => each.isFile())) {
      const path = join(file.parentPath ?? file.path, file.name);
      const writes = open.get(statSync(path).ino);
      if (!writes) continue;
      takeBack(path, writes, HAS[dealing](chance, writes.length));
      told.push(`${file.name} ${writes.length}`);
    }
    const { mountPoint, inside } = this.disk;
    for (const name of unsyncedNames(entries)) {
      const [from, to] = [name.from, name.to].map((path) => inside + path.slice(mountPoint.length));
      if (!existsSync(to) || existsSync(from) || (dealing !== 'nothing' && chance.is(0.5))) continue;
      renameSync(to, from);
      told.push(`${basename(from)} under its old name`);
    }
    this.#beginAnew();
    return `the disk has ${dealing} of ${told.join(', ') || 'no unsynced writes'}`;
  }
}
