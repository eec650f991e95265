// How many decimals the prices of a symbol are shown with: as many as its finest price so far, so
// that digits stay below each other. Beyond what its size makes readable they are left out.

import { decimalsOf } from "../format/numbers.ts";

export class PriceDecimals {
  readonly #finest = new Map<string, number>();

  of(symbol: string, ...prices: readonly number[]): number {
    let finest = this.#finest.get(symbol) ?? 2;
    for (const price of prices) {
      if (!Number.isFinite(price)) continue;
      const most =
        Math.abs(price) >= 1000 ? 2 : Math.abs(price) >= 1 ? 4 : Math.abs(price) >= 0.001 ? 8 : 9;
      finest = Math.max(finest, Math.min(most, decimalsOf(price)));
    }
    this.#finest.set(symbol, finest);
    return finest;
  }
}

/** One memory for the page: list, header and chart show the same digits. */
export const priceDecimals = new PriceDecimals();
