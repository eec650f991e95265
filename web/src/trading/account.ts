// What the page knows of the account it trades: the stream's equity at a pace that eyes follow, the
// buying power that the server tells when asked, and what can be traded.

import type { PaperStatus } from "../api/accounts.ts";
import { account as readAccount } from "../api/accounts.ts";
import { listSymbols } from "../api/market.ts";
import { isText, Remembered } from "../settings/remembered.svelte";
import { stream } from "../stream/client.ts";
import { paced, type Store } from "../stream/paced.ts";
import { Value } from "../stream/value.ts";
import type { Instruments } from "./draft.ts";
import type { Power } from "./estimate.ts";

export type Equity = Omit<
  PaperStatus,
  "open_orders" | "running" | "started_at" | "state" | "strategy"
>;

/** What was traded last; the next ticket begins with it. */
export const lastSymbol = new Remembered("ticket-symbol", "", isText);

const POWER_MS = 1000;
const POWER_AGAIN_MS = 5000;

/** Null until the stream has told. */
export const equityOf = (account: string): Store<Equity | null> =>
  stream.equity(account) as Store<Equity | null>;

export const instruments = new Value<Instruments>(new Map());

let reading: Promise<void> | null = null;

/** Several parts of the page may ask at once: one request answers all. */
export function readInstruments(): Promise<void> {
  reading ??= listSymbols()
    .then(({ symbols }) => {
      instruments.set(new Map(symbols.map((each) => [each.symbol, each.asset_class])));
    })
    .finally(() => {
      reading = null;
    });
  return reading;
}

/**
 * Buying power: it moves with prices, so it is asked for now and then, and again after each event of an
 * order. Null while it is not known.
 */
export const powerOf = (account: string): Store<Power | null> => ({
  subscribe(tell) {
    const stopped = new AbortController();
    let asked = 0;
    let told = 0;
    const read = (): void => {
      const mine = ++asked;
      readAccount(account, stopped.signal).then(
        (power) => {
          if (mine < told) return; // a newer one was quicker
          told = mine;
          tell(power);
        },
        () => {
          if (mine === asked) tell(null);
        },
      );
    };
    tell(null);
    read();
    const timer = setInterval(() => {
      if (!document.hidden) read();
    }, POWER_AGAIN_MS);
    let first = true;
    const stop = paced(stream.orders, POWER_MS).subscribe(() => {
      if (!first) read();
      first = false;
    });
    return () => {
      stop();
      clearInterval(timer);
      stopped.abort();
    };
  },
});
