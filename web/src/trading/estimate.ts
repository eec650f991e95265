// What an order will cost and leave, for showing: the server decides by its own numbers. Pure.

import { shown } from "../format/numbers.ts";
import { asked, type Draft } from "./draft.ts";

export interface Prices {
  readonly bid: number;
  readonly ask: number;
}

export interface Power {
  readonly buying_power: string;
  readonly non_marginable_buying_power: string;
}

export interface Estimate {
  /** At its limit, else its stop, else what the market asks; NaN: not known. */
  readonly value: number;
  readonly quantity: number;
  /** It makes a position smaller, and needs no buying power. */
  readonly reduces: boolean;
  readonly power: number;
  /** Buying power after it. */
  readonly left: number;
}

const plain = (text: string): number => shown(text.replaceAll(",", ""));

/** `held`: the quantity of the position, below 0 when short. */
export function estimate(
  draft: Draft,
  prices: Prices,
  held: number,
  power: Power | null,
  crypto: boolean,
): Estimate {
  const fields = asked(draft);
  const written =
    draft.class === "oco"
      ? plain(draft.takeProfit)
      : fields.has("limit")
        ? plain(draft.limit)
        : fields.has("stop")
          ? plain(draft.stop)
          : Number.NaN;
  const price = written > 0 ? written : draft.side === "buy" ? prices.ask : prices.bid;
  const size = plain(draft.size);
  const value = draft.sizeBy === "qty" ? size * price : size;
  const quantity = draft.sizeBy === "qty" ? size : size / price;
  const reduces = draft.side === "buy" ? held < 0 : held > 0;
  const now = shown(crypto ? power?.non_marginable_buying_power : power?.buying_power);
  return { value, quantity, reduces, power: now, left: reduces ? now : now - value };
}
