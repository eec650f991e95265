import { describe, expect, it } from "vitest";

import type { Order } from "../api/orders";
import type { StreamRecord } from "../stream/protocol";
import { changeable, openOrders, replaceable } from "./open_orders";

const order = (id: string, fields: Partial<Order> = {}): Order =>
  ({
    id,
    symbol: "AAPL",
    status: "new",
    qty: "10",
    notional: null,
    limit_price: "187.2",
    stop_price: null,
    trail_percent: null,
    trail_price: null,
    parent_id: null,
    order_class: "simple",
    created_at: "2026-11-20T15:00:00Z",
    updated_at: "2026-11-20T15:00:00Z",
    ...fields,
  }) as Order;
const record = (of: Order, account = "paper"): StreamRecord => ({
  id: `e-${of.id}`,
  topic: `paper/${account}/orders`,
  type: of.status,
  time: of.updated_at,
  data: { order: of },
});
const ids = (orders: readonly Order[]) => orders.map((each) => each.id);

describe("open orders", () => {
  it("are the list and what came since", () => {
    const newer = order("b", { created_at: "2026-11-20T15:00:00.5Z" });
    expect(ids(openOrders([order("a")], [record(newer)], "paper"))).toEqual(["b", "a"]);
  });

  it("lose those that have ended, also when the list is older", () => {
    const ended = ["filled", "canceled", "expired", "replaced", "rejected"] as const;
    for (const status of ended) {
      expect(openOrders([order("a")], [record(order("a", { status }))], "paper")).toEqual([]);
    }
  });

  it("show the newer of two states", () => {
    const listed = order("a", { filled_qty: "4", updated_at: "2026-11-20T15:00:01.25Z" });
    const told = order("a", { filled_qty: "2", updated_at: "2026-11-20T15:00:01.2Z" });
    expect(openOrders([listed], [record(told)], "paper")[0]?.filled_qty).toBe("4");
    expect(openOrders([told], [record(listed)], "paper")[0]?.filled_qty).toBe("4");
  });

  it("are of one account", () => {
    expect(openOrders([], [record(order("a"), "other")], "paper")).toEqual([]);
    expect(ids(openOrders([], [record(order("a"), "a%2Fb")], "a/b"))).toEqual(["a"]);
  });

  it("keep legs after their entry", () => {
    const entry = order("entry");
    const leg = order("leg", { parent_id: "entry", status: "held" });
    const newer = order("newer", { created_at: "2026-11-20T16:00:00Z" });
    expect(ids(openOrders([leg, entry, newer], [], "paper"))).toEqual(["newer", "entry", "leg"]);
  });
});

it("can be changed in what they have", () => {
  expect(changeable(order("a"))).toEqual(["qty", "limit_price"]);
  expect(changeable(order("a", { limit_price: null, trail_percent: "2" }))).toEqual([
    "qty",
    "trail",
  ]);
  expect(changeable(order("a", { parent_id: "b" }))).toEqual(["limit_price"]);
  expect(replaceable(order("a", { status: "accepted" }))).toBe(false);
  expect(replaceable(order("a", { notional: "50" }))).toBe(false);
});
