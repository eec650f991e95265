// A server that asks for tokens: signing in, out, and what the page says when a session ends.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { BrowserContext, Page } from "@playwright/test";

import { nowSeconds, signed } from "../harness/tokens.mjs";
import type { Backend } from "./backend.ts";
import { expect, pillOf, test, visit } from "./fixtures.ts";

test.use({ auth: true });
test.beforeEach(({ complaints }) => complaints.allow(/status of 40[134]/));

const SCOPE = "subscribe publish trade";

const keep = (context: BrowserContext, url: string, value: string) =>
  context.addCookies([{ name: "livetape_token", value, url, sameSite: "Strict" }]);

/** An account of each one's own, by its owner's name. */
async function openAccounts(server: Backend, cash: Readonly<Record<string, number>>): Promise<void> {
  const token = await server.token("root", { scope: "admin" });
  for (const [name, sum] of Object.entries(cash)) {
    const account = { name, owner: name, cash: String(sum) };
    await server.call("POST", "/api/v1/accounts", account, { token });
  }
}

async function signOut(page: Page): Promise<void> {
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Find a command" }).fill("sign out");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Sign out" }).click();
}

async function signIn(page: Page, token: string): Promise<void> {
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Find a command" }).fill("sign in");
  await page.keyboard.press("Enter");
  await page.getByLabel("Token").fill(token);
  await page.getByRole("dialog").locator("button[type=submit]").click();
}

test("nobody is signed in, somebody signs in, and out again", async ({ page, server }) => {
  await visit(page, "about");
  await expect(pillOf(page)).toHaveAttribute("data-state", "offline");
  await expect(pillOf(page)).toContainText("Signed out");

  await signIn(page, "no token at all");
  await expect(page.getByText(/That is no token/)).toBeVisible();
  await page.keyboard.press("Escape");
  const forged = (await server.token("alice", { scope: SCOPE })).replace(/.{4}$/, "AAAA");
  await signIn(page, forged);
  await expect(page.getByText(/The server does not take this token/)).toBeVisible();
  await page.keyboard.press("Escape");

  await signIn(page, await server.token("alice", { scope: SCOPE }));
  await expect(page.getByText("Signed in as alice").first()).toBeVisible();
  await expect(pillOf(page)).toHaveAttribute("data-state", "live");
  await page.reload();
  await expect(pillOf(page)).toHaveAttribute("data-state", "live");

  await signOut(page);
  await expect(pillOf(page)).toContainText("Signed out");
});

test("who owns an account trades in it", async ({ page, context, server }) => {
  await openAccounts(server, { alice: 50_000 });
  await keep(context, server.url, await server.token("alice", { scope: SCOPE }));
  await visit(page, "trading");
  const ticket = page.getByRole("form", { name: "Order ticket" });
  await expect(ticket.getByText("$100,000.00").first()).toBeVisible();
  await ticket.getByLabel("Symbol", { exact: true }).fill("AAPL");
  await ticket.getByLabel("Quantity", { exact: true }).fill("10");
  await ticket.getByRole("button", { name: "Buy 10 AAPL, paper account alice" }).click();
  await expect(page.getByText("Bought 10 AAPL")).toBeVisible();
  await ticket.getByLabel("Type").selectOption("limit");
  await ticket.getByLabel("Limit price").fill("100");
  await ticket.getByLabel("Quantity", { exact: true }).fill("3");
  await ticket.locator("button[type=submit]").click();
  await page.getByRole("tab", { name: "Orders" }).click();
  await page.getByRole("button", { name: "Cancel buy 3 AAPL" }).click();
  await expect(page.getByText("No open orders")).toBeVisible();
});

