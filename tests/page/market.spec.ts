// The Market page: live prices in the watchlist, finding and keeping symbols, the chart with what one
// has done, a server without prices, a phone.

import { execFile } from "node:child_process";
import { promisify } from "node:util";

import type { Page } from "@playwright/test";

import type { Backend } from "./backend.ts";
import { axe, expect, PATIENCE_MS, SIZES, test, THEMES, visit } from "./fixtures.ts";

const run = promisify(execFile);

const listOf = (page: Page) => page.getByRole("grid", { name: "Watchlist" });
const rowOf = (page: Page, symbol: string) =>
  listOf(page)
    .getByRole("row")
    .filter({ has: page.getByRole("link", { name: symbol, exact: true }) });
const titleOf = (page: Page, symbol: string) =>
  page.getByRole("heading", { level: 2, name: symbol, exact: true });
const legendOf = (page: Page) => page.getByText(/ {2}O [\d,.]+ {2}H /);

/** Symbols of the list, from its top. */
const shownIn = (page: Page) => listOf(page).getByRole("link").allTextContents();
const trimmed = (texts: string[]) => texts.map((text) => text.trim());
const expectOrder = (page: Page, symbols: string[]) =>
  expect.poll(async () => trimmed(await shownIn(page))).toEqual(symbols);

/** Two daily bars, without a quote. */
async function imported(page: Page, server: Backend, symbol: string): Promise<void> {
  const rows = ["2020-01-02,100,110,90,105,1000", "2020-01-03,105,106,98,101,1000"];
  const where = `${server.url}/api/v1/imports?symbol=${symbol}&file_name=${symbol}.csv`;
  await page.request.post(where, { data: `date,open,high,low,close,volume\n${rows.join("\n")}\n` });
  const names = async () => (await server.call("GET", "/api/v1/symbols")).symbols.map(nameOf);
  await expect.poll(names).toContain(symbol);
}
const nameOf = (each: { symbol: string }) => each.symbol;

test("rows show price, change with sign and arrow, bid and ask", async ({ page }) => {
  await visit(page, "market");
  const cells = rowOf(page, "AAPL").getByRole("gridcell");
  await expect(cells.nth(3)).toHaveText("187.34");
  await expect(cells.nth(4)).toHaveText(/▲\s*\+1.26 %/);
  await expect(cells.nth(5)).toHaveText("187.33");
  await expect(cells.nth(6)).toHaveText("187.35");
  await expect(rowOf(page, "TSLA").getByRole("gridcell").nth(4)).toHaveText(/▼\s*−1.02 %/);
});

