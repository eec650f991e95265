// Complaints: everything that a healthy page never does, in any tab of a browser context: errors and
// warnings in the console, uncaught errors, failed requests, reports of the security policy.

import type { BrowserContext } from "@playwright/test";

export class Complaints {
  readonly #heard: string[] = [];
  readonly #allowed: RegExp[] = [];

  /** What is part of the test: a refused order answers 422, a killed server is not reached. */
  allow(...patterns: readonly RegExp[]): void {
    this.#allowed.push(...patterns);
  }

  get unexpected(): string[] {
    return this.#heard.filter((words) => !this.#allowed.some((pattern) => pattern.test(words)));
  }

  async listen(context: BrowserContext): Promise<void> {
    context.on("console", (message) => {
      if (!["error", "warning"].includes(message.type())) return;
      this.#heard.push(`console: ${message.text()} (${message.location().url})`);
    });
    context.on("weberror", (error) => this.#heard.push(`uncaught: ${error.error()}`));
    context.on("requestfailed", (request) => {
      const why = request.failure()?.errorText ?? "";
      // Given up by the page itself, as when it is left.
      if (why !== "net::ERR_ABORTED") this.#heard.push(`request: ${why} ${request.url()}`);
    });
    await context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
      });
    });
  }
}
