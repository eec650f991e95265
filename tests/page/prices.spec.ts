// Prices of a replay are known: what the page shows must be exactly those, and move when they move.

import type { Page } from "@playwright/test";

import { expect, KNOWN, test, visit } from "./fixtures.ts";

const row = (page: Page, symbol: string) =>
  page
    .getByRole("grid", { name: "Watchlist" })
    .getByRole("row")
    .filter({ has: page.getByRole("link", { name: symbol, exact: true }) });

const SHOWN: Readonly<Record<string, readonly string[]>> = {
  AAPL: ["187.34", "+1.26 %", "187.33", "187.35"],
  TSLA: ["242.50", "−1.02 %", "242.45", "242.55"],
  GOOGL: ["171.25", "0.00 %", "171.20", "171.30"],
  BTC: ["61,837.50", "+1.37 %", "61,837.00", "61,838.00"],
  ETH: ["2,531.75", "+1.27 %", "2,531.50", "2,532.00"],
};

test("every known price, change, bid and ask is shown, with sign and arrow", async ({ page }) => {
  await visit(page, "market");
  for (const symbol of Object.keys(KNOWN)) {
    for (const text of SHOWN[symbol] ?? []) await expect(row(page, symbol)).toContainText(text);
  }
  await expect(row(page, "AAPL")).toContainText("▲");
  await expect(row(page, "TSLA")).toContainText("▼");
  await expect(row(page, "GOOGL")).not.toContainText(/[▲▼+−]/);
});

test("prices are followed up and down", async ({ page, server }) => {
  await visit(page, "market");
  const apple = row(page, "AAPL");
  await expect(apple).toContainText("187.34");
  for (const [price, shown, change] of [
    [190, "190.00", "+2.70 %"],
    [179.5, "179.50", "−2.97 %"],
    [185, "185.00", "0.00 %"],
  ] as const) {
    await server.price("AAPL", price);
    await expect(apple).toContainText(shown);
    await expect(apple).toContainText(change);
  }
  // The others stand where they stood.
  await expect(row(page, "TSLA")).toContainText("242.50");
});

test.describe("a replay of one moment", () => {
  const at = (price: number) => ({ at: 0, symbol: "ONCE", price, bid: price - 0.25, ask: price + 0.25 });
  test.use({ market: { ticks: [at(100), at(104), at(102)], replay: "speed=0,wait" } });

  test("ends at its last price", async ({ page }) => {
    await visit(page, "market");
    await expect(row(page, "ONCE")).toContainText("102.00");
    await expect(row(page, "ONCE")).toContainText("+2.00 %");
    await expect(row(page, "ONCE")).toContainText("102.25");
  });
});

test.describe("without a source", () => {
  test.use({ source: "none" });

  test("a symbol that is published for the first time appears by itself", async ({
    page,
    server,
  }) => {
    await visit(page, "market");
    await server.price("BRAND-NEW", 12.5, 0.5);
    await expect(row(page, "BRAND-NEW")).toContainText("12.50");
    await expect(row(page, "BRAND-NEW")).toContainText("12.25");
    await server.price("BRAND-NEW", 13, 0.5);
    await expect(row(page, "BRAND-NEW")).toContainText("+4.00 %");
  });
});
