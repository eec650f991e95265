// The server's wall clock, which steps when told to. Nothing else on the machine sees it: a library
// that is loaded before the C library answers for it (clock_offset.c).

import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { run } from '../harness/command.mjs';
import { temporaryFolder } from '../harness/folder.mjs';

const SOURCE = fileURLToPath(new URL('clock_offset.c', import.meta.url));

export class WallClock {
  /** One, or why there is none. */
  static async make() {
    const folder = temporaryFolder();
    const library = join(folder, 'clock_offset.so');
    const built = await run('cc', ['-O1', '-shared', '-fPIC', '-o', library, SOURCE, '-ldl']).catch(
      (error) => ({ stderr: String(error) }),
    );
    if (built.status !== 0) return `no clock steps: ${built.stderr}`;
    return new WallClock(library, join(folder, 'offset'));
  }

  constructor(library, file) {
    this.file = file;
    this.offsetMs = 0;
    writeFileSync(file, Buffer.alloc(8));
    this.env = { LD_PRELOAD: library, CHAOS_CLOCK_OFFSET: file };
  }

  /** Milliseconds before or after the machine's clock. */
  set(offsetMs) {
    this.offsetMs = offsetMs;
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(Math.round(offsetMs)) * 1_000_000n);
    const file = openSync(this.file, 'r+');
    writeSync(file, bytes, 0, 8, 0); // one store of eight bytes: the server sees all or nothing of it
    closeSync(file);
  }
}
