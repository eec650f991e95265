// The Trading page: an order from the ticket to position, trades and equity, by keyboard and by mouse;
// what is refused, replaced, cancelled and closed; and the table of trades as a file.

import { readFile } from "node:fs/promises";

import type { Locator, Page } from "@playwright/test";

import type { Backend } from "./backend.ts";
import { axe, expect, SIZES, test, visit } from "./fixtures.ts";

const PAPER = { account: "paper" };

const ticketOf = (page: Page) => page.getByRole("form", { name: "Order ticket" });
const tab = (page: Page, name: string) => page.getByRole("tab", { name });
const positionsOf = (page: Page) => page.getByRole("table", { name: "Positions" });
const ordersOf = (page: Page) => page.getByRole("table", { name: "Open orders" });
const tradesOf = (page: Page) => page.getByRole("region", { name: "Trades" });
const rowOf = (table: Locator, text: string | RegExp) =>
  table.getByRole("row").filter({ hasText: text });
const submit = (page: Page) => ticketOf(page).locator("[type=submit]");

const place = (server: Backend, order: object) =>
  server.call("POST", "/v2/orders", { type: "market", time_in_force: "day", ...order }, PAPER);
const openOrders = (server: Backend) => server.call("GET", "/v2/orders", undefined, PAPER);
const positions = (server: Backend) => server.call("GET", "/v2/positions", undefined, PAPER);

async function show(page: Page): Promise<void> {
  await visit(page, "trading");
  // Prices have come, and so the ticket knows what to ask.
  await expect(ticketOf(page).getByText("187.35")).toBeVisible();
}

test.use({ remembered: { "ticket-symbol": "AAPL" } });

test("an order by keyboard alone becomes position, trade and equity", async ({ page }) => {
  await show(page);
  await page.keyboard.press("b");
  await expect(page.getByLabel("Symbol", { exact: true })).toBeFocused();
  await page.keyboard.type("aapl");
  await page.keyboard.press("Tab");
  await page.keyboard.type("10");
  await expect(submit(page)).toHaveText("Buy 10 AAPL, paper");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Bought 10 AAPL")).toBeVisible();
  // The size is gone: pressing Enter again places nothing.
  await expect(page.getByLabel("Quantity", { exact: true })).toHaveValue("");

  const row = rowOf(positionsOf(page), "AAPL");
  await expect(row.getByRole("cell").nth(1)).toHaveText("10");
  await expect(row.getByRole("cell").nth(2)).toHaveText("187.35");
  await expect(row.getByRole("cell").nth(5)).toContainText("−$0.10"); // bought at the ask, worth the last
  await expect(page.getByText("$98,126.50").first()).toBeVisible();
  await expect(page.getByText("$99,999.90").first()).toBeVisible();

  await tab(page, "Positions").focus();
  await page.keyboard.press("End");
  const trade = rowOf(tradesOf(page), "AAPL");
  await expect(trade).toHaveCount(1);
  await expect(trade.getByRole("cell").nth(3)).toHaveText("10", { useInnerText: true });
});

test("an open order is replaced where it stands, then cancelled", async ({
  page,
  server,
  complaints,
}) => {
  complaints.allow(/status of 422/);
  await show(page);
  await page.getByLabel("Type").selectOption("limit");
  await page.getByLabel("Limit price").fill("150.50");
  await page.getByLabel("Quantity", { exact: true }).fill("4");
  await page.getByLabel("In force").selectOption("gtc");
  await expect(submit(page)).toHaveText("Buy 4 AAPL at 150.50, paper");
  await submit(page).click();
  await expect(page.getByText("Open: buy 4 AAPL")).toBeVisible();

  await tab(page, "Orders").click();
  const row = rowOf(ordersOf(page), "150.5");
  await expect(row).toContainText("Until cancelled");
  await row.getByRole("button", { name: "Change buy 4 AAPL" }).click();
  await expect(ordersOf(page).getByLabel("Quantity")).toBeFocused();
  await axe(page);
  await page.keyboard.type("6");
  await page.keyboard.press("Tab");
  await page.keyboard.type("151.123");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Refused: Sub-penny", { exact: false })).toBeVisible();
  await ordersOf(page).getByLabel("Limit price").fill("151.25");
  await page.keyboard.press("Enter");
  await expect(rowOf(ordersOf(page), "151.25")).toContainText("6");
  expect(await openOrders(server)).toMatchObject([{ qty: "6", limit_price: "151.25" }]);

  await ordersOf(page).getByRole("button", { name: "Cancel buy 6 AAPL" }).click();
  await expect(page.getByText("No open orders")).toBeVisible();
  expect(await openOrders(server)).toEqual([]);
});

