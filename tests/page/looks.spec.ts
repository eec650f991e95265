// Themes, sizes, and what is remembered. There are no golden pictures: fonts differ from machine to
// machine. Instead every picture is measured: no part of a dark page may be bright, or the other way.

import type { Page } from "@playwright/test";

import { expect, PAGES, SIZES, THEMES, test, visit } from "./fixtures.ts";

const TILE = 16;

/** The brightness of each tile of what is seen, 0 to 1; canvases are left out. */
async function brightness(page: Page): Promise<number[]> {
  const mask = [page.locator("canvas")];
  const maskColor = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const picture = await page.screenshot({ mask, maskColor, animations: "disabled" });
  return page.evaluate(
    async ([base64, tile]) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
      // Drawn small, so that each pixel is the middle of a tile.
      const width = Math.floor(image.width / tile);
      const height = Math.floor(image.height / tile);
      const context = new OffscreenCanvas(width, height).getContext("2d");
      if (!context) throw new Error("no canvas");
      context.imageSmoothingQuality = "high";
      context.drawImage(image, 0, 0, width, height);
      const { data } = context.getImageData(0, 0, width, height);
      const at = (i: number) => data[i] ?? 0;
      return Array.from({ length: width * height }, (_, i) => {
        const [red, green, blue] = [at(4 * i), at(4 * i + 1), at(4 * i + 2)];
        return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
      });
    },
    [picture.toString("base64"), TILE] as const,
  );
}

const share = (tiles: readonly number[], fits: (tile: number) => boolean) =>
  tiles.filter(fits).length / tiles.length;

for (const theme of THEMES) {
  for (const [size, viewport] of Object.entries(SIZES)) {
    test.describe(`${theme} on a ${size}`, () => {
      test.use({ theme, viewport });

      test("every page is of one theme", async ({ page }) => {
        for (const name of PAGES) {
          await visit(page, name);
          await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
          const tiles = await brightness(page);
          const wrong = share(tiles, (tile) => (theme === "dark" ? tile > 0.6 : tile < 0.4));
          // Buttons and a few letters are all that may stand out.
          expect.soft(wrong, `${name}: share of the other theme`).toBeLessThan(0.04);
        }
      });
    });
  }
}

test("a part of the other theme would be seen", async ({ page }) => {
  await visit(page, "about");
  await page.evaluate(() => {
    const white = document.createElement("div");
    white.style.cssText = "position:fixed;inset:20% 50% 40% 20%;background:#fff";
    document.body.append(white);
  });
  expect(share(await brightness(page), (tile) => tile > 0.6)).toBeGreaterThan(0.04);
});

test("the system's theme is followed, and a chosen one is remembered", async ({ browser, server }) => {
  // A browser that remembers nothing yet.
  const context = await browser.newContext({ colorScheme: "light" });
  const page = await context.newPage();
  const theme = page.locator("html");
  await page.goto(server.url);
  await expect(theme).toHaveAttribute("data-theme", "light");
  await page.emulateMedia({ colorScheme: "dark" });
  await expect(theme).toHaveAttribute("data-theme", "dark");
  await page.keyboard.press("Control+,");
  await page.getByRole("radio", { name: "Light" }).check();
  await page.getByRole("radio", { name: "UTC" }).check();
  await page.getByRole("radio", { name: "Blue / orange" }).check();
  await page.reload();
  await expect(theme).toHaveAttribute("data-theme", "light");
  await expect(theme).toHaveAttribute("data-palette", "blue-orange");
  await expect(page.getByRole("button", { name: /^Time zone UTC/ })).toBeVisible();
  await context.close();
});

test.describe("on a phone", () => {
  test.use({ viewport: SIZES.phone });

  test("pages are tabs at the bottom, the rest is under More", async ({ page }) => {
    await visit(page, "market");
    const tabs = page.getByRole("navigation", { name: "Pages" });
    const box = await tabs.boundingBox();
    expect(box?.width).toBe(SIZES.phone.width);
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBe(SIZES.phone.height);
    await tabs.getByRole("link", { name: "Trading" }).click();
    await expect(page).toHaveURL(/#\/trading$/);
    await tabs.getByRole("button", { name: "More" }).click();
    await page.getByRole("dialog").getByRole("link", { name: "About" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "About Livetape" })).toBeVisible();
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await expect(page.getByRole("button", { name: "Kill switch" })).toBeInViewport();
  });
});

test("a long account name and much money leave the kill switch where it is", async ({
  page,
  server,
}) => {
  const name = "a-desk-with-quite-a-long-name-indeed";
  await server.call("POST", "/api/v1/accounts", { name, cash: 123456789 });
  await visit(page, "about");
  await page.getByLabel("Account").selectOption(name);
  for (const [width, height, most] of [
    [768, 800, 60],
    [1024, 800, 60],
    [SIZES.phone.width, SIZES.phone.height, 96],
  ] as const) {
    await page.setViewportSize({ width, height });
    await expect(page.getByRole("banner").getByText("$123,456,789.00")).toBeVisible();
    await expect(page.getByRole("button", { name: "Kill switch" })).toBeInViewport({ ratio: 1 });
    expect((await page.getByRole("banner").boundingBox())?.height, `${width}`).toBeLessThan(most);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide, `${width}`).toBeLessThanOrEqual(width);
  }
});
