// Each abuse of tests/abuse once, small: limits hold, the healthy notice nothing, all returns. No time
// is judged; `make abuse` does that.

import { test } from 'node:test';

import { ABUSES } from './abuse/abuses.mjs';
import { perform } from './abuse/stage.mjs';

for (const [name, { about }] of Object.entries(ABUSES)) {
  test(`${name}: ${about}`, () => perform(name, 'small'));
}