test.describe("with published prices", () => {
  test.use({ source: "none" });

  test("a new price shows at once, in row, header and book", async ({ page, server }) => {
    await server.price("ACME", 12.5);
    await page.goto("/#/market/ACME");
    await expect(rowOf(page, "ACME")).toContainText("12.50");
    await server.price("ACME", 13.25, 0.5);
    await expect(rowOf(page, "ACME")).toContainText("13.25");
    await expect(page.getByRole("region", { name: "Symbol", exact: true })).toContainText(/13.25/);
    await expect(page.getByRole("button", { name: "Sell 13.00" })).toBeVisible();
    await expect(page.getByText("0.50 · 377.4 bp")).toBeVisible();
    await expect(legendOf(page)).toContainText("C 13.25");
  });

  test("a symbol without prices shows none of the symbol before it", async ({ page, server }) => {
    await imported(page, server, "SP500");
    await server.price("ACME", 12.5, 0.5);
    await page.goto("/#/market/ACME");
    const shown = page.getByRole("region", { name: "Symbol", exact: true });
    await expect(shown.getByText("0.50 · 400.0 bp")).toBeVisible();
    await expect(shown.getByText("0.00 %", { exact: true })).toBeVisible();
    await rowOf(page, "SP500").click();
    await expect(titleOf(page, "SP500")).toBeVisible();
    await expect(shown.getByRole("button", { name: "Sell", exact: true })).toBeVisible();
    await expect(shown.getByText(/12\.|0\.50|%|bp/)).toHaveCount(0);
    // It has daily bars only.
    await shown.getByRole("button", { name: "Show 1d" }).click();
    await expect(legendOf(page)).toContainText("2020-01-03  O 105.00");
  });

  test("a coin is found by the other spellings of its name", async ({ page, server }) => {
    await server.price("BTC", 61837.5, 1);
    for (const name of ["BTC%2FUSD", "BTCUSD"]) {
      await page.goto(`/#/market/${name}`);
      await expect(titleOf(page, "BTC")).toBeVisible();
      await expect(page.getByRole("button", { name: "Buy 61,838.00" })).toBeVisible();
    }
  });

  test("a price that is published alone has no book", async ({ page, server }) => {
    await server.publish({ topic: "market/ACME", data: { price: 12.5 } });
    await page.goto("/#/market/ACME");
    await expect(page.getByText("No book")).toBeVisible();
    await expect(page.getByRole("button", { name: "Buy", exact: true })).toBeVisible();
    await expect(rowOf(page, "ACME").getByRole("gridcell").nth(5)).toHaveText("–");
  });

  test("very small and very large prices keep to their columns, and to their digits", async ({
    page,
    server,
  }) => {
    const of = (price: number) => ({ price, bid: price, ask: price, bid_size: 1, ask_size: 1 });
    await server.publish([
      { topic: "market/DEAD", data: of(0.00000012) },
      { topic: "market/HUGE", data: of(1234567.89) },
    ]);
    await page.goto("/#/market/DEAD");
    for (const [symbol, text] of [["DEAD", "0.00000012"], ["HUGE", "1,234,567.89"]] as const) {
      for (const place of [3, 5, 6]) {
        const cell = rowOf(page, symbol).getByRole("gridcell").nth(place);
        await expect(cell).toHaveText(text);
        expect(await cell.evaluate((e) => e.scrollWidth - e.clientWidth)).toBeLessThanOrEqual(0);
      }
    }
    await rowOf(page, "DEAD").getByRole("gridcell").nth(6).getByRole("button").click();
    const ticket = page.getByRole("dialog");
    await expect(ticket.getByLabel("Limit price")).toHaveValue("0.00000012");
    await ticket.getByLabel("Limit price").fill("");
    await ticket.getByRole("button", { name: "Last 0.00000012" }).click();
    await expect(ticket.getByLabel("Limit price")).toHaveValue("0.00000012");
    await ticket.getByLabel("Symbol").fill("HUGE");
    await ticket.getByRole("button", { name: "Last 1,234,567.89" }).click();
    await expect(ticket.getByLabel("Limit price")).toHaveValue("1234567.89");
  });

  test("without any the page gives a line that brings the first, and it does", async ({ page }) => {
    await visit(page, "market");
    await expect(page.getByText("No symbols yet")).toBeVisible();
    const line = await page.getByText(/^curl /).textContent();
    await axe(page);
    await run("bash", ["-c", `${line} --silent --fail`]);
    await expect(titleOf(page, "AAPL")).toBeVisible();
    await expect(rowOf(page, "AAPL")).toContainText("187.34");
  });
});

test("a price that is old is never shown as fresh while others are", async ({ page, server }) => {
  await server.price("QUIET", 12.5, 0.5);
  await page.goto("/#/market/QUIET");
  const book = page.getByRole("button", { name: "Buy 12.75" });
  await expect(book).toBeVisible();
  await expect(page.getByText(/^QUIET: price is \d+ s old$/)).toBeVisible({ timeout: PATIENCE_MS });
  await expect(rowOf(page, "QUIET")).toHaveAttribute("data-stale", "true");
  await expect(rowOf(page, "AAPL")).toHaveAttribute("data-stale", "false");
  await expect(page.getByText(/^Prices are/)).toHaveCount(0);
  await book.click();
  const ticket = page.getByRole("dialog");
  await ticket.getByLabel("Quantity").fill("1");
  await ticket.getByRole("button", { name: /^Buy 1 QUIET/ }).click();
  await expect(ticket.getByRole("alert")).toContainText(/QUIET: price is \d+ s old/);
  await server.price("QUIET", 13, 0.5);
  await expect(rowOf(page, "QUIET")).toHaveAttribute("data-stale", "false");
  await expect(ticket.getByRole("button", { name: /^Buy 1 QUIET/ })).toBeVisible();
});

