// How the browser tests run: `tests/run-page`, or a single one of them:
//   tests/run-page frame            files whose name has "frame"
//   tests/run-page -g "kill switch"

import { defineConfig } from "@playwright/test";

const CHROMIUM = process.env["LIVETAPE_CHROMIUM"] ?? "/usr/bin/chromium";
// Far beyond what a healthy page needs on a busy machine; only a failing test ever waits so long.
export const PATIENCE_MS = 60_000;

export default defineConfig({
  testDir: ".",
  testMatch: "*.spec.ts",
  outputDir: "../../build/page-tests",
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  workers: 2,
  timeout: 4 * PATIENCE_MS,
  expect: { timeout: PATIENCE_MS },
  reporter: [["list"], ["./reasons.ts"]],
  use: {
    viewport: { width: 1440, height: 900 },
    locale: "en-US",
    timezoneId: "UTC",
    actionTimeout: PATIENCE_MS,
    navigationTimeout: PATIENCE_MS,
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: CHROMIUM,
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
    },
  },
});
