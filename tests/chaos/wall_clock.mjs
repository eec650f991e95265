// The server's wall clock, which steps when told to. Nothing else on the machine sees it: a library
// that is loaded before the C library answers for it (clock_offset.c).

import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import { temporaryFolder } from '../harness/folder.mjs';
import { buildPreload } from '../harness/preload.mjs';

export class WallClock {
  /** One, or why there is none. */
  static async make() {
    const { library, failure } = await buildPreload(new URL('clock_offset.c', import.meta.url));
    return failure ? `no clock steps: ${failure}` : new WallClock(library);
  }

  constructor(library) {
    this.file = join(temporaryFolder(), 'offset');
    this.offsetMs = 0;
    writeFileSync(this.file, Buffer.alloc(8));
    this.library = library;
    this.env = { CHAOS_CLOCK_OFFSET: this.file };
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
