// What the page says about its connection, through everything that can happen to it: the five states
// of the pill, old prices, a server that is killed and comes back, and no record lost or told twice.

import type { Page } from "@playwright/test";

import { EventStream } from "../harness/sse.mjs";
import { expect, pillOf, test, visit } from "./fixtures.ts";

// How Chromium says that the other side is gone: before, while and after it answered.
const LOST =
  /ERR_(CONNECTION_(REFUSED|RESET|CLOSED|ABORTED)|EMPTY_RESPONSE|SOCKET_NOT_CONNECTED|INCOMPLETE_CHUNKED_ENCODING|CONTENT_LENGTH_MISMATCH)/;

const expectPill = (page: Page, state: string) =>
  expect(pillOf(page)).toHaveAttribute("data-state", state);

/** Something that is gone after a reload. */
const mark = (page: Page) => page.evaluate(() => Object.assign(window, { marked: true }));
const marked = (page: Page) => page.evaluate(() => "marked" in window);

test("a page that opens is connecting, then live", async ({ page }) => {
  await page.addInitScript(() => {
    const seen: string[] = [];
    Object.assign(window, { seen });
    new MutationObserver(() => {
      const state = document.querySelector("[data-state]")?.getAttribute("data-state");
      if (state && seen.at(-1) !== state) seen.push(state);
    }).observe(document, { subtree: true, childList: true, attributes: true });
  });
  await visit(page, "about");
  await expectPill(page, "live");
  const seen = await page.evaluate(() => (window as unknown as { seen: string[] }).seen);
  // On a busy machine it may take so long that it says so.
  expect(seen.filter((state) => state !== "offline")).toEqual(["connecting", "live"]);
});

test.describe("without a source", () => {
  test.use({ source: "none" });

  test("there is no data until prices come", async ({ page, server }) => {
    await visit(page, "about");
    await expectPill(page, "no data");
    await pillOf(page).click();
    await expect(page.getByText("the server has no price feed")).toBeVisible();
    await server.price("ACME", 10);
    await expectPill(page, "live");
  });

  test("old prices are said to be old until new ones come", async ({ page, server }) => {
    // The stream is there before the price, which is live for ten seconds.
    await visit(page, "about");
    await expectPill(page, "no data");
    await server.price("ACME", 10);
    await expectPill(page, "live");
    const banner = page.getByText(/^Prices are \d+ s old$/);
    await expect(banner).toHaveCount(0);
    await expect(banner).toBeVisible();
    await expectPill(page, "no data");
    await expect(page.locator("[data-stale]").first()).toHaveAttribute("data-stale", "true");
    await server.price("ACME", 10.5);
    await expect(banner).toHaveCount(0);
    await expectPill(page, "live");
  });
});

test("a server that says nothing is stalled, whatever the socket says", async ({
  page,
  server,
}) => {
  await visit(page, "about");
  await expectPill(page, "live");
  server.pause();
  await expectPill(page, "stalled");
  await expect(page.getByText(/^Prices are \d+ s old$/)).toBeVisible();
  server.goOn();
  await expectPill(page, "live");
});

test("a killed server comes back: live without a reload, every record once", async ({
  page,
  server,
  complaints,
}) => {
  complaints.allow(LOST);
  await visit(page, "developers");
  await mark(page);
  await page.getByRole("combobox", { name: "Topics" }).fill("alerts/*");
  await page.getByRole("button", { name: "Watch" }).click();
  await expect(page.getByText("Nothing has come on alerts/* yet")).toBeVisible();

  const alerts = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => ({
      alert_type: "test",
      severity: "low",
      message: `alert-${from + i}.`,
    }));
  const tell = async (from: number, count: number) => {
    for (const alert of alerts(from, count)) await server.tell("alerts", alert);
  };
  await tell(1, 3);
  await expect(page.getByText("3 events")).toBeVisible();

  await server.kill();
  await expectPill(page, "offline");
  await server.startAgain();
  // Most of these are there before the page is.
  await tell(4, 10);
  await expectPill(page, "live");
  await expect(page.getByText("13 events")).toBeVisible();
  const rows = page.getByRole("row").filter({ hasText: "alert-" });
  const shown = async () =>
    (await rows.allTextContents()).map((text) => Number(/alert-(\d+)\./.exec(text)?.[1]));
  await expect(rows).toHaveCount(13);
  const numbers = Array.from({ length: 13 }, (_, i) => 13 - i);
  expect(await shown()).toEqual(numbers);
  expect(await marked(page)).toBe(true);

  // What the server has kept is what was shown.
  const { total } = await server.call("GET", "/api/v1/alerts");
  expect(total).toBe(13);
});

