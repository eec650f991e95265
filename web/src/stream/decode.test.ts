import { describe, expect, it } from "vitest";
import { decode } from "./decode.ts";

describe("decode", () => {
  it.each([
    ['{"server_time":"t","head":"e-1","resume":"live"}', { kind: "hello", resume: "live" }],
    ['{"server_time":"t","head":"e-1","feed_age_ms":19}', { kind: "heartbeat", feedAgeMs: 19 }],
    ['{"server_time":"t","head":"e-1","feed_age_ms":null}', { kind: "heartbeat", feedAgeMs: null }],
    [
      '{"t":1,"u":[["market/A",{"price":1}]]}',
      { kind: "batch", time: 1, updates: [["market/A", { price: 1 }]] },
    ],
    [
      '{"reason":"expired","requested":"a","resumed_at":"b","missed":null}',
      { kind: "gap", reason: "expired" },
    ],
    ['{"reason":"revoked"}', { kind: "auth", reason: "revoked" }],
    ['{"skipped":3}', { kind: "slow", skipped: 3 }],
    ['{"after_ms":900}', { kind: "drain", afterMs: 900 }],
  ])("reads %s", (text, event) => {
    expect(decode(text, "e-1")).toEqual(event);
  });

  it("gives a record its id", () => {
    const text =
      '{"topic":"alerts/low","type":"risk_alert","time":"t","data":{"u":[],"reason":"x"}}';
    expect(decode(text, "e-7")).toEqual({
      kind: "record",
      record: {
        id: "e-7",
        topic: "alerts/low",
        type: "risk_alert",
        time: "t",
        data: { u: [], reason: "x" },
      },
    });
  });

  it.each(["", "{", "3", "null", "[]", "{}", '{"u":[1]}', '{"topic":"a"}'])(
    "says that %j is unreadable",
    (text) => {
      expect(decode(text, "")).toEqual({ kind: "unreadable" });
    },
  );
});
