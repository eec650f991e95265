// What every browser test gets: a server of its own with known prices, a browser context in which
// any complaint fails the test, and a page in a known theme. Import `test` and `expect` from here.
//
//   test.use({ source: "none", settings: ["paper.cash=5000"] });
//   test("a price appears", async ({ page, server }) => {
//     await page.goto("/#/market");
//     await server.price("ACME", 12.5);
//     await expect(page.getByText("12.50").first()).toBeVisible();
//   });

import { test as base, type Page } from "@playwright/test";

import { Backend } from "./backend.ts";
import { Complaints } from "./complaints.ts";
import { type Market, steady, tickFile } from "./market.ts";

export { expect } from "@playwright/test";
export { axe, faultsOf } from "./axe.ts";
export { KNOWN, steady } from "./market.ts";
export { PATIENCE_MS } from "./playwright.config.ts";

export const PAGES = [
  "market",
  "trading",
  "jobs",
  "risk",
  "notifications",
  "developers",
  "about",
] as const;
export const THEMES = ["dark", "light"] as const;
export const SIZES = {
  desktop: { width: 1440, height: 900 },
  phone: { width: 390, height: 844 },
} as const;

interface Options {
  /** `--source`; "known" replays what `market` says. */
  source: string;
  market: Market;
  /** `--set` each: "paper.cash=5000". */
  settings: readonly string[];
  /** True: the server asks for tokens. */
  auth: boolean;
  theme: (typeof THEMES)[number];
  /** What the browser remembers from before, by the page's names: { zone: "utc" }. */
  remembered: Readonly<Record<string, unknown>>;
}

interface Fixtures {
  server: Backend;
  complaints: Complaints;
}

export const test = base.extend<Options & Fixtures>({
  source: ["known", { option: true }],
  market: [{ ticks: steady(), replay: "speed=1" }, { option: true }],
  settings: [[], { option: true }],
  auth: [false, { option: true }],
  theme: ["dark", { option: true }],
  remembered: [{}, { option: true }],

  server: async ({ source, market, settings, auth }, use, info) => {
    const known = `replay:${tickFile(market.ticks)},${market.replay}`;
    const from = source === "known" ? known : source;
    const all = ["paper.strategy=none", "server.drain_s=1", ...settings];
    if (auth) all.push("auth.mode=jwt");
    const server = await Backend.start([
      ...["--source", from],
      ...all.flatMap((setting) => ["--set", setting]),
    ]);
    await use(server);
    await server.stop();
    if (info.status !== info.expectedStatus) {
      await info.attach("server's log", { body: server.log(), contentType: "text/plain" });
    }
  },

  baseURL: ({ server }, use) => use(server.url),

  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures in it
  complaints: ({}, use) => use(new Complaints()),

  context: async ({ context, complaints, theme, remembered }, use) => {
    await complaints.listen(context);
    await context.addInitScript((values) => {
      if (location.protocol === "about:") return; // has no storage
      for (const [name, value] of Object.entries(values)) {
        const key = `livetape.${name}`;
        if (localStorage.getItem(key) === null) localStorage.setItem(key, JSON.stringify(value));
      }
    }, { theme, zone: "utc", ...remembered });
    await use(context);
    base.expect(complaints.unexpected, "complaints of the page").toEqual([]);
  },
});

/** Shows a page, and waits until its own file has come and it stands. */
export async function visit(page: Page, name: (typeof PAGES)[number]): Promise<void> {
  await page.goto(`/#/${name}`);
  await page.getByRole("heading", { level: 1 }).first().waitFor({ state: "attached" });
  await base.expect(page.getByText("Loading…", { exact: true })).toHaveCount(0);
}

/** The connection pill: `data-state` is one of its five states. */
export const pillOf = (page: Page) => page.getByRole("button", { name: /^Connection: / });
