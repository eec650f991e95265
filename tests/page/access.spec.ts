// A server that asks for tokens: signing in, out, and what the page says when a session ends.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { BrowserContext, Page } from "@playwright/test";

import { nowSeconds, signed } from "../harness/tokens.mjs";
import { expect, pillOf, test, visit } from "./fixtures.ts";

test.use({ auth: true });
test.beforeEach(({ complaints }) => complaints.allow(/status of 40[14]/));

const SCOPE = "subscribe publish trade";

const keep = (context: BrowserContext, url: string, value: string) =>
  context.addCookies([{ name: "livetape_token", value, url, sameSite: "Strict" }]);

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

  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Find a command" }).fill("sign out");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(pillOf(page)).toContainText("Signed out");
});

test("a session that expires says so, and signing in goes on", async ({
  page,
  context,
  server,
}) => {
  // The server allows a minute of skew: this one has a few seconds left of it.
  const secret = readFileSync(join(server.server.dataDir, "jwt.key"), "utf8");
  const key = Buffer.from(secret.trim(), "base64url");
  const claims = { sub: "alice", scope: SCOPE, exp: nowSeconds() - 52 };
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
