import { beforeEach, describe, expect, it } from "vitest";
import { FakeServer } from "./fake_server.ts";
import { Host } from "./host.ts";
import type { ToTab, ToWorker } from "./protocol.ts";
import { TabSide } from "./tab.ts";

let server: FakeServer;
let host: Host;

beforeEach(() => {
  server = new FakeServer();
  host = new Host(server);
});

/** A browser's tab, joined to the host without a border between. */
class Page {
  readonly messages: ToTab[] = [];
  readonly records: string[] = [];
  readonly gaps: string[] = [];
  readonly side: TabSide;
  readonly port = {
    post: (message: ToTab) => {
      this.messages.push(message);
      this.side.receive(message, server.time);
    },
  };

  constructor(account = "paper", visible = true, lastId: string | null = null) {
    this.side = new TabSide((message) => this.send(message), server.time);
    this.side.onRecord("**", (record) => this.records.push(record.id));
    this.side.onGap((reason) => this.gaps.push(reason));
    this.send({ kind: "attach", visible, account, user: null, lastId });
  }
  send(message: ToWorker): void {
    host.receive(this.port, message);
  }
  count(kind: ToTab["kind"]): number {
    return this.messages.filter((message) => message.kind === kind).length;
  }
  fresh() {
    this.side.tick(server.time);
    return this.side.freshness.get();
  }
}

const quote = (price: number) => ({ price, bid: price, ask: price, time: "2026-11-20T15:04:05Z" });
const ids = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, place) => `e-${from + place}`);

describe("one stream for all tabs", () => {
  it("opens one for twelve tabs of one account", async () => {
    const pages = Array.from({ length: 12 }, () => new Page());
    await server.settle();
    expect(server.streams.length).toBe(1);
    server.publish("paper/paper/fills", {});
    expect(pages.every((page) => page.records.length === 1)).toBe(true);
  });

  it("closes it with the last tab", async () => {
    const [first, second] = [new Page(), new Page()];
    await server.settle();
    first.send({ kind: "bye" });
    await server.settle();
    expect(server.open_.length).toBe(1);
    host.detach(second.port);
    await server.settle();
    expect(server.open_.length).toBe(0);
  });

  it("drops tabs that have been silent for long, and takes them back whole", async () => {
    const page = new Page();
    await server.settle();
    server.publish("alerts/high", { severity: "high" });
    server.time += 200_000;
    host.tick();
    await server.settle();
    expect(server.open_.length).toBe(0);
    server.publish("alerts/high", { severity: "high" });
    const { lastId } = page.side;
    page.send({ kind: "attach", visible: true, account: "paper", user: null, lastId });
    await server.settle();
    expect(page.records).toEqual(ids(1, 2));
    expect(page.gaps).toEqual([]);
  });
});

describe("records", () => {
  it("none is lost or doubled when topics change", async () => {
    const page = new Page();
    await server.settle();
    for (let round = 0; round < 20; ++round) {
      server.publish("jobs/backtest/a", { status: "running" });
      // Comes with topics that are not open yet.
      new Page(`account-${round}`);
      server.publish("jobs/backtest/a", { status: "running" });
      await server.settle();
    }
    expect(server.streams.length).toBe(21);
    expect(page.records).toEqual(ids(1, 40));
  });

  it("none is lost or doubled while the server is away", async () => {
    const page = new Page();
    await server.settle();
    server.publish("alerts/low", { severity: "low" });
    server.up = false;
    server.cut();
    for (let one = 0; one < 100; ++one) server.publish("broadcast/ai", {});
    server.up = true;
    await server.settle();
    server.publish("broadcast/ai", {});
    expect(page.records).toEqual(ids(1, 102));
    expect(server.streams.length).toBe(1);
  });

  it("none is lost or doubled when the browser gives up", async () => {
    const page = new Page();
    await server.settle();
    server.publish("broadcast/ai", {});
    server.refuse({ status: 200, retryAfterS: null, body: "" });
    server.publish("broadcast/ai", {});
    await server.settle();
    server.time += 2000;
    host.tick();
    await server.settle();
    server.publish("broadcast/ai", {});
    expect(server.streams.length).toBe(2);
    expect(page.records).toEqual(ids(1, 3));
  });

  it("go on in a new worker where the tab stood", async () => {
    const page = new Page();
    await server.settle();
    server.publish("broadcast/ai", {});
    for (const stream of server.open_) stream.close();
    host = new Host(server);
    server.publish("broadcast/ai", {});
    const { lastId } = page.side;
    page.send({ kind: "attach", visible: true, account: "paper", user: null, lastId });
    await server.settle();
    expect(page.records).toEqual(ids(1, 2));
    expect(page.gaps).toEqual([]);
  });

  it("of another account stay with its tabs", async () => {
    const [mine, other] = [new Page("paper"), new Page("other")];
    await server.settle();
    server.publish("paper/other/orders", { order: { id: "o" } });
    expect(mine.records).toEqual([]);
    expect(other.records).toEqual(ids(1, 1));
    expect(other.side.orders.get("o")?.topic).toBe("paper/other/orders");
  });

  it("that the server no longer has are told", async () => {
    const page = new Page();
    await server.settle();
    server.say({ reason: "expired", requested: "e-1", resumed_at: "e-9", missed: null }, true);
    expect(page.gaps).toEqual(["expired"]);
  });
});

