// Restarts the real binary under many subscribers and shows when they come back: `--help` tells how.

import { parseArgs } from 'node:util';

import { optionsOrExit } from '../harness/command_line.mjs';
import { restartUnder } from './restart.mjs';

const HELP = `Usage: node tests/drain/drain.mjs [--subscribers N] [--drain-s SECONDS]

Restarts the real binary ($LIVETAPE_BINARY, or build/release/livetape) under subscribers that come back
as a browser does: after the \`retry:\` they were told, with their last id. Shows a histogram of their
returns, and checks that nobody misses a record and that no 100 ms see many more than the mean.

  --subscribers N     how many (10000)
  --drain-s SECONDS   server.drain_s (10)
  --help              this text

Exit status: 0 all held, 1 something did not, 2 wrong usage.
`;

// Of chance alone the largest of a hundred buckets of 105 is about 1.3 times the mean.
const LARGEST_MOST = 2;

/** {subscribers, seconds, help}. Throws on wrong usage. */
function parseOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      subscribers: { type: 'string', default: '10000' },
      'drain-s': { type: 'string', default: '10' },
      help: { type: 'boolean', default: false },
    },
  });
  const [subscribers, seconds] = [Number(values.subscribers), Number(values['drain-s'])];
  if (!(Number.isInteger(subscribers) && subscribers > 0 && subscribers <= 19_000))
    throw new Error('--subscribers takes a number from 1 to 19000');
  if (!(seconds >= 1 && seconds <= 600)) throw new Error('--drain-s takes a number from 1 to 600');
  return { subscribers, seconds, help: values.help };
}

const say = (text) => process.stdout.write(`${text}\n`);
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));

const { subscribers, seconds } = optionsOrExit(parseOptions, HELP);
try {
  const seen = await restartUnder(subscribers, seconds);
  const { attempts, arrivals, downMs, refused, records, back } = seen;
  const windowMs = seconds * 1000 - 500;
  const mean = attempts.meanOver(windowMs);
  say('returns of a half second after SIGTERM; the least and most in 100 ms of it');
  say(attempts.text());
  say(
    `${subscribers} subscribers, server.drain_s ${seconds}: the server was back after ` +
      `${downMs.toFixed(0)} ms with ${back} subscribers; ${refused} attempts came before`,
  );
  say(
    `100 ms: ${mean.toFixed(1)} on average, ${attempts.largest} at most (${(attempts.largest / mean).toFixed(2)} x); ` +
      `streams begun in 100 ms: ${arrivals.largest} at most`,
  );
  say(`${records} records, each seen once and in order by everyone`);
  if (attempts.largest > LARGEST_MOST * mean)
    throw new Error(`more than ${LARGEST_MOST} x the mean came back in 100 ms`);
} catch (error) {
  say(`FAILED: ${error.stack}`);
  process.exit(1);
}
