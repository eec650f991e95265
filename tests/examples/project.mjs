// A project such as a reader of docs/clients.md would have: the examples copied beside a
// node_modules, checked by TypeScript and bundled for the browser.

import { readFileSync } from 'node:fs';
import { cp, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';
import { compileScript, parse } from 'vue/compiler-sfc';

import { temporaryFolder } from '../harness/folder.mjs';

export const EXAMPLES = fileURLToPath(new URL('../../examples', import.meta.url));
const HERE = fileURLToPath(new URL('.', import.meta.url));
export const NODE_MODULES = fileURLToPath(new URL('../node_modules', import.meta.url));

/** A folder with the examples, the mounts of this folder and the packages. */
export async function makeProject() {
  const folder = temporaryFolder();
  await cp(EXAMPLES, folder, { recursive: true });
  await cp(HERE, folder, { recursive: true });
  await symlink(NODE_MODULES, join(folder, 'node_modules'));
  return folder;
}

const singleFileComponents = {
  name: 'vue',
  setup(builder) {
    builder.onLoad({ filter: /\.vue$/ }, ({ path }) => {
      const { descriptor, errors } = parse(readFileSync(path, 'utf8'), { filename: path });
      if (errors.length) throw errors[0];
      const script = compileScript(descriptor, { id: 'board', inlineTemplate: true });
      return { contents: script.content, loader: 'ts' };
    });
  },
};

/** The text of a script that runs `entry` of the project in a browser. */
export async function bundle(project, entry) {
  const { outputFiles, warnings } = await build({
    absWorkingDir: project,
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    jsx: 'automatic',
    define: {
      'process.env.NODE_ENV': '"development"',
      __VUE_OPTIONS_API__: 'false',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    },
    plugins: [singleFileComponents],
    logLevel: 'silent',
  });
  if (warnings.length) throw new Error(JSON.stringify(warnings));
  return outputFiles[0].text;
}
