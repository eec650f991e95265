// Folders that are gone when the test file ends.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made = new Set();
process.on('exit', () => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** An empty folder of its own. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'livetape-test-'));
  made.add(folder);
  return folder;
}
