import { describe, expect, it } from "vitest";
import { publishLines, readLines } from "./code_lines";
import { EventLog, KEPT_MAX } from "./event_log";
import { patternsIn } from "./patterns";
import {
  CHANNEL_DATA,
  callOf,
  compact,
  dataFault,
  exampleOf,
  type Publication,
} from "./publication";

const FORM: Publication = {
  target: "topic",
  topic: "desk/notes",
  type: "",
  class: "record",
  key: "",
  channel: "alerts",
  event: "import.started",
  users: "",
  data: '{ "n": 1 }',
};

describe("a publication", () => {
  it("of a topic says only what differs from the defaults", () => {
    expect(callOf(FORM)).toEqual({
      path: "/api/v1/publish",
      body: '{"topic":"desk/notes","data":{"n":1}}',
    });
    const state = { ...FORM, type: "level", class: "state", key: "a", data: "null" } as const;
    expect(JSON.parse(callOf(state).body)).toEqual({
      topic: "desk/notes",
      type: "level",
      class: "state",
      key: "a",
      data: null,
    });
    expect(callOf({ ...FORM, key: "a" }).body).not.toContain("key");
  });

  it("keeps every digit that was typed", () => {
    const data = '{"price": 0.10000000000000000001, "text": "a  b\\" c"}';
    expect(compact(data)).toBe('{"price":0.10000000000000000001,"text":"a  b\\" c"}');
    expect(callOf({ ...FORM, target: "channel", data })).toEqual({
      path: "/api/v1/sse/alerts",
      body: compact(data),
    });
  });

  it("of a user event goes to those named, or to everyone", () => {
    const form = { ...FORM, target: "user" } as const;
    expect(JSON.parse(callOf(form).body)).toEqual({
      broadcast: true,
      event: "import.started",
      data: { n: 1 },
    });
    const body: unknown = JSON.parse(callOf({ ...form, users: " alice, bob ," }).body);
    expect(body).toMatchObject({ user_ids: ["alice", "bob"] });
  });

  it("needs JSON", () => {
    expect(dataFault('{"a":1}')).toBeNull();
    expect(dataFault(" ")).toMatch(/missing/);
    expect(dataFault("{a:1}")).toMatch(/^This is not JSON: .*\.$/);
  });

  it("has examples with every field that is needed", () => {
    const event = {
      event: "x",
      category: "import",
      payload: { file_name: "string", count: "number", amount: "decimal" },
    } as const;
    expect(exampleOf(event)).toEqual({ file_name: "file_name", count: 1, amount: "1.50" });
    expect(CHANNEL_DATA.alerts).toHaveProperty("severity");
  });
});

describe("lines to copy", () => {
  const address = { origin: "http://127.0.0.1:8000", token: false };
  const call = { path: "/api/v1/publish", body: '{"topic":"desk/a","data":"it\'s \\"x\\""}' };

  it("are safe in a shell", () => {
    expect(publishLines("curl", address, call)).toBe(
      `curl -X POST 'http://127.0.0.1:8000/api/v1/publish' \\
  -H 'Content-Type: application/json' \\
  -d '{"topic":"desk/a","data":"it'\\''s \\"x\\""}'`,
    );
  });

  it("hold the same body in every language", async () => {
    const script = publishLines("JavaScript", address, call);
    const body = /body: JSON\.stringify\((.*)\),\n/.exec(script)?.[1];
    expect(JSON.parse(body ?? "")).toEqual(JSON.parse(call.body));
    expect(publishLines("Python", address, call)).toContain(
      String.raw`data='{"topic":"desk/a","data":"it\'s \\"x\\""}'.encode()`,
    );
  });

  it("name a token only where one is needed", () => {
    for (const language of ["curl", "JavaScript", "Python"] as const) {
      expect(publishLines(language, address, call)).not.toMatch(/token/i);
      expect(publishLines(language, { ...address, token: true }, call)).toMatch(/token/i);
      expect(readLines(language, address, "jobs/**")).toMatch(/topics=jobs\/\*\*/);
      expect(readLines(language, { ...address, token: true }, "a/*")).toMatch(/token/i);
    }
  });

  it("escape what a query cannot hold", () => {
    expect(readLines("curl", address, "market/BTC%2FUSD,x")).toContain("BTC%252FUSD,x");
  });
});

describe("the log of events", () => {
  const event = (topic: string, data: unknown, record = true) =>
    ({
      class: record ? "record" : "state",
      id: null,
      topic,
      type: record ? "note" : null,
      time: null,
      data,
    }) as const;

  it("has the newest first and forgets the oldest, but counts them", () => {
    const log = new EventLog();
    for (let n = 1; n <= 3 * KEPT_MAX; n += 1) log.add([event("a/b", n)], 0, n);
    const list = log.list({ class: "all", text: "" });
    expect(list).toHaveLength(KEPT_MAX);
    expect(list[0]?.data).toBe(3 * KEPT_MAX);
    expect(log.count).toBe(3 * KEPT_MAX);
    log.add([], 7, 0);
    expect([log.count, log.skipped]).toEqual([3 * KEPT_MAX + 7, 7]);
    log.clear();
    expect([log.count, log.list({ class: "all", text: "" })]).toEqual([0, []]);
  });

  it("is filtered by class and by words", () => {
    const log = new EventLog();
    log.add([event("a/b", { name: "Alice" }), event("c/d", 2, false)], 0, 1);
    const topics = (filter: Parameters<EventLog["list"]>[0]) =>
      log.list(filter).map(({ topic }) => topic);
    expect(topics({ class: "state", text: "" })).toEqual(["c/d"]);
    expect(topics({ class: "all", text: "alice" })).toEqual(["a/b"]);
    expect(topics({ class: "all", text: " C/D" })).toEqual(["c/d"]);
    expect(topics({ class: "record", text: "c/d" })).toEqual([]);
  });
});

describe("patterns in one field", () => {
  it("have commas or spaces between, each once", () => {
    expect(patternsIn(" market/*, jobs/**  alerts/* ,market/*")).toEqual({
      list: ["market/*", "jobs/**", "alerts/*"],
      fault: null,
    });
  });
  it("are refused by the name of the one that is wrong", () => {
    expect(patternsIn("market/*, a/**/b").fault).toBe("a/**/b: ** can only stand last.");
    expect(patternsIn("a/**/b").fault).toBe("** can only stand last.");
    expect(patternsIn(" , ").fault).toMatch(/missing/);
  });
});
