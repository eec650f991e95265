// Why an order was refused, by the server's codes, and what to do about it. Pure.

export const ADVICE: Readonly<Record<string, string>> = {
  insufficient_buying_power: "Make the order smaller, or close something first.",
  insufficient_qty: "Open orders hold the rest: cancel them, or ask for less.",
  account_halted: "Trading is halted: resume it with the kill switch.",
  account_reducing: "Only orders that make positions smaller are taken now.",
  short_not_allowed: "There is none to sell, and it cannot be sold short.",
  no_price: "The symbol has no price yet: wait for the first one.",
  price_collar: "The price is too far from the market: see Risk, limits.",
  max_order_value: "The order is larger than the limit: see Risk, limits.",
  max_order_qty: "The order is larger than the limit: see Risk, limits.",
  order_rate: "Too many orders within a second: wait a moment.",
  concentration: "One position would be too large: see Risk, limits.",
  gross_exposure: "The account would hold too much in all: see Risk, limits.",
  net_exposure: "Too much would be on one side: see Risk, limits.",
};

/** "insufficient_buying_power" as sentences. */
export function wordsOfReason(code: string): string {
  const cause = code.charAt(0).toUpperCase() + code.slice(1).replaceAll("_", " ");
  return `${cause}. ${ADVICE[code] ?? ""}`.trim();
}
