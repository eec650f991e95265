// The symbols that the server has: its list, and those whose first price has come since.

import { untrack } from "svelte";

import { type Instrument, listSymbols } from "../api/market";
import { ApiError } from "../api/problem";
import { stream } from "../stream/client";
import { coinOf } from "./coin_names";

const READ_EVERY_MS = 10_000;

let listed = $state.raw<readonly Instrument[]>([]);
let streamed = $state.raw<readonly string[]>([]);
let known = $state(false);
let fault = $state.raw<ApiError | null>(null);
const all = $derived([...new Set([...listed.map(({ symbol }) => symbol), ...streamed])]);
const classes = $derived(new Map(listed.map((each) => [each.symbol, each.asset_class])));

export const symbols = {
  /** In the server's order, then as they came. */
  get all(): readonly string[] {
    return all;
  },
  /** True once the server has told which there are. */
  get known(): boolean {
    return known;
  },
  /** Why the list could not be read. */
  get fault(): ApiError | null {
    return fault;
  },
  /** The symbol's number on the board, reactive; -1: it has no price yet. */
  rowOf(symbol: string): number {
    return streamed.length > 0 ? stream.market.row(symbol) : -1;
  },
  /** The symbol that the server means by this name: a coin's may end in USD or /USD. */
  named(name: string): string {
    const coin = coinOf(name);
    const means = (each: string) => classes.get(each) === "crypto" && coinOf(each) === coin;
    return all.includes(name) ? name : (all.find(means) ?? name);
  },
  classOf(symbol: string): Instrument["asset_class"] | undefined {
    return classes.get(symbol);
  },

  async read(signal?: AbortSignal): Promise<void> {
    try {
      listed = (await listSymbols(signal)).symbols;
      known = true;
      fault = null;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.failure !== "aborted") fault = error;
    }
  },

  /** Keeps the list right while a page shows it. Returns how to stop. */
  follow(): () => void {
    const leaving = new AbortController();
    const board = stream.market;
    let readAt = performance.now();
    // Prices that come tell of symbols that the list lacks, and that a list can be had again.
    const priced = (): void => {
      const [told, had] = untrack(() => [streamed.length, listed.length] as const);
      if (board.size !== told) streamed = [...board.symbols];
      const outdated = board.size > had || untrack(() => fault) !== null;
      if (!outdated || performance.now() - readAt < READ_EVERY_MS) return;
      readAt = performance.now();
      void symbols.read(leaving.signal);
    };
    priced();
    void symbols.read(leaving.signal);
    const stop = board.watchAll(priced);
    return () => {
      leaving.abort();
      stop();
    };
  },
};