describe("prices", () => {
  it("reach visible tabs; a hidden one gets them all at once when it is shown", async () => {
    const [shown, hidden] = [new Page(), new Page("paper", false)];
    await server.settle();
    server.batch(["market/AAPL", quote(1)], ["market/BTC%2FUSD", quote(5)]);
    server.batch(["market/AAPL", quote(2)]);
    expect(shown.count("quotes")).toBe(3);
    expect(hidden.count("quotes")).toBe(0);
    hidden.send({ kind: "visible", visible: true });
    expect(hidden.count("quotes")).toBe(1);
    for (const { side } of [shown, hidden]) {
      expect(side.market.value(side.market.row("AAPL"), "price")).toBe(2);
      expect(side.market.value(side.market.row("BTC/USD"), "bid")).toBe(5);
    }
  });

  it("equity of the tab's account comes with the next frame, and at once to a new tab", async () => {
    const page = new Page();
    await server.settle();
    server.batch(["paper/paper/equity", { equity: 5 }], ["paper/paper/positions", null]);
    expect(page.side.equityOf("paper").get()).toBe(null);
    page.side.frame(server.time);
    expect(page.side.equityOf("paper").get()).toEqual({ equity: 5 });
    const late = new Page();
    late.side.frame(server.time);
    expect(late.side.equityOf("paper").get()).toEqual({ equity: 5 });
  });
});

describe("a new tab", () => {
  it("gets unfinished jobs and open alerts, also those from before the stream", async () => {
    server.lists.set("/api/v1/backtests?limit=100&status=running", {
      backtests: [{ backtest_id: "old", status: "running", created_at: "2026-11-20T15:00:00Z" }],
    });
    server.lists.set("/api/v1/alerts?acknowledged=false&limit=200", {
      alerts: [{ id: "e-0", timestamp: "2026-11-20T14:00:00Z", data: { severity: "high" } }],
    });
    new Page();
    await server.settle();
    server.publish("jobs/training/new", { status: "running", progress: 4 });
    server.publish("jobs/training/over", { status: "running" });
    server.publish("jobs/training/over", { status: "failed" });
    server.publish("alerts/low", { severity: "low" });
    const late = new Page();
    expect(late.side.jobs.list().map((job) => job.topic)).toEqual([
      "jobs/backtest/old",
      "jobs/training/new",
    ]);
    expect(late.side.alerts.list().map((alert) => alert.id)).toEqual(["e-0", "e-4"]);
    expect(late.records).toEqual([]);
  });

  it("does not see an alert that any tab has acknowledged", async () => {
    const first = new Page();
    await server.settle();
    server.publish("alerts/low", { severity: "low" });
    first.send({ kind: "acknowledged", id: "e-1" });
    expect(first.side.alerts.size).toBe(0);
    expect(new Page().side.alerts.size).toBe(0);
  });
});

