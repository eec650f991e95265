// The paper accounts of the server, and the one that this page shows and trades. The state of an
// account is asked for and set by plain requests: the kill switch must work when no stream does.

import {
  type AccountState,
  listAccounts,
  type PaperAccount,
  setAccountState,
} from "../api/accounts";
import { ApiError } from "../api/problem";
import { settings } from "../settings/settings";
import { stream } from "../stream/client";

const ASK_AGAIN_MS = 15_000;

let list = $state.raw<readonly PaperAccount[]>([]);
let known = $state(false);
let refused = $state.raw<ApiError | null>(null);

let reading = Promise.resolve();
let next: Promise<void> | null = null;
/** Grows when answers that are under way are no longer right: of another user, of a state before. */
let era = 0;

function apiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  throw error;
}

async function readOnce(): Promise<void> {
  const of = era;
  const answer = await listAccounts().catch(apiError);
  if (of !== era) return;
  refused = answer instanceof ApiError ? answer : null;
  if (answer instanceof ApiError) return;
  list = answer.accounts;
  known = true;
  // The remembered one may be of another server: the first is better than none.
  const first = list[0];
  if (first && !accounts.current) accounts.choose(first.name);
}

export const accounts = {
  get list(): readonly PaperAccount[] {
    return list;
  },
  /** The account that is chosen; undefined until the server has told, or if it has none of its name. */
  get current(): PaperAccount | undefined {
    return list.find(({ name }) => name === settings.account.value);
  },
  /** True once the server has answered. */
  get known(): boolean {
    return known;
  },
  /** The server has told, and there is none for whoever is signed in. */
  get none(): boolean {
    return known && list.length === 0;
  },
  /** Why the list could not be read last time. */
  get refused(): ApiError | null {
    return refused;
  },

  /** Asks once more after what is under way, however many want it meanwhile. */
  read(): Promise<void> {
    next ??= reading = reading.then(() => {
      next = null;
      return readOnce();
    });
    return next;
  },

  /** Those of a user who has signed out; a list that is under way is theirs too. */
  forget(): void {
    era += 1;
    list = [];
    known = false;
  },

  choose(name: string): void {
    settings.account.value = name;
    stream.setAccount(name);
  },

  /** Null: done. */
  async setState(name: string, state: AccountState): Promise<ApiError | null> {
    try {
      const now = await setAccountState(name, state);
      era += 1;
      list = list.map((each) => (each.name === name ? { ...each, state: now.state } : each));
      return null;
    } catch (error) {
      return apiError(error);
    }
  },

  /** Reads the list now and then, as other programs change states too. Returns how to stop. */
  follow(): () => void {
    stream.setAccount(settings.account.value);
    void accounts.read();
    const again = (): void => {
      if (!document.hidden) void accounts.read();
    };
    const timer = setInterval(again, ASK_AGAIN_MS);
    document.addEventListener("visibilitychange", again);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", again);
    };
  },
};
