// The Notifications page: each message once in all tabs and over restarts, by the ways that were
// chosen; what matters cannot be muted.

import type { BrowserContext, Page } from "@playwright/test";

import type { Backend } from "./backend.ts";
import { axe, expect, pillOf, SIZES, THEMES, test, visit } from "./fixtures.ts";

test.use({ source: "none" });

const SCOPE = "subscribe publish trade admin";

async function signIn(context: BrowserContext, server: Backend, subject = "alice"): Promise<void> {
  const value = await server.token(subject, { scope: SCOPE });
  await context.addCookies([{ name: "livetape_token", value, url: server.url }]);
}

function synced(server: Backend, count: number, user = "alice"): Promise<unknown> {
  return server.call("POST", "/api/v1/events", {
    user_id: user,
    event: "sync.accounts.completed",
    data: { connection_id: `c${count}`, account_count: count },
  });
}

const rowsOf = (page: Page) =>
  page.getByRole("list", { name: "Notifications" }).getByRole("listitem");
const news = (page: Page) => page.getByRole("region", { name: "News" });
const way = (page: Page, name: string) => page.getByRole("switch", { name });

async function live(page: Page): Promise<void> {
  await expect(pillOf(page)).toHaveAttribute("data-state", /live|no data/);
}

test("a user's events are listed once in all tabs, counted, read and kept", async ({
  page,
  context,
  server,
}) => {
  await signIn(context, server);
  await visit(page, "notifications");
  await live(page);
  const other = await context.newPage();
  await visit(other, "notifications");
  await live(other);
  await synced(server, 1);
  await synced(server, 2);
  await synced(server, 3, "bob");
  await server.call("POST", "/api/v1/events", {
    broadcast: true,
    event: "security.login.failed",
    data: { reason: "wrong code" },
  });
  const texts = [/A sign-in failed.*wrong code.*Security/s, /2 accounts/, /1 account · connection c1/];
  for (const tab of [page, other]) {
    await expect(rowsOf(tab)).toHaveText(texts);
    await expect(tab.getByRole("link", { name: /^Notifications/ })).toContainText("3 new");
  }

  await rowsOf(page).nth(1).getByRole("button", { name: /^Mark read/ }).click();
  for (const tab of [page, other]) {
    await expect(tab.getByRole("link", { name: /^Notifications/ })).toContainText("2 new");
  }
  await page.getByText("Unread", { exact: true }).click();
  await expect(rowsOf(page)).toHaveCount(2);

  await page.reload();
  await expect(rowsOf(page)).toHaveText(texts);
  await page.getByLabel("Category", { exact: true }).selectOption("Security");
  await expect(rowsOf(page)).toHaveText([/A sign-in failed/]);
  await page.getByLabel("Category", { exact: true }).selectOption("All categories");
  await page.getByRole("button", { name: "Mark all read" }).click();
  await page.getByRole("button", { name: "Clear read" }).click();
  for (const tab of [page, other]) await expect(rowsOf(tab)).toHaveCount(0);
});

test("nothing is lost and nothing comes twice while the server is away", async ({
  page,
  context,
  server,
  complaints,
}) => {
  complaints.allow(/ERR_CONNECTION|ERR_INCOMPLETE_CHUNKED|ERR_EMPTY_RESPONSE|Failed to fetch/);
  await signIn(context, server);
  await visit(page, "notifications");
  await live(page);
  for (let i = 1; i <= 5; ++i) await synced(server, i);
  const list = page.getByRole("list", { name: "Notifications" });
  await expect(list.getByText(/connection c\d+/)).toHaveCount(5);
  for (let round = 1; round <= 2; ++round) {
    await server.kill();
    await expect(pillOf(page)).toHaveAttribute("data-state", "offline");
    await server.startAgain();
    // Sent before the page is back: only its place on the tape can bring them.
    for (let i = 1; i <= 5; ++i) await synced(server, 5 * round + i);
    await live(page);
    await expect(list.getByText(/connection c\d+/)).toHaveCount(5 + 5 * round);
  }
  const told = await list.getByText(/connection c\d+/).allTextContents();
  const numbers = told.map((text) => Number(/connection c(\d+)/.exec(text)?.[1]));
  expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 15 }, (_, i) => i + 1));
  await expect(list.getByText("Connection lost")).toHaveCount(2);
  await expect(list.getByText("Connected again")).toHaveCount(2);
});

