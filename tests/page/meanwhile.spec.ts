// Trading while an answer is under way, another tab chooses another account, or a symbol is new.

import type { Page } from "@playwright/test";

import { expect, test, visit } from "./fixtures.ts";

const PAPER = { account: "paper" };
const LIMIT = { type: "limit", symbol: "AAPL", side: "buy", qty: "4", limit_price: "150.50", time_in_force: "gtc" };

const ticketOf = (page: Page) => page.getByRole("form", { name: "Order ticket" });
const quantityOf = (page: Page) => ticketOf(page).getByLabel("Quantity", { exact: true });

test.use({ remembered: { "ticket-symbol": "AAPL" } });

/** Requests that fit wait. Gives how to let them go: it waits for the first, and tells how many. */
async function held(page: Page, method: string, where: RegExp): Promise<() => Promise<number>> {
  let release = (): void => {};
  const open = new Promise<void>((resolve) => {
    release = resolve;
  });
  let count = 0;
  await page.route(where, async (route) => {
    if (route.request().method() !== method) return route.continue();
    count += 1;
    await open;
    return route.continue();
  });
  return async () => {
    await expect.poll(() => count).toBeGreaterThan(0);
    release();
    return count;
  };
}

test("what is typed while an order is on its way stays", async ({ page }) => {
  await visit(page, "trading");
  await expect(ticketOf(page).getByText("187.35")).toBeVisible();
  const release = await held(page, "POST", /\/v2\/orders/);
  await quantityOf(page).fill("10");
  await ticketOf(page).locator("[type=submit]").click();
  await quantityOf(page).fill("25");
  await release();
  await expect(page.getByText("Bought 10 AAPL")).toBeVisible();
  await expect(quantityOf(page)).toHaveValue("25");
});

test("an order is changed once, however often Enter is pressed", async ({ page, server }) => {
  await server.call("POST", "/v2/orders", LIMIT, PAPER);
  await visit(page, "trading");
  await page.getByRole("tab", { name: "Orders" }).click();
  const orders = page.getByRole("table", { name: "Open orders" });
  await orders.getByRole("button", { name: "Change buy 4 AAPL" }).click();
  await expect(orders.getByLabel("Quantity")).toBeFocused();
  const release = await held(page, "PATCH", /\/v2\/orders/);
  await page.keyboard.type("6");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await expect(orders.getByRole("button", { name: "Save" })).toBeDisabled();
  expect(await release()).toBe(1);
  await expect(page.getByText("Changed. Open: buy 6 AAPL")).toBeVisible();
  await expect(page.getByText("Refused", { exact: false })).toHaveCount(0);
});

test("what becomes of all orders is told also to who went back", async ({ page, server }) => {
  await server.call("POST", "/v2/orders", LIMIT, PAPER);
  await visit(page, "trading");
  await page.getByRole("tab", { name: "Orders" }).click();
  await page.getByRole("button", { name: "Cancel all…" }).click();
  const release = await held(page, "DELETE", /\/v2\/orders/);
  await page.getByRole("button", { name: "Cancel all, paper" }).click();
  await page.getByRole("button", { name: "Back" }).click();
  await release();
  await expect(page.getByText("Cancelled 1 of 1 orders")).toBeVisible();
});

test("what was asked of one account is not done in another", async ({ page, context, server }) => {
  const order = { type: "market", symbol: "AAPL", side: "buy", qty: "4", time_in_force: "day" };
  for (const account of ["paper", "other"]) await server.call("POST", "/v2/orders", order, { account });
  await visit(page, "trading");
  await page.getByRole("button", { name: "Close AAPL" }).click();
  const dialog = page.getByRole("dialog", { name: "Close AAPL" });
  await expect(dialog).toBeVisible();
  const elsewhere = await context.newPage();
  await visit(elsewhere, "about");
  await elsewhere.getByRole("banner").getByRole("combobox").selectOption("other");
  await expect(page.getByRole("banner").getByRole("combobox")).toHaveValue("other");
  await expect(dialog).toBeHidden();
});

test("a symbol that is new can be traded at once", async ({ page, server }) => {
  await visit(page, "trading");
  await expect(ticketOf(page).getByText("187.35")).toBeVisible();
  await server.price("FRESH", 12.5);
  await ticketOf(page).getByLabel("Symbol", { exact: true }).fill("FRESH");
  await expect(ticketOf(page).getByText("12.50").first()).toBeVisible();
  await quantityOf(page).fill("3");
  await ticketOf(page).getByRole("button", { name: "Buy 3 FRESH, paper" }).click();
  await expect(page.getByText("Bought 3 FRESH")).toBeVisible();
});
