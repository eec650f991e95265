// The command line of the abuse driver.

import { parseArgs } from 'node:util';

import { ABUSES } from './abuses.mjs';

const NAMES = Object.keys(ABUSES);

export const HELP = `Usage: node tests/abuse/abuse.mjs [--only NAME,...] [--scale full|small] [--runs N]

Abuses the real binary ($LIVETAPE_BINARY, or build/release/livetape), each time a fresh one, while 20
healthy subscribers listen to a healthy publisher, and checks that limits hold, that they notice
nothing, and that memory and connections return. docs/reliability.md tells more.

  --only NAME    some of them:
${NAMES.map((name) => `                 ${name.padEnd(16)}${ABUSES[name].about}`).join('\n')}
  --scale SCALE  full (the default); small takes a second or two each and judges no time
  --runs N       each so often, the table shows medians (3; small: 1)
  --help         this text

Exit status: 0 all held, 1 something did not, 2 wrong usage.
`;

/** {names, scale, runs, help}. Throws on wrong usage. */
export function parseOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string', default: '' },
      scale: { type: 'string', default: 'full' },
      runs: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const names = values.only.split(',').filter(Boolean);
  const unknown = names.find((name) => !NAMES.includes(name));
  if (unknown) throw new Error(`${unknown} is no abuse; they are ${NAMES.join(' ')}`);
  if (!['full', 'small'].includes(values.scale))
    throw new Error(`--scale takes full or small, not ${values.scale}`);
  const runs = values.runs ?? (values.scale === 'full' ? '3' : '1');
  if (!/^[1-9]\d?$/.test(runs)) throw new Error(`--runs takes a number from 1 to 99, not ${runs}`);
  return {
    names: names.length ? names : NAMES,
    scale: values.scale,
    runs: Number(runs),
    help: values.help,
  };
}
