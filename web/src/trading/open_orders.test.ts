import { describe, expect, it } from "vitest";

import type { Order } from "../api/orders";
import type { StreamRecord } from "../stream/protocol";
import { OpenOrderBook } from "./open_order_book";
import { changeable, inOrder, replaceable } from "./open_orders";

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
const record = (of: Order): StreamRecord => ({
  id: `e-${of.id}`,
  topic: "paper/paper/orders",
  type: of.status,
  time: of.updated_at,
  data: { order: of },
});

/** A book whose lists are given by hand, and records by `told`. */
class Bench {
  book: OpenOrderBook;
  #listen: (record: StreamRecord) => void = () => undefined;
  #answer: ((orders: readonly Order[]) => void)[] = [];
  patterns: string[] = [];

  constructor(account = "paper") {
    const onRecord = (pattern: string, listen: (record: StreamRecord) => void) => {
      this.patterns.push(pattern);
      this.#listen = listen;
      return () => {
        this.#listen = () => undefined;
      };
    };
    this.book = new OpenOrderBook(
      account,
      { onRecord },
      (signal) =>
        new Promise((resolve, reject) => {
          this.#answer.push(resolve);
          signal.addEventListener("abort", () => reject(signal.reason));
        }),
    );
  }
  told(...orders: Order[]): void {
    for (const each of orders) this.#listen(record(each));
  }
  answer(...orders: Order[]): void {
    this.#answer.shift()?.(orders);
  }
  async listed(...orders: Order[]): Promise<void> {
    const read = this.book.read();
    this.answer(...orders);
    expect(await read).toBe(null);
  }
  get ids(): string[] | null {
    return this.book.list()?.map(({ id }) => id) ?? null;
  }
}

describe("open orders", () => {
  it("are the list and what came since", async () => {
    const bench = new Bench("a/b");
    expect(bench.patterns).toEqual(["paper/a%2Fb/*"]);
    expect(bench.ids).toBe(null);
    await bench.listed(order("a"));
    bench.told(order("b", { created_at: "2026-11-20T15:00:00.5Z" }));
    expect(bench.ids).toEqual(["b", "a"]);
    expect(bench.book.changes.get()).toBe(2);
  });

  it("lose those that have ended, also when the list is older", async () => {
    const bench = new Bench();
    const ended = ["filled", "canceled", "expired", "replaced", "rejected"] as const;
    for (const status of ended) {
      await bench.listed(order("a"));
      bench.told(order("a", { status }));
      expect(bench.ids).toEqual([]);
      const read = bench.book.read();
      bench.told(order("b"), order("b", { status }));
      bench.answer(order("b"), order("c"));
      await read;
      expect(bench.ids).toEqual(["c"]);
    }
  });

  it("stay, however many others come and go", async () => {
    const bench = new Bench();
    await bench.listed(order("a"));
    bench.told(order("a", { status: "canceled" }), order("g"));
    for (let i = 0; i < 3000; i++) {
      bench.told(order(`x${i}`), order(`x${i}`, { status: "filled" }));
    }
    expect(bench.ids).toEqual(["g"]);
  });

  it("are what the list says after records were lost", async () => {
    const bench = new Bench();
    await bench.listed();
    bench.told(order("g"));
    await bench.listed();
    expect(bench.ids).toEqual([]);
  });

  it("show the newer of two states", async () => {
    const bench = new Bench();
    const newer = order("a", { filled_qty: "4", updated_at: "2026-11-20T15:00:01.25Z" });
    const older = order("a", { filled_qty: "2", updated_at: "2026-11-20T15:00:01.2Z" });
    const filled = () => bench.book.list()?.[0]?.filled_qty;
    for (const [listed, told] of [
      [newer, older],
      [older, newer],
    ] as const) {
      const read = bench.book.read();
      bench.told(told);
      bench.answer(listed);
      await read;
      expect(filled()).toBe("4");
    }
  });

  it("of which one is cancelled or replaced by hand go at once", async () => {
    const bench = new Bench();
    await bench.listed(order("a"), order("b"));
    bench.book.gone("a", null, null);
    expect(bench.ids).toEqual(["b"]);
    bench.book.gone("b", order("c"), null);
    expect(bench.ids).toEqual(["c"]);
    // What replaces it was filled before the answer came.
    bench.book.gone("c", order("d"), order("d", { status: "filled" }));
    expect(bench.ids).toEqual([]);
  });

  it("are of the newest list, and of none once it is stopped", async () => {
    const bench = new Bench();
    const first = bench.book.read();
    const second = bench.book.read();
    bench.answer(order("old"));
    bench.answer(order("new"));
    expect([await first, await second]).toEqual([null, null]);
    expect(bench.ids).toEqual(["new"]);
    const third = bench.book.read();
    bench.book.stop();
    expect(await third).toBe(null);
    bench.told(order("late"));
    expect(bench.ids).toEqual(["new"]);
  });

  it("say why they could not be read, and stay", async () => {
    const fault = new Error("no");
    const book = new OpenOrderBook("paper", { onRecord: () => () => undefined }, () =>
      Promise.reject(fault),
    );
    expect(await book.read()).toBe(fault);
    expect(book.list()).toBe(null);
  });

  it("keep legs after their entry", () => {
    const entry = order("entry");
    const leg = order("leg", { parent_id: "entry", status: "held" });
    const newer = order("newer", { created_at: "2026-11-20T16:00:00Z" });
    expect(inOrder([leg, entry, newer]).map(({ id }) => id)).toEqual(["newer", "entry", "leg"]);
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
