// All abuses by name. Each is {about, settings (if any), allowanceMib, full, small, attack(target, size, tally)}:
// `attack` runs in a process of its own, asserts what each answer must be (docs/limits.md) and counts
// into `tally` what happened.

import * as floods from './abuses/floods.mjs';
import * as heads from './abuses/heads.mjs';
import * as imports from './abuses/imports.mjs';
import * as names from './abuses/names.mjs';
import * as readers from './abuses/readers.mjs';
import * as slowloris from './abuses/slowloris.mjs';
import * as vanishing from './abuses/vanishing.mjs';

export const ABUSES = {
  ...slowloris.abuses,
  ...vanishing.abuses,
  ...heads.abuses,
  ...names.abuses,
  ...imports.abuses,
  ...floods.abuses,
  ...readers.abuses,
};
