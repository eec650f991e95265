// Paper accounts: what there are, what each is worth, the kill switch.

import { path, request } from "./client.ts";
import type { Schema, Typed } from "./types.ts";

export type PaperAccount = Schema<"PaperAccount">;
export type AccountState = Schema<"AccountState">;
export type PaperStatus = Schema<"PaperStatus">;
export type Account = Schema<"Account">;

export const listAccounts = (signal?: AbortSignal) =>
  request<Schema<"PaperAccounts">>("GET", "/api/v1/accounts", signal ? { signal } : {});

/** The secret is in this answer only. */
export const openAccount = (account: Typed<Schema<"NewPaperAccount">>) =>
  request<Schema<"PaperAccountKeys">>("POST", "/api/v1/accounts", { body: account });

/** The kill switch: HALTED cancels all open orders of the account. */
export const setAccountState = (name: string, state: AccountState) =>
  request<Schema<"AccountStanding">>("PUT", path`/api/v1/accounts/${name}/state`, {
    body: { state },
  });

/** Equity, cash, positions, what runs. */
export const accountStatus = (account: string, signal?: AbortSignal) =>
  request<PaperStatus>("GET", "/api/paper-trading/status", {
    query: { account },
    ...(signal && { signal }),
  });

/** Buying power and margin; its numbers are texts. */
export const account = (name: string, signal?: AbortSignal) =>
  request<Account>("GET", "/v2/account", { account: name, ...(signal && { signal }) });

/** Cash back to the start; keys and history stay. */
export const resetAccount = (name: string) =>
  request<Account>("POST", "/v2/account/reset", { account: name });