test("nothing is lost and nothing comes twice while the page is loaded anew", async ({
  page,
  context,
  server,
}) => {
  await signIn(context, server);
  await visit(page, "notifications");
  await live(page);
  let sent = 0;
  const send = async (count: number) => {
    for (let i = 0; i < count; ++i) await synced(server, ++sent);
  };
  const list = page.getByRole("list", { name: "Notifications" });
  await send(1);
  for (let round = 1; round <= 3; ++round) {
    await expect(list.getByText(`connection c${sent}`, { exact: false }).first()).toBeVisible();
    await Promise.all([page.reload(), send(80)]);
    await live(page);
    await send(1);
  }
  const numbers = async () => {
    const kept = await page.evaluate(() => localStorage.getItem("livetape.notices"));
    const { notices } = JSON.parse(kept ?? "{}") as { notices: { category: string; text: string }[] };
    return notices
      .filter(({ category }) => category === "data_sync")
      .map(({ text }) => Number(/connection c(\d+)/.exec(text)?.[1]))
      .sort((a, b) => a - b);
  };
  await expect.poll(numbers).toEqual(Array.from({ length: sent }, (_, i) => i + 1));
  await expect(list.getByText("Some messages are lost")).toHaveCount(0);
});

test("each category goes its own ways", async ({ page, context, server }) => {
  await signIn(context, server);
  await visit(page, "notifications");
  await live(page);
  await expect(way(page, "Data sync: list")).toBeChecked();
  await way(page, "Data sync: list").click();
  await way(page, "Data sync: toast").click();
  await synced(server, 4);
  await expect(news(page)).toContainText("Accounts fetched");
  await expect(rowsOf(page)).toHaveCount(0);

  await way(page, "Data sync: list").click();
  await way(page, "Data sync: toast").click();
  await synced(server, 5);
  await expect(rowsOf(page)).toHaveText([/5 accounts/]);
  await expect(news(page)).not.toContainText("5 accounts");

  await page.reload();
  await expect(way(page, "Data sync: list")).toBeChecked();
  await expect(way(page, "Data sync: toast")).not.toBeChecked();
});

test("a halt, a refused order and the end of a session cannot be muted", async ({
  page,
  context,
  server,
}) => {
  await signIn(context, server);
  await visit(page, "notifications");
  await live(page);
  for (const name of ["Trading halted", "Rejected order", "Session expiry"]) {
    for (const each of ["list", "toast", "sound"]) {
      await expect(way(page, `${name}: ${each}`)).toBeChecked();
      await expect(way(page, `${name}: ${each}`)).toBeDisabled();
    }
  }
  await expect(page.getByText("Cannot be muted.")).toHaveCount(3);

  await server.price("ACME", 100);
  const order = { symbol: "ACME", qty: "1e6", side: "buy", type: "market", time_in_force: "day" };
  await expect(server.call("POST", "/v2/orders", order)).rejects.toThrow(/403/);
  await expect(news(page)).toContainText("Order refused: buy 1000000 ACME market");
  await server.call("PUT", "/api/v1/risk/limits", {
    gross_limit: "0.1",
    gross_limit_action: "halt",
    concentration_limit: "0",
  });
  await server.call("POST", "/api/v1/events", {
    user_id: "alice",
    event: "security.session.expiring",
    data: { session_id: "s1", expires_in_seconds: 120 },
  });
  await expect(news(page)).toContainText("Your session ends soon");
  await page.getByRole("button", { name: "Kill switch" }).click();
  await page.getByRole("button", { name: "Halt paper now" }).click();
  await expect(news(page)).toContainText("Trading halted: paper");
  await expect(rowsOf(page)).toHaveText([
    /Trading halted: paper/,
    /Your session ends soon.*in 2:00.*Session expiry/s,
    /Order refused.*Insufficient buying power.*· paper.*Rejected order/s,
  ]);
});

test("a halt by another program is told once, also after a reload", async ({ page, server }) => {
  await visit(page, "market");
  await live(page);
  await server.call("PUT", "/api/v1/accounts/paper/state", { state: "HALTED" });
  await server.price("ACME", 100);
  const order = { symbol: "ACME", qty: "1", side: "buy", type: "market", time_in_force: "day" };
  // The refused order makes the page look at the account before its time.
  await expect(server.call("POST", "/v2/orders", order)).rejects.toThrow(/halted/);
  await expect(news(page)).toContainText("Trading halted: paper");
  await visit(page, "notifications");
  await page.reload();
  await expect(page.getByText("Trading is halted in paper.").first()).toBeVisible();
  await expect(rowsOf(page).filter({ hasText: "Trading halted: paper" })).toHaveCount(1);
});

