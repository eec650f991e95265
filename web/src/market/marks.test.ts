import { describe, expect, it } from "vitest";

import { isOpen, type Order } from "../api/orders.ts";
import { type Fill, fillMarks, fillOfRecord, orderLines } from "./marks.ts";

const fill = (time: number, side: "buy" | "sell", quantity: number): Fill => ({
  id: `${time}${side}${quantity}`,
  time,
  side,
  quantity,
  price: 10,
});

const order = (fields: Partial<Order>) =>
  ({ id: "o1", side: "buy", qty: "10", filled_qty: "0", status: "new", ...fields }) as Order;

describe("fills", () => {
  it("stand at the bar that holds them, one mark a side", () => {
    const fills = [
      fill(61, "buy", 0.1),
      fill(119, "buy", 0.2),
      fill(65, "sell", 1),
      fill(5, "buy", 3),
    ];
    expect(fillMarks(fills, [0, 60, 120])).toEqual([
      { time: 0, side: "buy", quantity: 3, price: 10 },
      { time: 60, side: "buy", quantity: 0.3, price: 10 },
      { time: 60, side: "sell", quantity: 1, price: 10 },
    ]);
  });

  it("before the first bar have no place yet", () => {
    expect(fillMarks([fill(5, "buy", 1)], [60])).toEqual([]);
    expect(fillMarks([fill(5, "buy", 1)], [])).toEqual([]);
  });

  it("are read from records; other events of an order are none", () => {
    const told = {
      execution_id: "e1",
      timestamp: "1970-01-01T00:00:07Z",
      qty: "2.5",
      price: "101.25",
      order: order({ side: "sell" }),
    };
    const record = { id: "1", topic: "paper/p/fills", type: "fill", time: "", data: told };
    expect(fillOfRecord(record)).toEqual({
      id: "e1",
      time: 7,
      side: "sell",
      quantity: 2.5,
      price: 101.25,
    });
    expect(fillOfRecord({ ...record, data: { ...told, execution_id: null } })).toBeNull();
    expect(fillOfRecord({ ...record, data: null })).toBeNull();
  });
});

describe("orders", () => {
  it("are lines at their limit, with what is left of them", () => {
    const [line, ...more] = orderLines(order({ limit_price: "101.5", filled_qty: "2.5" }));
    expect(line).toMatchObject({ price: 101.5, title: "Buy 7.5 limit", stop: false });
    expect(more).toEqual([]);
  });

  it("have a second line for a stop until it is reached", () => {
    const stopLimit = { limit_price: "99", stop_price: "100", side: "sell" } as const;
    expect(orderLines(order(stopLimit)).map(({ title }) => title)).toEqual([
      "Sell 10 limit",
      "Sell 10 stop",
    ]);
    expect(orderLines(order({ ...stopLimit, triggered: true }))).toHaveLength(1);
  });

  it("at the market have none", () => {
    expect(orderLines(order({ limit_price: null, stop_price: null }))).toEqual([]);
  });

  it("are open until they are over", () => {
    expect(isOpen(order({ status: "partially_filled" }))).toBe(true);
    expect(isOpen(order({ status: "held" }))).toBe(true);
    expect(isOpen(order({ status: "replaced" }))).toBe(false);
  });
});
