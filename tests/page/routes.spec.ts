// Every page of the frame, in both themes and both sizes: it opens, nobody complains, and axe finds
// nothing; what axe would find is shown by a planted fault.

import { expect, faultsOf, PAGES, SIZES, THEMES, test, visit } from "./fixtures.ts";

for (const theme of THEMES) {
  for (const [size, viewport] of Object.entries(SIZES)) {
    test.describe(`${theme} on a ${size}`, () => {
      test.use({ theme, viewport });

      test("every page is accessible and fits", async ({ page }) => {
        for (const name of PAGES) {
          await visit(page, name);
          await expect(page).toHaveTitle(new RegExp(`^${name}`, "i"));
          expect.soft(await faultsOf(page), name).toEqual([]);
          // What reaches beyond the screen is found only by scrolling sideways.
          const beyond = (main: Element) => main.scrollWidth - main.clientWidth;
          const main = page.getByRole("main");
          expect.soft(await main.evaluate(beyond), `${name} is too wide`).toBeLessThanOrEqual(0);
        }
      });
    });
  }
}

test("axe catches a planted fault", async ({ page }) => {
  await visit(page, "about");
  await page.evaluate(() => {
    const button = document.createElement("button");
    button.style.width = "10px";
    document.querySelector("main")?.append(button);
  });
  const faults = await faultsOf(page);
  expect(faults.some((fault) => fault.startsWith("button-name:"))).toBe(true);
});

/** What a page must never do, and what is heard of it. */
const PLANTED: Readonly<Record<string, [act: () => unknown, heard: RegExp]>> = {
  "a warning": [() => console.warn("planted"), /^console: planted/],
  "an error": [() => setTimeout(() => Promise.reject(Error("planted"))), /^uncaught: .*planted/],
  "an answer of 404": [() => fetch("/api/v1/planted"), /^console: .*404.*planted/],
  "what the policy forbids": [
    () => {
      const image = document.createElement("img");
      image.src = "https://example.invalid/planted.png";
      document.body.append(image);
    },
    /^console: policy: img-src .*planted/,
  ],
};

for (const [name, [act, heard]] of Object.entries(PLANTED)) {
  test(`${name} is a complaint`, async ({ page, complaints }) => {
    await visit(page, "about");
    expect(complaints.unexpected).toEqual([]);
    await page.evaluate(act);
    await expect.poll(() => complaints.unexpected.some((words) => heard.test(words))).toBe(true);
    complaints.allow(/planted/);
  });
}

test("a complaint fails its test", async ({ page }) => {
  test.fail();
  await visit(page, "about");
  await page.evaluate(() => console.error("planted"));
});
