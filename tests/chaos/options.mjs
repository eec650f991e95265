// The command line of the driver.

import { parseArgs } from 'node:util';

export const FAULTS = [
  ...['kill', 'drain', 'drain-kill', 'freeze', 'freeze-kill', 'disk', 'disk-kill', 'clock'],
  ...['descriptors', 'memory', 'power', 'backup'],
];

export const HELP = `Usage: node tests/chaos/chaos.mjs [--seconds N] [--seed N] [--without FAULT,...] [--memory MIB]

Drives the real binary ($LIVETAPE_BINARY, or build/release/livetape) with random operations and
faults, and checks what it promises. docs/reliability.md tells what that is.

  --seconds N       how long operations go on (120); the last checks come after that
  --seed N          the choices of an earlier run; a new one if missing
  --without FAULT   leave out some faults:
                    ${FAULTS.join(' ')}
  --memory MIB      what the server's resident memory must stay under (256)
  --help            this text

Ctrl-C ends the operations; what was promised until then is still checked.
Exit status: 0 every promise held, 1 one was broken, 2 wrong usage.
`;

const wholeNumber = (name, text) => {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} takes a whole number, not ${text}`);
  return Number(text);
};

/** {seconds, seed, without, memoryBytes, help}. Throws on wrong usage. */
export function parseOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      seconds: { type: 'string', default: '120' },
      seed: { type: 'string', default: String(Date.now() % 1e9) },
      without: { type: 'string', default: '' },
      memory: { type: 'string', default: '256' },
      help: { type: 'boolean', default: false },
    },
  });
  const without = values.without.split(',').filter(Boolean);
  const unknown = without.find((name) => !FAULTS.includes(name));
  if (unknown) throw new Error(`${unknown} is no fault; they are ${FAULTS.join(' ')}`);
  return {
    seconds: wholeNumber('seconds', values.seconds),
    seed: wholeNumber('seed', values.seed),
    without,
    memoryMib: wholeNumber('memory', values.memory),
    help: values.help,
  };
}

/** The command that makes the same choices again. */
export function replayCommand({ seconds, seed, without, memoryMib }) {
  const more = without.length ? ` --without ${without}` : '';
  const bound = memoryMib === 256 ? '' : ` --memory ${memoryMib}`;
  return `make chaos ARGS="--seconds ${seconds} --seed ${seed}${more}${bound}"`;
}
