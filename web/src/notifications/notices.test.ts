import { describe, expect, it } from "vitest";

import { placedHere } from "../api/placed_here.ts";
import type { StreamRecord } from "../stream/protocol.ts";
import { CATEGORIES, CATEGORY_NAMES, choose, goes, isChoices, WAYS } from "./categories.ts";
import { type Notice, noticeOf } from "./notice.ts";
import {
  added,
  cleared,
  EMPTY_BOOK,
  isFor,
  isNoticeBook,
  NOTICES_MAX,
  read,
  unreadCount,
  withFact,
} from "./notice_book.ts";
import { Once } from "./once.ts";
import { accountNotice, connectionFact, sessionNotice } from "./own_notices.ts";

const record = (topic: string, type: string, data: unknown, id = "e-1"): StreamRecord => ({
  id,
  topic,
  type,
  time: "2026-11-20T15:04:05Z",
  data,
});

const notice = (id: string, time = 0, more: Partial<Notice> = {}): Notice => ({
  id,
  category: "data_sync",
  tone: "info",
  title: id,
  text: "",
  time,
  href: "",
  ...more,
});

const ids = (notices: readonly Notice[]) => notices.map(({ id }) => id);

describe("the book of notices", () => {
  it("has each id once, newest first, whoever tells it", () => {
    const one = added(EMPTY_BOOK, [notice("a", 1), notice("c", 3)]);
    const two = added(one, [notice("b", 2), notice("a", 1), notice("b", 2)]);
    expect(ids(two.notices)).toEqual(["c", "b", "a"]);
    expect(unreadCount(two.notices)).toBe(3);
    expect(added(two, [notice("c", 3)])).toBe(two);
  });

  it("is told to those whom it concerns, whoever uses the browser", () => {
    const [common, hers] = [notice("a"), notice("b", 0, { of: "alice" })];
    const seen = (sub?: string) => [common, hers].filter((each) => isFor(each, sub));
    expect(ids(seen("alice"))).toEqual(["a", "b"]);
    expect(ids(seen("bob"))).toEqual(["a"]);
    expect(ids(seen())).toEqual(["a"]);
    expect(isNoticeBook({ ...EMPTY_BOOK, notices: [common, hers] })).toBe(true);
    expect(isNoticeBook({ ...EMPTY_BOOK, notices: [{ ...hers, of: 1 }] })).toBe(false);
  });

  it("is bounded, and what had no room does not come back", () => {
    const many = Array.from({ length: NOTICES_MAX + 20 }, (_, i) => notice(`n${i}`, i));
    const book = added(EMPTY_BOOK, many);
    expect(book.notices).toHaveLength(NOTICES_MAX);
    expect(book.notices[0]?.id).toBe(`n${NOTICES_MAX + 19}`);
    expect(added(book, [notice("n0", 0)])).toBe(book);
  });

  it("does not bring back what was cleared when a slower tab tells it", () => {
    const book = cleared(added(EMPTY_BOOK, [notice("a"), notice("b")]), ({ id }) => id === "a");
    expect(ids(book.notices)).toEqual(["b"]);
    expect(ids(added(book, [notice("a"), notice("c", 1)]).notices)).toEqual(["c", "b"]);
  });

  it("keeps what was read when it is told again", () => {
    const book = read(added(EMPTY_BOOK, [notice("a"), notice("b")]), ({ id }) => id === "a");
    expect(unreadCount(book.notices)).toBe(1);
    expect(unreadCount(added(book, [notice("a")]).notices)).toBe(1);
  });

  it("holds one entry of a thread, the newest", () => {
    const book = added(EMPTY_BOOK, [
      notice("a", 1, { thread: "t" }),
      notice("b", 2, { thread: "t" }),
      notice("c", 3),
    ]);
    expect(ids(book.notices)).toEqual(["c", "b"]);
    expect(ids(added(book, [notice("d", 4, { thread: "t" })]).notices)).toEqual(["d", "c"]);
    expect(ids(added(book, [notice("a", 1, { thread: "t" })]).notices)).toEqual(["c", "b"]);
  });

  it("tells a fact when it is another one than before", () => {
    const first = withFact(EMPTY_BOOK, "account paper", "ACTIVE");
    expect(first?.facts).toEqual({ "account paper": "ACTIVE" });
    expect(first && withFact(first, "account paper", "ACTIVE")).toBeNull();
    expect(first && withFact(first, "account paper", "HALTED")?.facts["account paper"]).toBe(
      "HALTED",
    );
  });

  it("is not taken from a storage that holds something else", () => {
    const good = added(EMPTY_BOOK, [notice("a")]);
    expect(isNoticeBook(JSON.parse(JSON.stringify(good)))).toBe(true);
    for (const bad of [null, [], {}, { ...good, gone: [1] }, { ...good, notices: [{ id: 1 }] }]) {
      expect(isNoticeBook(bad)).toBe(false);
    }
    const unknown = { ...notice("a"), category: "weather" };
    expect(isNoticeBook({ ...good, notices: [unknown] })).toBe(false);
  });
});

describe("ways", () => {
  it("cannot be closed for what matters", () => {
    const choices = Object.fromEntries(CATEGORY_NAMES.map((name) => [name, []]));
    const open = CATEGORY_NAMES.filter((name) => WAYS.some((way) => goes(choices, name, way)));
    expect(open).toEqual(["halt", "rejected", "session"]);
  });
  it("are a category's own until they are chosen, one by one", () => {
    const choices = choose({}, "risk", "sound", false);
    expect(goes(choices, "risk", "sound")).toBe(false);
    expect(goes(choices, "risk", "toast")).toBe(true);
    expect(goes(choices, "ai", "list")).toBe(true);
    expect(isChoices(choices)).toBe(true);
    expect(isChoices({ risk: ["smoke"] })).toBe(false);
    expect(isChoices({ weather: [] })).toBe(false);
  });
});

