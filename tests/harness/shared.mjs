// Real recordings beside the checkout.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../../shared/data', import.meta.url));

/** Their folder; undefined where it does not exist. */
export const SHARED = existsSync(folder) ? folder : undefined;
