// Chromium, as the tests drive it.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';

import { chromium } from 'playwright-core';

const CHROMIUM = process.env.LIVETAPE_CHROMIUM ?? '/usr/bin/chromium';

export async function launchChromium(more = []) {
  assert.ok(existsSync(CHROMIUM), `${CHROMIUM} is missing: install the package chromium`);
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...more,
    ],
  });
}
