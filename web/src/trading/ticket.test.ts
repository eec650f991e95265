import { expect, it } from "vitest";

import { EMPTY_DRAFT, filled } from "./draft";
import { openTicket, ticketWish } from "./ticket";

const draft = { ...EMPTY_DRAFT, symbol: "AAPL", type: "limit", limit: "187.2", size: "5" } as const;

it("fills the ticket with what is wished for", () => {
  expect(
    filled(EMPTY_DRAFT, { symbol: "AAPL", side: "sell", price: "190", quantity: "3" }),
  ).toEqual({
    ...EMPTY_DRAFT,
    symbol: "AAPL",
    side: "sell",
    type: "limit",
    limit: "190",
    size: "3",
  });
  expect(filled(EMPTY_DRAFT, { type: "stop", price: "180" })).toMatchObject({
    stop: "180",
    limit: "",
  });
});

it("keeps what was written for the same symbol, and no price of another one", () => {
  expect(filled(draft, { symbol: "AAPL", side: "sell" })).toEqual({ ...draft, side: "sell" });
  expect(filled(draft, { symbol: "TSLA" })).toMatchObject({ limit: "", size: "5" });
});

it("tells again when the same is wished for again", () => {
  let told = 0;
  const stop = ticketWish.subscribe(() => told++);
  openTicket({ symbol: "AAPL" });
  openTicket({ symbol: "AAPL" });
  stop();
  expect(told).toBe(3);
});