describe("the pill", () => {
  it("passes through its states when the server dies and comes back", async () => {
    const page = new Page();
    const seen = [page.fresh().state];
    const look = () => {
      const { state } = page.fresh();
      if (state !== seen.at(-1)) seen.push(state);
    };
    await server.settle();
    look();
    server.time += 1000;
    server.batch(["market/AAPL", quote(1)]);
    look();
    server.up = false;
    server.cut();
    look();
    server.time += 11_000;
    expect(page.fresh().stale).toBe(true);
    server.up = true;
    await server.settle();
    look();
    server.time += 1000;
    server.batch(["market/AAPL", quote(2)]);
    look();
    expect(seen).toEqual(["connecting", "live", "offline", "connecting", "live"]);
  });

  it("is stalled when the line is open and silent, and opens a new one by itself", async () => {
    const page = new Page();
    await server.settle();
    server.heartbeat(10);
    server.time += 10_500;
    expect(page.fresh().state).toBe("stalled");
    expect(page.fresh().staleText).toBe("Prices are 10 s old");
    server.time += 20_000;
    host.tick();
    await server.settle();
    expect(server.streams.length).toBe(2);
    server.heartbeat(10);
    expect(page.fresh().state).toBe("live");
  });

  it("offers to sign in when the token ends, and goes on where it stopped", async () => {
    const page = new Page();
    await server.settle();
    server.publish("broadcast/ai", {});
    server.say({ reason: "expired" }, true);
    expect(page.fresh()).toMatchObject({ state: "offline", wayOut: "sign_in" });
    expect(server.open_.length).toBe(0);
    server.publish("broadcast/ai", {});
    page.send({ kind: "retry" });
    await server.settle();
    expect(page.records).toEqual(ids(1, 2));
  });

  it.each([401, 403, 404, 422])(
    "puts a refusal with %i into words and does not insist",
    async (status) => {
      const page = new Page();
      server.answer = { status, retryAfterS: null, body: '{"detail":"no"}' };
      await server.settle();
      const { state, detail, wayOut } = page.fresh();
      expect(state).toBe("offline");
      expect(detail).not.toBe("");
      expect(wayOut).toBe(status < 404 ? "sign_in" : "retry");
      server.time += 600_000;
      page.send({ kind: "ping" });
      host.tick();
      await server.settle();
      expect(server.streams.length).toBe(1);
    },
  );

  it("goes on without an account that is not this caller's, and says so", async () => {
    const page = new Page();
    server.forbidden = "paper/paper/*";
    await server.settle();
    await server.settle();
    server.heartbeat(10);
    server.publish("broadcast/ai", {});
    expect(page.records).toEqual(ids(1, 1));
    expect(page.fresh()).toMatchObject({ state: "live", wayOut: "sign_in" });
    expect(page.fresh().detail).toContain("paper/paper/*");
    server.forbidden = null;
    page.send({ kind: "user", user: "alice" });
    await server.settle();
    server.heartbeat(10);
    expect(page.fresh()).toMatchObject({ detail: "", wayOut: "none" });
    server.publish("paper/paper/orders", { order: { id: "o" } });
    server.publish("user/alice/ai", {});
    expect(page.records).toEqual(ids(1, 3));
  });

  it("waits as long as a 429 says", async () => {
    const page = new Page();
    server.answer = { status: 429, retryAfterS: 20, body: "" };
    await server.settle();
    expect(page.fresh().detail).toContain("Trying again in 20 s");
    server.answer = { status: 200, retryAfterS: null, body: "" };
    server.time += 19_000;
    host.tick();
    expect(server.streams.length).toBe(1);
    server.time += 1000;
    host.tick();
    await server.settle();
    expect(server.streams.length).toBe(2);
    expect(page.fresh().state).toBe("connecting");
  });
});

describe("inspecting", () => {
  it("shows records and state of any topic, to that tab only", async () => {
    const [mine, other] = [new Page(), new Page()];
    const seen: string[] = [];
    const stop = mine.side.inspect("sensors/**", {
      events: (events) => seen.push(...events.map((event) => `${event.class} ${event.topic}`)),
      refused: () => undefined,
    });
    await server.settle();
    server.publish("sensors/a/b", 1);
    server.batch(["sensors/c", 2], ["market/AAPL", quote(1)]);
    expect(seen).toEqual(["record sensors/a/b", "state sensors/c"]);
    expect(other.count("inspected")).toBe(0);
    expect(other.records).toEqual([]);
    stop();
    await server.settle();
    expect(server.open_[0]?.url.searchParams.get("topics")).not.toContain("sensors");
  });

  it("of more than the server takes is refused, and the rest goes on", async () => {
    const page = new Page();
    const words: string[] = [];
    const shown = { events: () => undefined, refused: (why: string) => words.push(why) };
    for (let one = 0; one < 100; ++one) page.side.inspect(`sensors/${one}`, shown);
    await server.settle();
    expect(words.length).toBe(5);
    const topics = server.open_[0]?.url.searchParams.get("topics")?.split(",") ?? [];
    expect(topics.length).toBe(100);
    expect(topics).toContain("market/*");
  });

  it("of what is not allowed ends the inspection, not the stream", async () => {
    const page = new Page();
    const words: string[] = [];
    await server.settle();
    page.side.inspect("user/bob/*", {
      events: () => undefined,
      refused: (why) => words.push(why),
    });
    server.forbidden = "user/bob/*";
    await server.settle();
    await server.settle();
    expect(words).toHaveLength(1);
    expect(words[0]).toContain("user/bob/*");
    server.publish("broadcast/ai", {});
    expect(page.records).toEqual(ids(1, 1));
  });
});
