// The attacker's process: does one abuse when it is told to, then tells what it counted.

import os from 'node:os';

import { ABUSES } from './abuses.mjs';
import { Tally } from './sockets.mjs';

os.setPriority(os.constants.priority.PRIORITY_LOW);

process.once('message', async ({ name, scale, port }) => {
  const tally = new Tally();
  try {
    await ABUSES[name].attack(port, ABUSES[name][scale], tally);
    process.send({ counts: tally.counts });
  } catch (error) {
    process.send({ counts: tally.counts, error: error.stack });
  }
});
process.on('disconnect', () => process.exit());
