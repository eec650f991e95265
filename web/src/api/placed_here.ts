// The client_order_ids of orders that this page itself has placed: what becomes of them is told where
// they were placed.

export const placedHere = new Set<string>();
