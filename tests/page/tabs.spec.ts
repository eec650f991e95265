// Many tabs of one browser: one stream for all of them, and none keeps another from trading.

import type { BrowserContext, Page } from "@playwright/test";

import { metric } from "../harness/metrics.mjs";
import type { Backend } from "./backend.ts";
import { expect, pillOf, test, visit } from "./fixtures.ts";

const TABS = 12;

const openStreams = (server: Backend) => metric(server.server, "livetape_streams_open");

async function openTabs(context: BrowserContext, count: number): Promise<Page[]> {
  const tabs: Page[] = [];
  for (let i = 0; i < count; i += 1) {
    const tab = await context.newPage();
    await visit(tab, "about");
    tabs.push(tab);
  }
  for (const tab of tabs) await expect(pillOf(tab)).toHaveAttribute("data-state", "live");
  return tabs;
}

test.use({ remembered: { "ticket-symbol": "AAPL" } });

test("12 tabs share one stream, and an order from the last goes through at once", async ({
  context,
  server,
}) => {
  const tabs = await openTabs(context, TABS);
  expect(await openStreams(server)).toBe(1);
  const last = tabs[TABS - 1] as Page;
  // Six streams of HTTP/1.1 would let no further request through.
  await visit(last, "trading");
  const ticket = last.getByRole("form", { name: "Order ticket" });
  await ticket.getByLabel("Quantity", { exact: true }).fill("10");
  await ticket.getByRole("button", { name: "Buy 10 AAPL, paper" }).click();
  await expect(last.getByText("Bought 10 AAPL")).toBeVisible();
  expect(await openStreams(server)).toBe(1);
  await expect
    .poll(async () => (await server.call("GET", "/v2/positions", undefined, PAPER)).length)
    .toBe(1);
  for (const tab of tabs) await tab.close();
  await expect.poll(() => openStreams(server)).toBe(0);
});

const PAPER = { account: "paper" };

test("without SharedWorker one tab holds the stream, and when it goes another does", async ({
  context,
  server,
}) => {
  await context.addInitScript(() => {
    Reflect.deleteProperty(window, "SharedWorker");
  });
  const [first, ...others] = await openTabs(context, 3);
  expect(await first?.evaluate(() => "SharedWorker" in window)).toBe(false);
  expect(await openStreams(server)).toBe(1);
  await first?.close();
  for (const tab of others) {
    await tab.getByRole("button", { name: /^Connection: / }).click();
    await expect(tab.locator("dd").filter({ hasText: /^0 s ago$/ }).first()).toBeVisible();
    await expect(pillOf(tab)).toHaveAttribute("data-state", "live");
  }
  expect(await openStreams(server)).toBe(1);
});

test("a browser that keeps nothing has a stream in each tab", async ({ context, server }) => {
  // As with all cookies blocked: no storage, no locks, and a shared worker that never answers.
  await context.addInitScript(() => {
    if (location.protocol === "about:") return; // has no locks
    const denied = () => new DOMException("The request was denied.", "SecurityError");
    for (const name of ["localStorage", "sessionStorage"]) {
      Object.defineProperty(window, name, {
        get: () => {
          throw denied();
        },
      });
    }
    LockManager.prototype.request = () => Promise.reject(denied());
    LockManager.prototype.query = () => Promise.reject(denied());
    window.SharedWorker = class extends EventTarget {
      readonly port = new MessageChannel().port1;
    } as unknown as typeof SharedWorker;
  });
  const tabs = await openTabs(context, 2);
  expect(await openStreams(server)).toBe(2);
  for (const tab of tabs) await tab.close();
  await expect.poll(() => openStreams(server)).toBe(0);
});
