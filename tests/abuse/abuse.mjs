// Abuses the real binary and checks that its limits hold: `--help` tells how.

import { optionsOrExit } from '../harness/command_line.mjs';
import { HELP, parseOptions } from './options.mjs';
import { HEAD, counted, overTarget, row } from './report.mjs';
import { perform } from './stage.mjs';

const say = (text) => process.stdout.write(`${text}\n`);
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));

const { names, scale, runs } = optionsOrExit(parseOptions, HELP);
const table = [];
const failed = [];
for (const name of names) {
  const seen = [];
  for (let run = 0; run < runs; ++run) {
    try {
      seen.push(await perform(name, scale));
      say(`${name} ${run + 1}/${runs}: ${counted(seen.at(-1))}`);
    } catch (error) {
      failed.push(name);
      say(`${name} ${run + 1}/${runs}: FAILED\n  ${error.stack}`);
      break;
    }
  }
  if (!seen.length) continue;
  table.push({ name, runs: seen });
  say(row(name, seen));
}
say(`\n${HEAD}\n${table.map(({ name, runs: seen }) => row(name, seen)).join('\n')}`);
const over = scale === 'full' ? overTarget(table) : [];
if (over.length) say(`\np99 during is more than 2 x before: ${over.join(', ')}`);
if (failed.length) say(`\nfailed: ${failed.join(', ')}`);
if (!failed.length && !over.length) say(`\nall of ${names.join(', ')} held`);
process.exit(failed.length || over.length ? 1 : 0);
