// Small libraries of our own that are loaded into the server before the C library.

import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { run } from './command.mjs';
import { temporaryFolder } from './folder.mjs';

/** Builds the C file at `url`; gives {library}, or {failure}: why there is none. */
export async function buildPreload(url) {
  const source = fileURLToPath(url);
  const library = join(temporaryFolder(), `${basename(source, '.c')}.so`);
  const built = await run('cc', ['-O1', '-shared', '-fPIC', '-o', library, source, '-ldl']).catch(
    (error) => ({ stderr: String(error) }),
  );
  return built.status === 0 ? { library } : { failure: built.stderr };
}