test("Escape leaves an order as it is", async ({ page, server }) => {
  await place(server, { symbol: "TSLA", qty: "2", side: "buy", type: "limit", limit_price: "200" });
  await show(page);
  await tab(page, "Orders").click();
  await ordersOf(page).getByRole("button", { name: "Change buy 2 TSLA" }).click();
  await page.keyboard.type("9");
  await page.keyboard.press("Escape");
  await expect(rowOf(ordersOf(page), "TSLA")).toContainText("200");
  expect(await openOrders(server)).toMatchObject([{ qty: "2" }]);
});

test("what is wrong is said before anything is sent", async ({ page, server }) => {
  await show(page);
  await submit(page).click();
  await expect(page.getByText("Quantity is missing.")).toBeVisible();
  await expect(page.getByLabel("Quantity", { exact: true })).toBeFocused();
  await page.getByLabel("Quantity", { exact: true }).fill("1,5");
  await expect(page.getByText("Quantity must be a number", { exact: false })).toBeVisible();
  await page.getByLabel("Symbol", { exact: true }).fill("NOPE");
  await expect(page.getByText("NOPE is not traded here.")).toBeVisible();
  await axe(page);
  expect(await positions(server)).toEqual([]);
});

test("a refused order shows code, reason and field", async ({ page, complaints }) => {
  complaints.allow(/status of 403/);
  await show(page);
  await page.getByLabel("Quantity", { exact: true }).fill("100000");
  await submit(page).click();
  const note = ticketOf(page).getByRole("alert");
  await expect(note).toContainText("Refused: Insufficient buying power.");
  await expect(note).toContainText("(40310000, insufficient_buying_power)");
  await expect(page.getByLabel("Quantity", { exact: true })).toBeFocused();
  await expect(page.getByLabel("Quantity", { exact: true })).toHaveAttribute("aria-invalid", "true");
  // Listed, but not said a second time over the page.
  await expect(page.getByRole("link", { name: /^Notifications/ })).toContainText("1 new");
  await expect(page.getByRole("region", { name: "News" })).not.toContainText("refused");
  await axe(page);
});

test("an order whose answer is lost is never placed twice", async ({ page, server, complaints }) => {
  complaints.allow(/ERR_FAILED/);
  await show(page);
  await page.route(/\/v2\/orders/, async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    await route.fetch();
    await route.abort();
  });
  await page.getByLabel("Quantity", { exact: true }).fill("3");
  await submit(page).click();
  await expect(ticketOf(page).getByRole("alert")).toContainText("never placed twice");
  await page.unrouteAll({ behavior: "wait" });
  await submit(page).click();
  await expect(page.getByText("Bought 3 AAPL")).toBeVisible();
  expect(await positions(server)).toMatchObject([{ symbol: "AAPL", qty: "3" }]);
});

test("a bracket waits with its legs", async ({ page, server }) => {
  await show(page);
  await page.getByLabel("Type").selectOption("limit");
  await page.getByLabel("Limit price").fill("150");
  await page.getByLabel("Quantity", { exact: true }).fill("5");
  await page.getByLabel("Legs").selectOption("bracket");
  await page.getByLabel("Take profit", { exact: true }).fill("170");
  await page.getByLabel("Stop loss", { exact: true }).fill("171");
  await expect(page.getByText("Stop loss must be below the take profit.")).toBeVisible();
  await page.getByLabel("Stop loss", { exact: true }).fill("140");
  await submit(page).click();
  await tab(page, "Orders").click();
  await expect(rowOf(ordersOf(page), "take profit")).toContainText("170");
  await expect(rowOf(ordersOf(page), "stop loss")).toContainText("from 140");
  await page.getByRole("button", { name: "Cancel all…" }).click();
  const dialog = page.getByRole("dialog", { name: "Cancel 3 orders?" });
  expect(await openOrders(server)).toHaveLength(3);
  await dialog.getByRole("button", { name: "Cancel all, paper" }).click();
  await expect(page.getByText("No open orders")).toBeVisible();
  expect(await openOrders(server)).toEqual([]);
});

