// The pages of the examples in Chromium, and what stands on them.

import assert from 'node:assert/strict';

import { PATIENCE_MS, until } from '../harness/until.mjs';

export { launchChromium } from '../harness/chromium.mjs';

/** One tab with one example in it. */
export class ExamplePage {
  /** `prepare` gets the tab before the page is loaded. */
  static async open(t, browser, site, path, server, query = {}, prepare = () => {}) {
    const context = await browser.newContext();
    t.after(() => context.close());
    const example = new ExamplePage();
    example.faults = [];
    example.tab = await context.newPage();
    example.tab.setDefaultTimeout(PATIENCE_MS);
    example.tab.on('pageerror', (error) => example.faults.push(String(error)));
    example.address = `${site.url}/${path}?${new URLSearchParams({ server: server.url, ...query })}`;
    await prepare(example.tab);
    await example.tab.goto(example.address);
    return example;
  }

  /** Leaves the page, as a user does who follows a link, so that nothing of it listens. */
  async leave() {
    await this.tab.goto('about:blank');
  }

  async comeBack() {
    await this.tab.goto(this.address);
  }

  /** The texts of the elements that `selector` names. */
  texts(selector) {
    return this.tab.locator(selector).allInnerTexts();
  }

  /** Waits until the elements that `selector` names have these texts. */
  async shows(selector, ...expected) {
    const found = async () => (await this.texts(selector)).map((text) => text.trim());
    const same = async () => JSON.stringify(await found()) === JSON.stringify(expected);
    try {
      await until(`${selector} shows ${expected}`, same);
    } catch {
      assert.deepEqual(await found(), expected, `${selector} of ${this.address}`);
    }
    assert.deepEqual(this.faults, []);
  }

  async matches(selector, pattern) {
    await until(`${selector} matches ${pattern}`, async () =>
      pattern.test((await this.texts(selector)).join('\n')),
    );
  }

  /** Changes what the example has kept for the next load; it must be on another page. */
  async tamper(key, change) {
    const origin = new URL(this.address).origin;
    await this.tab.route(`${origin}/blank`, (route) => route.fulfill({ body: '' }));
    await this.tab.goto(`${origin}/blank`);
    const text = await this.tab.evaluate((name) => sessionStorage.getItem(name), key);
    const kept = JSON.parse(text);
    change(kept);
    await this.tab.evaluate(
      ([name, value]) => sessionStorage.setItem(name, value),
      [key, JSON.stringify(kept)],
    );
  }
}
