// The paper accounts of the server, and the one that this page shows and trades. The state of an
// account is asked for and set by plain requests: the kill switch must work when no stream does.

import { settings } from "../settings/settings";
import { stream } from "../stream/client";
import { ask, type Refused } from "./ask";

export type AccountState = "ACTIVE" | "REDUCING" | "HALTED";

export interface Account {
  readonly name: string;
  readonly key_id: string;
  readonly state: AccountState;
  readonly cash: number;
}

const ASK_AGAIN_MS = 15_000;

let list = $state.raw<readonly Account[]>([]);
let known = $state(false);
let refused = $state.raw<Refused | null>(null);

export const accounts = {
  get list(): readonly Account[] {
    return list;
  },
  /** The account that is chosen; undefined until the server has told, or if it has none of its name. */
  get current(): Account | undefined {
    return list.find(({ name }) => name === settings.account.value);
  },
  /** True once the server has answered. */
  get known(): boolean {
    return known;
  },
  /** Why the list could not be read last time. */
  get refused(): Refused | null {
    return refused;
  },

  async read(): Promise<void> {
    const answer = await ask<{ accounts: Account[] }>("/api/v1/accounts");
    refused = answer.ok ? null : answer.refused;
    if (!answer.ok) return;
    list = answer.value.accounts;
    known = true;
    // The remembered one may be of another server: the first is better than none.
    const first = list[0];
    if (first && !accounts.current) accounts.choose(first.name);
  },

  choose(name: string): void {
    settings.account.value = name;
    stream.setAccount(name);
  },

  /** Null: done. */
  async setState(name: string, state: AccountState): Promise<Refused | null> {
    const answer = await ask<{ state: AccountState }>(
      `/api/v1/accounts/${encodeURIComponent(name)}/state`,
      { method: "PUT", body: { state } },
    );
    if (!answer.ok) return answer.refused;
    list = list.map((each) => (each.name === name ? { ...each, state: answer.value.state } : each));
    return null;
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
