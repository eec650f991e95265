// Random operations and faults against the real binary for as long as wanted: `--help` tells how.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { optionsOrExit } from '../harness/command_line.mjs';
import { Run } from './driver.mjs';
import { HELP, parseOptions, replayCommand } from './options.mjs';
import { BrokenPromise } from './promises.mjs';
import { Report } from './report.mjs';

async function tellFailure(error, run, options) {
  const { report, world } = run;
  report.lastOperations();
  const promise = error instanceof BrokenPromise ? error.promise : 'unexpected';
  report.line(`\nBROKEN after ${report.seconds.toFixed(1)} s: ${promise}`);
  report.line(`  ${error.detail ?? error.stack}`);
  if (world) {
    const folder = await world.keep();
    writeFileSync(join(folder, 'operations.txt'), `${report.operations.join('\n')}\n`);
    report.line(`Kept: ${folder} (data, server.log, operations.txt)`);
  }
  report.line(`Again: ${replayCommand(options)}`);
}

const options = optionsOrExit(parseOptions, HELP);
const report = new Report();
const run = new Run(options, report);
report.line(`chaos: seed ${options.seed}, ${options.seconds} s   (${replayCommand(options)})`);
let interrupts = 0;
process.on('SIGINT', () => {
  if (++interrupts > 1) process.exit(130);
  report.line('stopping; the last checks follow (once more: at once)');
  run.stop();
});
process.on('SIGTERM', () => process.exit(143));

let status = 0;
try {
  await run.go();
  report.summary();
  report.line(`every promise held, seed ${options.seed}`);
} catch (error) {
  report.summary();
  await tellFailure(error, run, options);
  status = 1;
}
await run.world?.remove();
process.exit(status);