test("a position is closed in part, and all in two steps", async ({ page, server }) => {
  await place(server, { symbol: "AAPL", qty: "8", side: "buy" });
  await place(server, { symbol: "TSLA", qty: "2", side: "sell" });
  await show(page);
  const table = positionsOf(page);
  await expect(rowOf(table, "TSLA")).toContainText("short");
  await table.getByRole("button", { name: "Close AAPL" }).click();
  const dialog = page.getByRole("dialog", { name: "Close AAPL" });
  await dialog.getByText("50 %").click();
  await axe(page);
  await dialog.getByRole("button", { name: "Sell 50 % of 8 AAPL at market, paper" }).click();
  await expect(page.getByText("Sold 4 AAPL")).toBeVisible();
  await expect(rowOf(table, "AAPL").getByRole("cell").nth(1)).toHaveText("4");

  await page.getByRole("button", { name: "Close all…" }).click();
  expect(await positions(server)).toHaveLength(2);
  await page.getByRole("button", { name: "Close all, paper" }).click();
  await expect(page.getByText("No positions")).toBeVisible();
  expect(await positions(server)).toEqual([]);
});

test("a position that has changed is looked at again before it is closed", async ({ page, server }) => {
  await place(server, { symbol: "AAPL", qty: "8", side: "buy" });
  await show(page);
  await positionsOf(page).getByRole("button", { name: "Close AAPL" }).click();
  const dialog = page.getByRole("dialog", { name: "Close AAPL" });
  await expect(dialog.getByRole("button", { name: "Sell 8 AAPL at market, paper" })).toBeVisible();
  await place(server, { symbol: "AAPL", qty: "2", side: "buy" });
  await expect(dialog.getByRole("alert")).toHaveText("It has changed: Long 10 now.");
  await axe(page);
  await dialog.getByRole("button", { name: "Look again: Long 10" }).click();
  expect(await positions(server)).toMatchObject([{ symbol: "AAPL", qty: "10" }]);
  await expect(dialog.getByRole("alert")).toHaveCount(0);
  await dialog.getByRole("button", { name: "Sell 10 AAPL at market, paper" }).click();
  await expect(page.getByText("Sold 10 AAPL")).toBeVisible();
});

test("a refusal that comes when the ticket is gone is told", async ({ page, complaints }) => {
  complaints.allow(/status of 403/);
  await show(page);
  let leave = (): void => undefined;
  const left = new Promise<void>((resolve) => {
    leave = resolve;
  });
  await page.route(/\/v2\/orders/, async (route) => {
    if (route.request().method() === "POST") await left;
    await route.continue();
  });
  await page.getByLabel("Quantity", { exact: true }).fill("100000");
  await submit(page).click();
  await visit(page, "market");
  leave();
  const news = page.getByRole("region", { name: "News" });
  await expect(news).toContainText("Refused: Insufficient buying power.");
  await expect(news).toContainText("Buy 100000 AAPL, paper.");
});

test("a coin goes by each of its names", async ({ page, server }) => {
  const data = { price: 150, asset_class: "crypto" };
  await server.call("POST", "/api/v1/publish", { topic: "market/SOL", data });
  await show(page);
  await page.getByLabel("Quantity", { exact: true }).fill("1");
  for (const name of ["sol", "SOL/USD", "SOLUSD"]) {
    await page.getByLabel("Symbol", { exact: true }).fill(name);
    await expect(submit(page)).toHaveText("Buy 1 SOL, paper");
    await expect(page.getByText("is not traded here")).toHaveCount(0);
  }
});

test("a day is typed digit by digit", async ({ page }) => {
  await visit(page, "trading");
  await page.getByRole("tab", { name: "Trades" }).click();
  const from = page.getByLabel("From", { exact: true });
  await from.focus();
  // The year begins as 0002.
  await from.pressSequentially("112020");
  await expect(from).toHaveValue(/^00\d\d-11-20$/);
  await expect(page.getByText("No trades match")).toBeVisible();
  await page.keyboard.type("26");
  await expect(from).toHaveValue("2026-11-20");
  await expect(page.getByText("No trades match")).toBeVisible();
  await expect(page.getByText("could not be read")).toHaveCount(0);
});

