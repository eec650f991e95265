// A Python that has what examples/python/requirements.txt names: the machine's own if it does, else
// an environment under .tools/ that is made once.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { run } from '../harness/command.mjs';
import { EXAMPLES } from './project.mjs';

const ENVIRONMENT = fileURLToPath(new URL('../../.tools/python', import.meta.url));
const REQUIREMENTS = join(EXAMPLES, 'python/requirements.txt');
const INSTALLING_MS = 120_000;

const has = async (python) =>
  (await run(python, ['-c', 'import requests, sseclient; sseclient.SSEClient.events'])).status ===
  0;

/** The path of such a Python, or {missing: why there is none}. */
export async function findPython() {
  if (await has('python3')) return { python: 'python3' };
  const python = join(ENVIRONMENT, 'bin/python3');
  const stamp = join(ENVIRONMENT, '.installed');
  const wanted = readFileSync(REQUIREMENTS, 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return { python };
  for (const [program, ...args] of [
    ['python3', '-m', 'venv', ENVIRONMENT],
    [python, '-m', 'pip', 'install', '--quiet', '--requirement', REQUIREMENTS],
  ]) {
    const { status, stderr } = await run(program, args, { within: INSTALLING_MS });
    if (status !== 0) return { missing: `${program} ${args.join(' ')}: ${stderr}` };
  }
  writeFileSync(stamp, wanted);
  return { python };
}
