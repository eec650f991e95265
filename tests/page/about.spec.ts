// The About page tells the server's own version and the notices that licences ask for.

import { expect, test, visit } from "./fixtures.ts";

test("version, notices and links are there", async ({ page, server }) => {
  await visit(page, "about");
  const { info } = await server.call("GET", "/openapi.json");
  await expect(page.getByText(`Server version ${info.version}.`)).toBeVisible();
  const notice = page.getByText(/TradingView Lightweight Charts™, Copyright/);
  await expect(notice.getByRole("link")).toHaveAttribute("href", "https://www.tradingview.com/");
  for (const path of ["/openapi.json", "/metrics", "/healthz", "/readyz"]) {
    await expect(page.locator(`main a[href="${path}"]`)).toBeVisible();
    expect((await page.request.get(path)).status(), path).toBe(200);
  }
});