test.describe("with many trades", () => {
  test("pages come from the server, and the file has all that match", async ({ page, server }) => {
    for (let i = 0; i < 60; i += 1) {
      const side = i % 2 === 0 ? "buy" : "sell";
      await place(server, { symbol: i < 58 ? "AAPL" : "TSLA", qty: "1", side });
    }
    await show(page);
    await tab(page, "Trades").click();
    await expect(page.getByText("1–50 of 60")).toBeVisible();
    await page.getByRole("button", { name: "Older" }).click();
    await expect(page.getByText("51–60 of 60")).toBeVisible();
    // A new fill does not move the page that is read.
    await place(server, { symbol: "AAPL", qty: "1", side: "buy" });
    await page.getByRole("button", { name: "Newer" }).click();
    await expect(page.getByText("1–50 of 61")).toBeVisible();

    await page.getByRole("tabpanel").getByLabel("Symbol").selectOption("AAPL");
    await expect(page.getByText("1–50 of 59")).toBeVisible();
    const waiting = page.waitForEvent("download");
    await page.getByRole("button", { name: "CSV" }).click();
    const file = await waiting;
    expect(file.suggestedFilename()).toMatch(/^livetape-trades-paper-\d{8}T\d{6}Z\.csv$/);
    const text = await readFile(await file.path(), "utf8");
    const lines = text.split("\r\n");
    expect(lines[0]).toBe(
      "timestamp,symbol,side,quantity,price,fee,realized_pnl,order_id,id,model,source_price,slippage,liquidity",
    );
    expect(lines.at(-1)).toBe("");
    expect(lines).toHaveLength(59 + 2);
    expect(lines[1]).toMatch(/^20\d\d-[^,]+Z,AAPL,buy,1,187\.35,0,0,/);
    expect(lines[2]).toMatch(/,AAPL,sell,1,187\.33,0,-0\.02,/);

    // The replay's day, which late in the evening is tomorrow.
    const { trades } = await server.call("GET", "/api/paper-trading/trades?limit=1");
    const today = trades[0].timestamp.slice(0, 10);
    await page.getByRole("tabpanel").getByLabel("To").fill("2001-01-01");
    await expect(page.getByText("No trades match")).toBeVisible();
    await page.getByRole("tabpanel").getByLabel("To").fill(today);
    await expect(page.getByText("1–50 of 59")).toBeVisible();
    // Also while the day goes on a later page ends where the first one did.
    const [older] = await Promise.all([
      page.waitForRequest(/trades\?.*offset=50/),
      page.getByRole("button", { name: "Older" }).click(),
    ]);
    expect(new URL(older.url()).searchParams.get("to")).not.toMatch(/:59\.999999Z$/);
    await axe(page);
  });
});

test.describe("with old prices", () => {
  test.use({ source: "none" });

  test("the ticket asks twice", async ({ page, server }) => {
    await server.price("ACME", 10);
    await visit(page, "trading");
    await page.getByLabel("Symbol", { exact: true }).fill("ACME");
    await page.getByLabel("Quantity", { exact: true }).fill("2");
    await expect(page.getByText(/^Prices are \d+ s old$/)).toBeVisible();
    await submit(page).click();
    await expect(submit(page)).toHaveText("Place it anyway: Buy 2 ACME, paper");
    expect(await positions(server)).toEqual([]);
    await axe(page);
    await submit(page).click();
    await expect(page.getByText("Bought 2 ACME")).toBeVisible();
    expect(await positions(server)).toMatchObject([{ qty: "2" }]);
  });
});

for (const theme of ["dark", "light"] as const) {
  test.describe(`on a phone, ${theme}`, () => {
    test.use({ viewport: SIZES.phone, theme });

    test("the ticket comes as a dialog, and nothing is wider than the screen", async ({ page }) => {
      await visit(page, "trading");
      await page.getByRole("button", { name: "Buy…" }).click();
      const dialog = page.getByRole("dialog", { name: "New order" });
      await expect(dialog.getByLabel("Symbol", { exact: true })).toBeFocused();
      await dialog.getByLabel("Quantity", { exact: true }).fill("2");
      await axe(page);
      await dialog.getByRole("button", { name: "Buy 2 AAPL, paper" }).click();
      await expect(dialog).toHaveCount(0);
      await expect(rowOf(positionsOf(page), "AAPL")).toBeVisible();
      for (const name of ["Positions", "Orders", "Trades"]) {
        await tab(page, name).click();
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(wide).toBeLessThanOrEqual(SIZES.phone.width);
        await axe(page);
      }
    });
  });
}

test("figures show their formulas on focus", async ({ page }) => {
  await show(page);
  await page.getByRole("button", { name: "Max Drawdown" }).focus();
  await expect(page.getByText("Lowest equity / highest equity before it − 1")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByText("Lowest equity / highest equity before it − 1")).toBeHidden();
});
