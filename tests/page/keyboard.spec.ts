// The frame without a mouse: keys, palette, dialogs, and the kill switch in two steps.

import type { Page } from "@playwright/test";

import type { Backend } from "./backend.ts";
import { axe, expect, SIZES, test, visit } from "./fixtures.ts";

async function stateOf(server: Backend): Promise<string> {
  const { accounts } = await server.call("GET", "/api/v1/accounts");
  return accounts.find(({ name }: { name: string }) => name === "paper").state;
}

const focused = (page: Page) => page.locator(":focus");

test("the kill switch halts in two steps and resumes in two", async ({ page, server }) => {
  await visit(page, "market");
  await page.keyboard.press("Alt+Shift+K");
  const dialog = page.getByRole("dialog", { name: "Halt trading in paper?" });
  await expect(dialog).toBeVisible();
  await axe(page);
  // One step has done nothing, and can be taken back.
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  expect(await stateOf(server)).toBe("ACTIVE");

  await page.keyboard.press("Alt+Shift+K");
  await expect(focused(page)).toHaveText("Halt paper now");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Trading is halted in paper.").first()).toBeVisible();
  expect(await stateOf(server)).toBe("HALTED");
  await axe(page);

  await page.keyboard.press("Alt+Shift+K");
  await expect(focused(page)).toHaveText("Resume trading");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Trading resumed: paper")).toBeVisible();
  expect(await stateOf(server)).toBe("ACTIVE");
});

test("the kill switch stays what it was when it opened", async ({ page, server }) => {
  await visit(page, "market");
  await page.keyboard.press("Alt+Shift+K");
  await expect(focused(page)).toHaveText("Halt paper now");
  await server.call("PUT", "/api/v1/accounts/paper/state", { state: "HALTED" });
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("alert")).toHaveText("Meanwhile trading in paper is halted.");
  await axe(page);
  // Whoever wanted to halt does not resume.
  await expect(focused(page)).toHaveText("Halt paper now");
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  expect(await stateOf(server)).toBe("HALTED");
});

test("the kill switch works from within a field", async ({ page }) => {
  await visit(page, "developers");
  await page.getByLabel("Data (JSON)").focus();
  await page.keyboard.press("Alt+Shift+K");
  await expect(page.getByRole("dialog", { name: "Halt trading in paper?" })).toBeVisible();
});

test("keys go to pages, but not from within a field", async ({ page }) => {
  await visit(page, "about");
  // Both within a little more than a second.
  await expect(async () => {
    await page.keyboard.press("g");
    await page.keyboard.press("d");
    await expect(page).toHaveURL(/#\/developers$/, { timeout: 1000 });
  }).toPass();
  await page.getByLabel("Data (JSON)").focus();
  await page.keyboard.type("gm?");
  await expect(page).toHaveURL(/#\/developers$/);
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("the palette finds commands, ? lists the keys, Escape closes", async ({ page }) => {
  await visit(page, "about");
  await page.keyboard.press("Control+k");
  await expect(focused(page)).toHaveRole("combobox");
  await page.keyboard.type("light");
  await axe(page);
  await page.keyboard.press("Enter");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
  await expect(page.getByRole("dialog")).toHaveCount(0);

  await page.keyboard.press("?");
  const keys = page.getByRole("dialog", { name: /keys/i });
  await expect(keys).toContainText("Kill switch");
  await axe(page);
  await page.keyboard.press("Escape");
  await expect(keys).toBeHidden();

  await page.keyboard.press("Control+k");
  await page.keyboard.type("no such command at all");
  await expect(page.getByText("Nothing is called that")).toBeVisible();
});

test("Tab leads over the skip link into the page", async ({ page }) => {
  await visit(page, "about");
  await page.keyboard.press("Tab");
  await expect(focused(page)).toHaveText("Skip to the page");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  const inside = await focused(page).evaluate((element) => element.closest("main") !== null);
  expect(inside).toBe(true);
});

test("the list of keys scrolls by keyboard on a phone", async ({ page }) => {
  await page.setViewportSize(SIZES.phone);
  await visit(page, "about");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toContainText("Kill switch");
  await axe(page);
});
