// Whose records and state a tab is shown, when users, accounts and tapes change.

import { beforeEach, describe, expect, it } from "vitest";
import { FakeServer } from "./fake_server.ts";
import { Host } from "./host.ts";
import type { ToTab } from "./protocol.ts";
import { TabSide } from "./tab.ts";

const OPEN_ALERTS = "/api/v1/alerts?acknowledged=false&limit=200";
const oneAlert = {
  alerts: [{ id: "e-1", timestamp: "2026-11-20T14:00:00Z", data: { severity: "high" } }],
};

let server: FakeServer;
let host: Host;

beforeEach(() => {
  server = new FakeServer();
  host = new Host(server);
});

class Page {
  readonly told: string[] = [];
  readonly gaps: string[] = [];
  readonly side = new TabSide((message) => host.receive(this.port, message), server.time);
  readonly port = { post: (message: ToTab) => this.side.receive(message, server.time) };

  constructor(account: string, user: string | null = null, lastId: string | null = null) {
    this.side.onRecord("**", (record) => this.told.push(record.topic));
    this.side.onGap((reason) => this.gaps.push(reason));
    this.attach(account, user, lastId);
  }
  attach(account: string, user: string | null, lastId: string | null): void {
    host.receive(this.port, { kind: "attach", visible: true, account, user, lastId });
  }
  /** As the client does when somebody else signs in. */
  becomes(user: string | null): void {
    this.side.forgetUser(user, server.time);
    host.receive(this.port, { kind: "user", user });
  }
  equity(account: string): unknown {
    server.time += 100;
    this.side.frame(server.time);
    return this.side.equityOf(account).get();
  }
}

describe("a tab that comes back", () => {
  it("is told what it has missed of its own account and user only", async () => {
    const [mine, other] = [new Page("a", "alice"), new Page("b", "bob")];
    await server.settle();
    server.publish("broadcast/ai", {});
    const { lastId } = mine.side;
    host.detach(mine.port);
    await server.settle();
    server.publish("paper/b/fills", { order: { id: "o" } });
    server.publish("user/bob/security", {});
    server.publish("jobs/backtest/x", { status: "running" });
    expect(other.told).toHaveLength(4);
    mine.attach("a", "alice", lastId);
    expect(mine.told).toEqual(["broadcast/ai", "jobs/backtest/x"]);
    expect(mine.side.orders.size + mine.side.fills.size + mine.side.notices.size).toBe(1);
    expect(mine.gaps).toEqual([]);
  });

  it("misses nothing when another tab has begun the stream an instant before", async () => {
    for (let one = 0; one < 3; ++one) server.publish("broadcast/ai", {});
    new Page("a");
    // The stream is open, and has told nothing yet.
    host.tick();
    const [first] = server.takeSoon();
    first?.();
    const late = new Page("a", null, "e-1");
    await server.settle();
    server.publish("broadcast/ai", {});
    expect(late.told).toHaveLength(3);
    expect(late.gaps).toEqual([]);
  });

  it("is not told of a job as it was before what it knows", async () => {
    const page = new Page("a");
    await server.settle();
    server.publish("jobs/backtest/x", { status: "running" });
    server.publish("jobs/backtest/x", { status: "completed" });
    const known = page.side.jobs.get("jobs/backtest/x");
    const running = { ...server.tape[0], id: "e-1", time: "2026-11-20T15:04:05Z" };
    page.side.receive(
      { kind: "seeded", jobs: [running as NonNullable<typeof known>], alerts: [] },
      server.time,
    );
    expect(page.side.jobs.get("jobs/backtest/x")).toBe(known);
  });
});

