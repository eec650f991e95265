// Opens the order ticket from anywhere: a row, the chart, a key, the palette. Where the page shows
// the ticket it is filled there, elsewhere it comes as a dialog above the page.
//
//   openTicket({ symbol: "AAPL", side: "buy", type: "limit", price: "101.25", quantity: "10" })

import type { OrderType } from "../api/orders.ts";
import { Value } from "../stream/value.ts";

export interface TicketWish {
  readonly symbol?: string;
  readonly side?: "buy" | "sell";
  readonly type?: OrderType;
  /** The limit of a limit order, the stop of a stop; as text, as a person would type it. */
  readonly price?: string;
  readonly quantity?: string;
}

/** What the ticket is to be filled with; null: nobody waits for it. */
export const ticketWish = new Value<TicketWish | null>(null);
/** The page shows a ticket of its own, and no dialog is needed. */
export const ticketDocked = new Value(false);

export function openTicket(wish: TicketWish = {}): void {
  ticketWish.set({ ...wish });
}