test("another user sees nothing of the one before, in any tab", async ({ context, server }) => {
  await openAccounts(server, { alice: 51_234, bob: 7_000 });
  await keep(context, server.url, await server.token("alice", { scope: SCOPE }));
  const [one, two] = [await context.newPage(), await context.newPage()];
  await visit(one, "trading");
  await visit(two, "notifications");
  for (const tab of [one, two]) await expect(tab.getByRole("banner")).toContainText("$51,234.00");
  const data = { reason: "only for alice" };
  const event = { user_id: "alice", event: "security.login.failed", data };
  await server.call("POST", "/api/v1/events", event, {
    token: await server.token("root", { scope: "publish" }),
  });
  await expect(two.getByText("only for alice").first()).toBeVisible();

  await signOut(one);
  for (const tab of [one, two]) {
    await expect(pillOf(tab)).toContainText("Signed out");
    await expect(tab.getByText("51,234")).toHaveCount(0);
  }
  await expect(two.getByRole("main").getByText("only for alice")).toHaveCount(0);

  await signIn(one, await server.token("bob", { scope: SCOPE }));
  for (const tab of [one, two]) {
    await expect(tab.getByRole("banner")).toContainText("$7,000.00");
    await expect(tab.getByText("51,234")).toHaveCount(0);
  }
  await expect(two.getByText("signed in as bob")).toBeVisible();
  await expect(two.getByRole("main").getByText("only for alice")).toHaveCount(0);
  await expect(two.getByText("Your session has ended")).toHaveCount(0);

  await signIn(two, await server.token("alice", { scope: SCOPE }));
  await expect(one.getByRole("banner")).toContainText("$51,234.00");
  await expect(two.getByRole("main").getByText("only for alice")).toBeVisible();
});

test("a session that expires says so, and signing in goes on", async ({
  page,
  context,
  server,
}) => {
  // The server allows a minute of skew: this one has half of it left.
  const secret = readFileSync(join(server.server.dataDir, "jwt.key"), "utf8");
  const key = Buffer.from(secret.trim(), "base64url");
  const claims = { sub: "alice", scope: SCOPE, exp: nowSeconds() - 30 };
  await keep(context, server.url, signed(claims, key));
  await visit(page, "about");
  await expect(pillOf(page)).toHaveAttribute("data-state", "live");
  await expect(pillOf(page)).toContainText("Signed out");
  await pillOf(page).click();
  await expect(page.getByText(/session has expired/i).first()).toBeVisible();
  await page.keyboard.press("Escape");
  await signIn(page, await server.token("alice", { scope: SCOPE }));
  await expect(pillOf(page)).toHaveAttribute("data-state", "live");
});

test("a session that is ended by an administrator is over at once", async ({
  page,
  context,
  server,
}) => {
  const token = await server.token("alice", { scope: SCOPE, sid: "desk-1" });
  await keep(context, server.url, token);
  await visit(page, "about");
  await expect(pillOf(page)).toHaveAttribute("data-state", "live");
  const admin = { token: await server.token("root", { scope: "admin" }) };
  await server.call("DELETE", "/api/v1/sessions/desk-1", undefined, admin);
  await expect(pillOf(page)).toContainText("Signed out");
  await pillOf(page).click();
  await expect(page.getByText(/session was ended/i).first()).toBeVisible();
});

test("somebody without an account is told so, and what to do", async ({ page, context, server }) => {
  await keep(context, server.url, await server.token("bob", { scope: SCOPE }));
  await visit(page, "trading");
  await expect(page.getByText("You have no account.").first()).toBeVisible();
  await expect(page.getByText("Ask an admin to open one for bob.")).toBeVisible();
  await expect(page.getByRole("banner").getByRole("combobox")).toHaveText("No account");
  await expect(page.getByRole("tab", { name: "Positions" })).toContainText("–");
  await expect(page.getByRole("tab", { name: "Orders" })).toContainText("–");
  await expect(page.getByText("Buy something")).toHaveCount(0);
  await page.getByLabel("Symbol", { exact: true }).fill("AAPL");
  await page.getByLabel("Quantity", { exact: true }).fill("1");
  await page.locator("form button[type=submit]").click();
  await expect(page.getByText(/^Refused: You may not trade in paper/).first()).toBeVisible();
  await visit(page, "risk");
  await expect(page.getByText("No account, no limits to keep")).toBeVisible();
});