test("alerts and ended jobs lead to their pages", async ({ page, server }) => {
  await visit(page, "notifications");
  await live(page);
  await server.tell("alerts", { alert_type: "x", severity: "high", message: "Look at this" });
  await server.tell("training", { task_id: "t-1", progress: 100, status: "failed", message: "no bars" });
  await expect(rowsOf(page)).toHaveText([/Training failed.*no bars/s, /High alert.*Look at this/s]);
  await page.getByRole("link", { name: "Show: High alert" }).click();
  await expect(page).toHaveURL(/#\/risk$/);
  await expect(page.getByRole("link", { name: /^Notifications/ })).toContainText("1 new");
});

test("of several tabs one makes a sound, and one a browser notification", async ({
  context,
  server,
}) => {
  await context.grantPermissions(["notifications"], { origin: server.url });
  await context.addInitScript(() => {
    // What cannot be heard or seen in a test is counted, where the page would make it.
    const count = (name: string) => {
      const key = `count.${name}`;
      localStorage.setItem(key, String(Number(localStorage.getItem(key) ?? 0) + 1));
    };
    const { createOscillator } = AudioContext.prototype;
    AudioContext.prototype.createOscillator = function () {
      count("tones");
      return createOscillator.call(this);
    };
    class Counted {
      static readonly permission = "granted";
      constructor() {
        count("notifications");
      }
      close(): void {}
    }
    Object.defineProperty(window, "Notification", { value: Counted });
    let hidden = false;
    Object.defineProperty(document, "hidden", { get: () => hidden });
    window.addEventListener("hide", () => {
      hidden = true;
      document.dispatchEvent(new Event("visibilitychange"));
    });
  });
  const tabs: Page[] = [];
  for (let i = 0; i < 3; ++i) {
    const tab = await context.newPage();
    await visit(tab, "notifications");
    await live(tab);
    await tab.getByRole("heading", { name: "How you are told" }).click();
    tabs.push(tab);
  }
  const [first] = tabs as [Page];
  await way(first, "Sounds").click();
  await way(first, "Browser notifications").click();
  const count = (name: string) =>
    first.evaluate((key) => Number(localStorage.getItem(key) ?? 0), `count.${name}`);
  const [tones] = [await count("tones")];
  expect(tones, "the switch lets one be heard").toBe(2);

  await server.tell("alerts", { alert_type: "x", severity: "high", message: "First" });
  for (const tab of tabs) await expect(rowsOf(tab)).toHaveCount(1);
  await expect.poll(() => count("tones")).toBe(4);
  expect(await count("notifications"), "somebody looks at the page").toBe(0);

  for (const tab of tabs) await tab.evaluate(() => window.dispatchEvent(new Event("hide")));
  await server.tell("alerts", { alert_type: "x", severity: "high", message: "Second" });
  for (const tab of tabs) await expect(rowsOf(tab)).toHaveCount(2);
  await expect.poll(() => count("notifications")).toBe(1);
});

test("what needs a sign-in says so", async ({ page, context, server }) => {
  await visit(page, "notifications");
  await expect(page.getByText("come to the user who is signed in")).toBeVisible();
  await page.getByRole("button", { name: "Sign in…" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await signIn(context, server, "carol");
  await page.reload();
  await expect(page.getByText("signed in as carol")).toBeVisible();
});

for (const theme of THEMES) {
  for (const [size, viewport] of Object.entries(SIZES)) {
    test.describe(`${theme} on a ${size}`, () => {
      test.use({ theme, viewport });

      test("a list of all tones is accessible", async ({ page, context, server }) => {
        await signIn(context, server);
        await visit(page, "notifications");
        await live(page);
        await synced(server, 1);
        await server.tell("alerts", { alert_type: "x", severity: "high", message: "Look" });
        await server.tell("alerts", { alert_type: "x", severity: "low", message: "Only so" });
        await expect(rowsOf(page)).toHaveCount(3);
        await rowsOf(page).last().getByRole("button", { name: /^Mark read/ }).click();
        await axe(page);
      });
    });
  }
}

test("refusals fold into one line above the tabs of a phone, and go to the list", async ({
  page,
  server,
}) => {
  await page.setViewportSize(SIZES.phone);
  await visit(page, "about");
  await live(page);
  await server.price("ACME", 100);
  const order = { symbol: "ACME", qty: "1e6", side: "buy", type: "market", time_in_force: "day" };
  for (let i = 0; i < 3; ++i) {
    await expect(server.call("POST", "/v2/orders", order)).rejects.toThrow(/403/);
  }
  await expect(news(page)).toContainText("3 orders refused in paper");
  await expect(news(page).getByRole("alert")).toHaveCount(1);
  const box = await news(page).boundingBox();
  const tabs = await page.getByRole("navigation", { name: "Pages" }).boundingBox();
  expect(box?.height).toBeLessThan(48);
  expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(tabs?.y ?? 0);
  // Bad ones go by themselves too; the count stays.
  await expect(news(page).getByRole("alert")).toHaveCount(0);
  await expect(page.getByRole("button", { name: /^More/ })).toContainText("3");
});