test("a symbol that the server does not have is told, with the way back", async ({ page }) => {
  await page.goto("/#/market/NOPE");
  await expect(page.getByText("No price of NOPE yet")).toBeVisible();
  await expect(page.getByRole("button", { name: "Show all symbols" })).toBeInViewport();
  await page.getByRole("button", { name: "Show all symbols" }).click();
  await expect(titleOf(page, "AAPL")).toBeVisible();
});

test.describe("where one has to sign in", () => {
  test.use({ auth: true });

  test("the symbols come once one has", async ({ page, server, complaints }) => {
    complaints.allow(/status of 40[13]/);
    await visit(page, "market");
    const fault = page.getByRole("alert").filter({ hasText: "The symbols could not be read" });
    await fault.getByRole("button", { name: "Sign in" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Token").fill(await server.token("alice", { scope: "subscribe" }));
    await dialog.getByRole("button", { name: "Sign in" }).click();
    await expect(rowOf(page, "AAPL")).toContainText("187.34");
    await expect(fault).toHaveCount(0);
  });
});

test("the keyboard finds, opens and walks", async ({ page }) => {
  await visit(page, "market");
  await expect(rowOf(page, "BTC")).toContainText("61,837.50");
  await page.keyboard.press("/");
  await page.keyboard.type("t");
  await expectOrder(page, ["TSLA", "BTC", "ETH"]);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(titleOf(page, "BTC")).toBeVisible();
  await expect(page).toHaveURL(/#\/market\/BTC$/);
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await expect(titleOf(page, "ETH")).toBeVisible();

  await page.keyboard.press("6");
  await expect(page.getByRole("radio", { name: "1d" })).toBeChecked();
  await expect(legendOf(page)).toContainText(/^\d{4}-\d\d-\d\d {2}O 2,500.00/);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("goog");
  await page.keyboard.press("Enter");
  await expect(titleOf(page, "GOOGL")).toBeVisible();
});

test("the filter finds a symbol, and the next key trades it", async ({ page }) => {
  await page.goto("/#/market/AAPL");
  await expect(rowOf(page, "TSLA")).toContainText("242.50");
  const filter = page.getByLabel("Filter symbols");
  await page.keyboard.press("/");
  await page.keyboard.press("/");
  await expect(filter).toHaveValue("");
  await page.keyboard.type("tsl");
  await page.keyboard.press("Enter");
  await expect(titleOf(page, "TSLA")).toBeVisible();
  await page.keyboard.press("b");
  await expect(page.getByRole("dialog").getByLabel("Symbol")).toHaveValue("TSLA");
  await page.keyboard.press("Escape");
  await expect(page.locator("dialog[open]")).toHaveCount(0);
  await filter.focus();
  await page.keyboard.press("Escape");
  await expect(filter).toHaveValue("");
  await page.keyboard.press("Escape");
  await expect(filter).not.toBeFocused();
});

test("columns sort both ways and back, and the page remembers it", async ({ page }) => {
  await visit(page, "market");
  await expect(rowOf(page, "ETH")).toContainText("+1.27 %");
  const change = page.getByRole("button", { name: "Change" });
  await change.click();
  await expectOrder(page, ["BTC", "ETH", "AAPL", "GOOGL", "TSLA"]);
  await change.click();
  await expectOrder(page, ["TSLA", "GOOGL", "AAPL", "ETH", "BTC"]);
  await expect(page.getByRole("columnheader", { name: "Change" })).toHaveAttribute(
    "aria-sort",
    "ascending",
  );
  await page.reload();
  await expectOrder(page, ["TSLA", "GOOGL", "AAPL", "ETH", "BTC"]);
  await page.getByRole("button", { name: "Change" }).click();
  await expectOrder(page, ["AAPL", "TSLA", "GOOGL", "BTC", "ETH"]);
});

test("a list of one's own is made, ordered and remembered", async ({ page }) => {
  await visit(page, "market");
  await rowOf(page, "BTC").getByRole("button", { name: "BTC in my list" }).click();
  await rowOf(page, "AAPL").getByRole("button", { name: "AAPL in my list" }).click();
  await page.getByRole("radio", { name: "Mine" }).check();
  await expectOrder(page, ["BTC", "AAPL"]);
  await listOf(page).focus();
  await page.keyboard.press("End");
  await page.keyboard.press("Alt+ArrowUp");
  await expectOrder(page, ["AAPL", "BTC"]);
  await page.reload();
  await expectOrder(page, ["AAPL", "BTC"]);
  await listOf(page).focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("w");
  await expectOrder(page, ["BTC"]);
  await page.keyboard.press("Home");
  await page.keyboard.press("w");
  await expect(page.getByText("Your list is empty")).toBeVisible();
  await axe(page);
});

test("keys, bids and asks open the ticket", async ({ page }) => {
  await page.goto("/#/market/TSLA");
  await rowOf(page, "AAPL").getByRole("button", { name: "187.35" }).click();
  const ticket = page.getByRole("dialog");
  await expect(ticket.getByLabel("Symbol")).toHaveValue("AAPL");
  await expect(ticket.getByLabel("Limit price")).toHaveValue("187.35");
  await expect(ticket.getByRole("radio", { name: "Buy" })).toBeChecked();
  await page.keyboard.press("Escape");
  // Keys belong to an open dialog; hidden from screen readers it may still be closing.
  await expect(page.locator("dialog[open]")).toHaveCount(0);
  await expect(page.getByRole("heading", { name: "TSLA", exact: true, level: 2 })).toBeVisible();
  await page.keyboard.press("s");
  await expect(ticket.getByLabel("Symbol")).toHaveValue("TSLA");
  await expect(ticket.getByRole("radio", { name: "Sell" })).toBeChecked();
});

test("the chart tells what one has bought and what is open", async ({ page, server }) => {
  const account = "paper";
  const order = (body: object) => server.call("POST", "/v2/orders", body, { account });
  await page.goto("/#/market/AAPL");
  const open = page.getByRole("list", { name: "Your open orders on this chart" });
  await expect(legendOf(page)).toBeVisible();
  const resting = await order({
    ...{ symbol: "AAPL", side: "buy", qty: "10", type: "limit" },
    ...{ time_in_force: "gtc", limit_price: "150" },
  });
  await expect(open.getByRole("listitem")).toHaveText(["Buy 10 limit at 150.00"]);
  await expect(page.getByText("Your orders out of sight: 0 above, 1 below")).toBeVisible();
  // A day's bar holds the fill whatever the minute.
  await page.keyboard.press("6");
  await order({ symbol: "AAPL", side: "buy", qty: "2", type: "market", time_in_force: "day" });
  await expect(legendOf(page)).toContainText("You bought 2 at 187.35");
  await server.call("DELETE", `/v2/orders/${resting.id}`, undefined, { account });
  await expect(open.getByRole("listitem")).toHaveCount(0);
  await page.reload();
  await expect(legendOf(page)).toContainText("You bought 2 at 187.35");
});

for (const theme of THEMES) {
  test.describe(`on a phone, ${theme}`, () => {
    test.use({ theme, viewport: SIZES.phone });

    test("first the list, then the symbol, and back", async ({ page }) => {
      await visit(page, "market");
      await expect(rowOf(page, "ETH")).toContainText("2,531.75");
      await expect(titleOf(page, "AAPL")).toHaveCount(0);
      await axe(page);
      await rowOf(page, "ETH").getByRole("link").click();
      await expect(titleOf(page, "ETH")).toBeVisible();
      await expect(listOf(page)).toHaveCount(0);
      await expect(legendOf(page)).toBeVisible();
      await axe(page);
      await page.getByRole("link", { name: "List" }).click();
      await expect(rowOf(page, "ETH")).toBeVisible();
    });
  });
}