describe("another user", () => {
  it("sees nothing of the one before", async () => {
    const page = new Page("a", "alice");
    await server.settle();
    server.batch(["paper/a/equity", { equity: 5 }]);
    server.publish("paper/a/fills", { order: { id: "o" } });
    server.publish("user/alice/security", {});
    server.publish("alerts/high", { severity: "high" });
    expect(page.equity("a")).toEqual({ equity: 5 });
    server.answer = { status: 401, retryAfterS: null, body: "" };
    page.becomes(null);
    await server.settle();
    const { orders, fills, alerts, notices } = page.side;
    expect([orders, fills, alerts, notices].map(({ size }) => size)).toEqual([0, 0, 0, 0]);
    expect(page.equity("a")).toBe(null);
    // Nor does a tab that is opened now.
    const late = new Page("a", null, "e-0");
    expect(late.told).toEqual([]);
    expect(late.side.alerts.size).toBe(0);
    expect(late.equity("a")).toBe(null);
  });

  it("is not told what was on its way to the one before", async () => {
    const page = new Page("a", "alice");
    await server.settle();
    page.side.forgetUser(null, server.time);
    server.batch(["paper/a/equity", { equity: 5 }]);
    server.publish("user/alice/security", {});
    server.publish("jobs/training/x", { status: "running" });
    host.receive(page.port, { kind: "user", user: null });
    // The stream that is open is still hers.
    server.batch(["paper/a/equity", { equity: 6 }]);
    expect(page.equity("a")).toBe(null);
    expect(page.told).toEqual(["jobs/training/x"]);
    await server.settle();
    server.batch(["paper/a/equity", { equity: 7 }]);
    expect(page.equity("a")).toEqual({ equity: 7 });
  });

  it("is not told that the one before was refused", async () => {
    const page = new Page("a", "alice");
    await server.settle();
    const wayOut = () => {
      page.side.tick(server.time);
      return page.side.freshness.get().wayOut;
    };
    server.answer = { status: 401, retryAfterS: null, body: "" };
    page.becomes(null);
    await server.settle();
    expect(wayOut()).toBe("sign_in");
    server.answer = { status: 200, retryAfterS: null, body: "" };
    page.side.forgetUser("bob", server.time);
    host.receive(page.port, { kind: "ping" });
    expect(wayOut()).toBe("none");
    host.receive(page.port, { kind: "user", user: "bob" });
    host.receive(page.port, { kind: "ping" });
    expect(wayOut()).toBe("none");
    await server.settle();
    expect(page.side.freshness.get().state).not.toBe("offline");
  });

  it("is not told of lists that were read for the one before", async () => {
    server.lists.set(OPEN_ALERTS, oneAlert);
    const page = new Page("a", "alice");
    let go = (): void => undefined;
    server.held = new Promise((done) => (go = done));
    await server.settle();
    server.lists.delete(OPEN_ALERTS);
    page.becomes("bob");
    go();
    await server.settle();
    expect(page.side.alerts.size).toBe(0);
  });

  it("is told what there is to know by the next connection", async () => {
    server.lists.set(OPEN_ALERTS, oneAlert);
    const page = new Page("a", "alice");
    await server.settle();
    page.becomes("bob");
    await server.settle();
    expect(page.side.alerts.list().map(({ id }) => id)).toEqual(["e-1"]);
    server.publish("user/bob/security", {});
    server.publish("user/alice/security", {});
    expect(page.told).toEqual(["user/bob/security"]);
  });
});

it("of another tape begin the lists anew", async () => {
  const page = new Page("a");
  await server.settle();
  server.publish("alerts/high", { severity: "high" });
  server.publish("jobs/training/x", { status: "running" });
  server.say({ reason: "unknown_epoch", requested: "e-2", resumed_at: "f-0" }, true);
  expect(page.gaps).toEqual(["unknown_epoch"]);
  expect(page.side.alerts.size + page.side.jobs.size).toBe(0);
  server.publish("alerts/low", { severity: "low" });
  expect(page.side.alerts.size).toBe(1);
  // Records that are no longer kept change nothing of what is known.
  server.say({ reason: "expired", requested: "e-1", resumed_at: "e-2" }, true);
  expect(page.side.alerts.size).toBe(1);
});
