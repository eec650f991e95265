// docs/clients.md holds each example in full: a line that names its path in bold code, then a
// fenced block. Run by itself, this file renews the blocks from the examples:
//
//     node tests/examples/document.mjs

import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DOCUMENT = join(ROOT, 'docs/clients.md');
const BLOCK = /^\*\*`(examples\/[^`]+)`\*\*\n\n(`{3,})(\w+)\n([^]*?)^\2$/gm;

export const readDocument = () => readFileSync(DOCUMENT, 'utf8');
export const readExample = (path) => readFileSync(join(ROOT, path), 'utf8');

/** Every file under examples/, by its path in the repository. */
export function examplePaths() {
  return readdirSync(join(ROOT, 'examples'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('__pycache__'))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .sort();
}

/** Path -> text of each block of an example. */
export function blocksOf(text) {
  return new Map([...text.matchAll(BLOCK)].map(([, path, , , block]) => [path, block]));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const renewed = readDocument().replace(
    BLOCK,
    (_, path, fence, language) =>
      `**\`${path}\`**\n\n${fence}${language}\n${readExample(path)}${fence}`,
  );
  writeFileSync(DOCUMENT, renewed);
}
