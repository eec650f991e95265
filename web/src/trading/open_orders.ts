// Orders that are open: which are, in what order they stand, and what of one can be changed. Pure but
// for `readOpenOrders`.

import { listOrders, type Order } from "../api/orders.ts";

const PAGE = 500;
/** The most that an account can have open. */
const ORDERS_MAX = 10_000;

/** Times with any number of decimals, as text. */
export const later = (a: string, b: string): boolean => a.replace("Z", "") > b.replace("Z", "");

/** Newest first, legs after their entry. */
export function inOrder(orders: readonly Order[]): Order[] {
  const of = new Map(orders.map((order) => [order.id, order]));
  const family = (order: Order): string => {
    const parent = order.parent_id === null ? undefined : of.get(order.parent_id);
    return (parent ?? order).created_at;
  };
  return [...orders].sort((a, b) => {
    const [x, y] = [family(a), family(b)];
    if (x !== y) return later(x, y) ? -1 : 1;
    return Number(a.parent_id !== null) - Number(b.parent_id !== null);
  });
}

/** All of them, page after page. */
export async function readOpenOrders(account: string, signal: AbortSignal): Promise<Order[]> {
  const all = new Map<string, Order>();
  let until: string | undefined;
  while (all.size < ORDERS_MAX) {
    const filter = { status: "open", limit: PAGE, direction: "desc" } as const;
    const page = await listOrders(account, { ...filter, ...(until && { until }) }, signal);
    for (const order of page) all.set(order.id, order);
    const oldest = page.at(-1)?.submitted_at;
    if (page.length < PAGE || oldest === undefined || oldest === until) break;
    until = oldest;
  }
  return [...all.values()];
}

/** What of an open order can be changed, as it stands. */
export interface Change {
  readonly qty: string;
  readonly limit_price: string;
  readonly stop_price: string;
  readonly trail: string;
}
export type ChangeField = keyof Change;

export const CHANGE_NAMES: Record<ChangeField, string> = {
  qty: "Quantity",
  stop_price: "Stop price",
  limit_price: "Limit price",
  trail: "Trail",
};

export function changeOf(order: Order): Change {
  return {
    qty: order.qty ?? "",
    limit_price: order.limit_price ?? "",
    stop_price: order.stop_price ?? "",
    trail: order.trail_percent ?? order.trail_price ?? "",
  };
}

/** The fields that the order has; legs and exits change their prices only. */
export function changeable(order: Order): ChangeField[] {
  const prices = (["stop_price", "limit_price", "trail"] as const).filter(
    (field) => changeOf(order)[field] !== "",
  );
  const sized = order.qty !== null && order.parent_id === null && order.order_class !== "oco";
  return sized ? ["qty", ...prices] : prices;
}

/** Only new and partly filled orders can be replaced, and none by amount. */
export const replaceable = (order: Order): boolean =>
  order.notional === null &&
  (order.status === "new" || order.status === "partially_filled") &&
  changeable(order).length > 0;