test("a page that was not there when the server was lost comes with it, without a reload", async ({
  page,
  server,
  complaints,
}) => {
  complaints.allow(LOST, /ERR_FAILED/);
  const file = /TradingPage-[\w-]+\.js/;
  let asked = 0;
  await page.route(file, (route) => {
    asked += 1;
    return route.abort();
  });
  await visit(page, "market");
  await mark(page);
  await server.kill();
  await expectPill(page, "offline");
  await page.getByRole("link", { name: "Trading", exact: true }).click();
  await expect(page.getByText("Waiting for the server…")).toBeVisible();
  await expect.poll(() => asked).toBeGreaterThan(0);
  await page.unroute(file);
  await server.startAgain();
  await expect(page.getByRole("tab", { name: /^Positions/ })).toBeVisible();
  expect(await marked(page)).toBe(true);
});

test("pages are fetched before they are wanted", async ({ page, server, complaints }) => {
  complaints.allow(LOST);
  const files = ["TradingPage", "AboutPage", "TicketDialog", "SettingsDialog"].map((name) =>
    page.waitForResponse((answer) => answer.url().includes(`/${name}-`)),
  );
  await visit(page, "market");
  for (const file of await Promise.all(files)) await file.finished();
  await server.kill();
  await expectPill(page, "offline");
  await page.getByRole("link", { name: "About", exact: true }).click();
  await expect(page.getByRole("heading", { name: "About", level: 1 })).toBeAttached();
});

test("what is not known is no zero, and old figures are dimmed as old prices are", async ({
  page,
  server,
  complaints,
}) => {
  complaints.allow(LOST);
  const file = page.waitForResponse((answer) => answer.url().includes("/TradingPage-"));
  await visit(page, "about");
  await expectPill(page, "live"); // prices have come: they can grow old
  await expect(page.getByRole("banner").getByText("$100,000.00")).toBeVisible();
  // With all that it needs: script, then style.
  await page.evaluate(`import(${JSON.stringify((await file).url())}).then(() => null)`);
  await expect
    .poll(() => page.evaluate(() => [...document.querySelectorAll("link")].every((link) => link.rel !== "stylesheet" || link.sheet)))
    .toBe(true);
  const equity = page.getByRole("banner").getByRole("definition").first();
  const colour = () => equity.evaluate((element) => getComputedStyle(element).color);
  await expect(page.locator("[data-stale]").first()).toHaveAttribute("data-stale", "false");
  const before = await colour();
  await server.kill();
  await expectPill(page, "offline");
  await page.getByRole("link", { name: "Trading", exact: true }).click();
  await expect(page.getByRole("tab", { name: /^Orders/ })).toContainText("–");
  await expect(page.locator("[data-stale]").first()).toHaveAttribute("data-stale", "true");
  expect(await colour()).not.toBe(before);
});

test("only a newer version asks for a reload", async ({ page, complaints }) => {
  complaints.allow(/ERR_FAILED/);
  await page.route(/RiskPage-[\w-]+\.js/, (route) => route.abort());
  await visit(page, "about");
  await page.route(/\/$/, (route) => route.fulfill({ body: "<!doctype html>another version" }));
  await page.getByRole("link", { name: /^Risk/ }).click();
  await expect(page.getByText("The server was updated")).toBeVisible();
  await expect(page.getByRole("button", { name: "Reload" })).toBeVisible();
});

test.describe("with a long time to come back", () => {
  test.use({ settings: ["server.drain_s=600"] });

  test("a server that is stopped in order is told from one that is lost", async ({
    page,
    server,
    complaints,
  }) => {
    complaints.allow(LOST);
    await visit(page, "about");
    await expectPill(page, "live");
    await server.stop();
    await expectPill(page, "offline");
    await pillOf(page).click();
    await expect(page.getByRole("button", { name: "Connect now" }).first()).toBeVisible();
    await server.startAgain();
    await page.getByRole("button", { name: "Connect now" }).last().click();
    await expectPill(page, "live");
  });
});

test.describe("with one stream allowed", () => {
  test.use({ settings: ["limits.streams_per_address=1"] });

  test("the kill switch works while the stream is refused", async ({
    page,
    server,
    complaints,
  }) => {
    complaints.allow(/status of 429/);
    const other = await EventStream.open(server.server, "/stream");
    await visit(page, "about");
    await expectPill(page, "offline");
    await pillOf(page).click();
    await expect(page.getByText(/Too many streams/)).toBeVisible();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Kill switch" }).click();
    await page.getByRole("button", { name: "Halt paper now" }).click();
    await expect(page.getByText("Trading is halted in paper.").first()).toBeVisible();
    const { accounts } = await server.call("GET", "/api/v1/accounts");
    expect(accounts[0]).toMatchObject({ name: "paper", state: "HALTED" });
    other.close();
  });
});
