// docs/clients.md holds each example in full, docs/alpaca.md those for Alpaca, docs/backtests.md
// those of strategies and docs/operations.md those for who runs a server: a line that names its path
// in bold code, then a fenced block. Run by itself, this file renews the blocks:
//
//     node tests/examples/document.mjs

import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DOCUMENTS = ['clients.md', 'alpaca.md', 'backtests.md', 'operations.md'].map((name) =>
  join(ROOT, 'docs', name),
);
const BLOCK = /^\*\*`(examples\/[^`]+)`\*\*\n\n(`{3,})(\w+)\n([^]*?)^\2$/gm;

/** Both, one after the other. */
export const readDocuments = () => DOCUMENTS.map((path) => readFileSync(path, 'utf8')).join('');
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
  for (const path of DOCUMENTS) {
    const renewed = readFileSync(path, 'utf8').replace(
      BLOCK,
      (_, example, fence, language) =>
        `**\`${example}\`**\n\n${fence}${language}\n${readExample(example)}${fence}`,
    );
    writeFileSync(path, renewed);
  }
}