describe("a record as a notice", () => {
  it("of a user is in the category of its topic, with counts in words", () => {
    const data = { connection_id: "c1", account_count: 1 };
    expect(noticeOf(record("user/alice/data_sync", "sync.accounts.completed", data))).toEqual({
      id: "e-1",
      time: Date.parse("2026-11-20T15:04:05Z"),
      category: "data_sync",
      tone: "good",
      title: "Accounts fetched",
      text: "1 account · connection c1",
      href: "",
    });
  });
  it("of a broadcast too", () => {
    const data = { reason: "bad password" };
    const told = noticeOf(record("broadcast/security", "security.login.failed", data));
    expect(told).toMatchObject({ category: "security", tone: "bad", text: "bad password" });
  });
  it("of an ending session cannot be muted", () => {
    const data = { session_id: "s", expires_in_seconds: 90 };
    const told = noticeOf(record("user/a/security", "security.session.expiring", data));
    expect(told).toMatchObject({ category: "session", text: "in 1:30" });
    expect(CATEGORIES[told?.category ?? "ai"]).toHaveProperty("always", true);
  });
  it("of a refused order says which and why", () => {
    const data = {
      order: { side: "buy", qty: "10", symbol: "AAPL", type: "limit" },
      reason: "account_halted",
    };
    expect(noticeOf(record("paper/my%20desk/orders", "rejected", data))).toMatchObject({
      category: "rejected",
      title: "Order refused: buy 10 AAPL limit",
      text: "Account halted. Trading is halted: resume it with the kill switch. · my desk",
      many: "orders refused in my desk",
    });
    expect(noticeOf(record("paper/paper/orders", "new", data))).toBeNull();
  });
  it("of an order that this page placed is for the list only, as the ticket shows it", () => {
    const order = { side: "buy", qty: "1", symbol: "AAPL", type: "market", id: "o-1" };
    const told = (client_order_id: string) =>
      noticeOf(
        record("paper/paper/orders", "rejected", {
          order: { ...order, client_order_id },
          reason: "concentration",
        }),
      );
    placedHere.add("mine");
    expect(told("mine")).toHaveProperty("thread");
    expect(told("theirs")).not.toHaveProperty("thread");
    expect(told("theirs")?.text).toContain("One position would be too large");
  });
  it("of a job only when it has ended", () => {
    const job = (status: string) =>
      noticeOf(record("jobs/backtest/bt-7", "backtest_progress", { status }));
    expect(job("running")).toBeNull();
    expect(job("failed")).toMatchObject({ tone: "bad", href: "#/jobs/backtest/bt-7" });
  });
  it("of a broken limit is in percent, of other alerts as they say it", () => {
    const data = {
      alert_type: "gross_limit",
      severity: "high",
      message: "gross of paper is 0.75, over its limit 0.3; trading is halted",
      metric_value: 0.75,
      threshold: 0.3,
      entity_id: "paper",
    };
    expect(noticeOf(record("alerts/high", "risk_alert", data))).toMatchObject({
      tone: "bad",
      title: "High alert",
      text: "Gross exposure of paper is 75.00 %, over its limit of 30.00 %; trading is halted",
    });
    const other = { ...data, alert_type: "feed_delay" };
    expect(noticeOf(record("alerts/low", "risk_alert", other))?.text).toBe(data.message);
  });
  it("of many parts is one thread", () => {
    const part = { conversation_id: "k", chunk: "a", is_final: false };
    const told = noticeOf(record("user/a/ai", "ai.response.chunk", part));
    expect(told?.thread).toBe("ai k");
  });
});

describe("what the page finds out by itself", () => {
  const claims = { sub: "alice", expiresAt: 1_000_000, scope: "" };
  const live = { state: "live", wayOut: "none", detail: "" } as const;
  const out = { state: "offline", wayOut: "sign_in", detail: "Your session was ended." } as const;

  it("tells of a session's end five minutes before, and at the end", () => {
    expect(sessionNotice(null, live, 0)).toBeNull();
    expect(sessionNotice(claims, live, 1_000_000 - 301_000)).toBeNull();
    const soon = sessionNotice(claims, live, 1_000_000 - 120_000);
    expect(soon).toMatchObject({ category: "session", text: expect.stringMatching(/^In 2 min/) });
    const ended = sessionNotice(claims, live, 1_000_000);
    expect(ended?.title).toBe("Your session has ended");
    expect(ended?.id).not.toBe(soon?.id);
  });
  it("tells of a revoked session as soon as the stream is refused", () => {
    expect(sessionNotice(claims, out, 0)).toMatchObject({ text: "Your session was ended." });
  });
  it("calls a line lost when nothing comes on it, and nothing while it connects", () => {
    expect(connectionFact({ state: "stalled" })).toBe("lost");
    expect(connectionFact({ state: "offline" })).toBe("lost");
    expect(connectionFact({ state: "no data" })).toBe("there");
    expect(connectionFact({ state: "connecting" })).toBeNull();
  });
  it("tells of each halt anew", () => {
    expect(accountNotice("paper", "HALTED", 1).id).not.toBe(accountNotice("paper", "HALTED", 2).id);
    expect(accountNotice("paper", "HALTED", 1)).toMatchObject({ category: "halt", tone: "bad" });
  });
});

describe("names seen once", () => {
  it("are known until too many others came", () => {
    const once = new Once(2, ["a"]);
    expect(once.add("a")).toBe(false);
    expect(once.add("b")).toBe(true);
    expect(once.add("c")).toBe(true);
    expect(once.has("a")).toBe(false);
    expect(once.has("b")).toBe(true);
  });
});
