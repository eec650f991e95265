// A form on its way to the server: what is wrong with it here or there, field by field.

import { ApiError, wordsOfError } from "../api/problem";
import { router } from "../shell/router.svelte";
import type { Faults } from "./backtest_form";

export class Submission {
  busy = $state(false);
  /** What went wrong, in words; undefined: nothing. */
  trouble = $state<string>();
  #refused = $state.raw<Faults>({});
  #tried = $state(false);

  /** Faults to show: those found here once it was tried, and those that the server has found. */
  faults(found: Faults): Faults {
    return { ...(this.#tried ? found : {}), ...this.#refused };
  }

  /** `start` answers with where its result is. */
  async send(event: SubmitEvent, found: Faults, start: () => Promise<string>): Promise<void> {
    event.preventDefault();
    this.#tried = true;
    this.#refused = {};
    this.trouble = undefined;
    if (Object.keys(found).length > 0) return;
    this.busy = true;
    try {
      router.go(await start());
    } catch (error) {
      this.trouble = wordsOfError(error);
      if (error instanceof ApiError && error.field)
        this.#refused = { [error.field]: error.message };
    } finally {
      this.busy = false;
    }
  }
}
