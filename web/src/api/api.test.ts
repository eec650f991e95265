import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { setAccountState } from "./accounts.ts";
import { path, queryText, request, uniqueKey } from "./client.ts";
import { allTrades } from "./history.ts";
import { backtestEquity, startImport } from "./jobs.ts";
import { cancelOrder, placeOrder } from "./orders.ts";
import { closePosition } from "./positions.ts";
import { ApiError, wordsOfError } from "./problem.ts";

interface Sent {
  readonly url: string;
  readonly init: RequestInit & { headers: Record<string, string> };
}

const sent: Sent[] = [];
let answer: () => Response | Promise<Response>;

beforeEach(() => {
  sent.length = 0;
  answer = () => new Response("{}");
  vi.stubGlobal("fetch", async (url: string, init: Sent["init"]) => {
    sent.push({ url, init });
    init.signal?.throwIfAborted();
    return answer();
  });
});
afterEach(() => vi.unstubAllGlobals());

const says = (status: number, body: unknown, headers: Record<string, string> = {}) => {
  answer = () => new Response(JSON.stringify(body), { status, headers });
};

async function errorOfRequest(wish = {}, method: "GET" | "POST" = "GET"): Promise<ApiError> {
  const error = await request(method, "/x", wish).catch((reason: unknown) => reason);
  if (!(error instanceof ApiError)) throw new Error("it did not fail");
  return error;
}

describe("requests", () => {
  it("send what was typed digit by digit, with the account's name", async () => {
    const ticket = {
      symbol: "AAPL",
      side: "buy",
      type: "limit",
      time_in_force: "day",
      qty: "0.1",
      limit_price: "90071992547409931.00000001",
    } as const;
    await placeOrder("paper", ticket);
    expect(sent[0]?.url).toBe("/v2/orders?account=paper");
    expect(sent[0]?.init.body).toContain('"limit_price":"90071992547409931.00000001"');
    // A key without its secret is refused by a server that asks for tokens.
    expect(sent[0]?.init.headers["apca-api-key-id"]).toBeUndefined();
    expect(sent[0]?.init.headers["content-type"]).toBe("application/json");
  });

  it("escape names, and leave out what is not given", async () => {
    await setAccountState("a/b", "HALTED");
    await closePosition("paper", "BTC/USD", { percentage: "50" });
    await backtestEquity("id", { limit: 4 });
    expect(sent.map(({ url, init }) => `${init.method} ${url}`)).toEqual([
      "PUT /api/v1/accounts/a%2Fb/state",
      "DELETE /v2/positions/BTC%2FUSD?percentage=50&account=paper",
      "GET /api/v1/backtests/id/equity?limit=4",
    ]);
    expect(path`/a/${"x y"}`).toBe("/a/x%20y");
    expect(queryText({ a: undefined, b: null, c: 0, d: false })).toBe("?c=0&d=false");
  });

  it("send files as they are", async () => {
    await startImport("time,open\n", { symbol: "A" });
    expect(sent[0]?.init.body).toBe("time,open\n");
    expect(sent[0]?.init.headers["content-type"]).toBe("text/csv");
  });

  it("take an empty answer for done", async () => {
    answer = () => new Response(null, { status: 204 });
    expect(await cancelOrder("paper", "o")).toBe(undefined);
  });

  it("read every page of an export, and no trade twice", async () => {
    const total = 2500;
    answer = () => {
      const query = new URL(sent.at(-1)?.url ?? "", "http://x").searchParams;
      const offset = Number(query.get("offset"));
      const count = Math.min(Number(query.get("limit")), total - offset);
      const trades = Array.from({ length: count }, (_, place) => ({
        id: `${offset + place}`,
        timestamp: `2012-05-02T00:00:00.${999_999 - offset - place}Z`,
      }));
      return new Response(JSON.stringify({ trades, total, limit: 1000, offset }));
    };
    const heard: number[] = [];
    const never = new AbortController().signal;
    const trades = await allTrades("paper", {}, (done) => heard.push(done), never);
    expect(new Set(trades.map((trade) => trade.id)).size).toBe(total);
    expect(heard).toEqual([1000, 2000, 2500]);
    // What is traded meanwhile does not shift the pages; the time is the market's, not ours.
    const newest = "2012-05-02T00:00:00.999999Z";
    expect(sent.map(({ url }) => new URL(url, "http://x").searchParams.get("to"))).toEqual([
      null,
      newest,
      newest,
    ]);
  });

  it("keys differ", () => {
    expect(uniqueKey()).toMatch(/^[0-9a-f]{32}$/);
    expect(uniqueKey()).not.toBe(uniqueKey());
  });
});

describe("errors", () => {
  it.each([401, 403])("of an account that is another's say so, with %i", async (status) => {
    says(status, { code: status * 100_000, message: "forbidden." });
    const error = await errorOfRequest({ account: "desk" });
    expect(error.message).toBe("You may not trade in desk, or your session has ended.");
  });

  it("of native endpoints name the field", async () => {
    says(422, {
      title: "Unprocessable Content",
      status: 422,
      detail: "progress is missing",
      field: "progress",
    });
    expect(await errorOfRequest()).toMatchObject({
      message: "Progress is missing.",
      failure: "refused",
      status: 422,
      field: "progress",
    });
  });

  it("of orders say why", async () => {
    says(403, {
      code: 40310000,
      message: "insufficient buying power",
      reason: "insufficient_buying_power",
    });
    expect(await errorOfRequest()).toMatchObject({
      message: "Insufficient buying power.",
      code: 40310000,
      reason: "insufficient_buying_power",
    });
  });

  it("keep the spelling of a field", async () => {
    says(422, { detail: "gross_limit must be a number" });
    expect((await errorOfRequest()).message).toBe("gross_limit must be a number.");
  });

  it("say when to try again", async () => {
    says(503, { detail: "the disk is full" }, { "retry-after": "2" });
    expect(await errorOfRequest()).toMatchObject({
      message: "The disk is full. Try again in 2 s.",
      retryAfterS: 2,
    });
  });

  it("ask to sign in", async () => {
    says(401, { detail: "token has expired" });
    expect(await errorOfRequest()).toMatchObject({ signInNeeded: true });
  });

  it("have words without any body, or with a proxy's page", async () => {
    answer = () => new Response("<html>", { status: 502 });
    expect((await errorOfRequest()).message).toBe("The server failed (502). Try again.");
    answer = () => new Response("null", { status: 404 });
    expect((await errorOfRequest()).message).toContain("404");
  });

  it("of an answer that is no JSON are told", async () => {
    answer = () => new Response("<html>");
    expect((await errorOfRequest()).failure).toBe("unreadable");
  });

  it("of a lost connection warn before repeating what changes something", async () => {
    answer = () => Promise.reject(new TypeError("failed to fetch"));
    expect((await errorOfRequest()).message).toBe("The server cannot be reached.");
    expect((await errorOfRequest({}, "POST")).message).toContain("look before you repeat it");
  });

  it("tell a time limit from a stop", async () => {
    answer = () => Promise.reject(new DOMException("late", "TimeoutError"));
    expect((await errorOfRequest()).failure).toBe("timeout");
    expect((await errorOfRequest({ signal: AbortSignal.abort() })).failure).toBe("aborted");
  });

  it("anything thrown has words", () => {
    expect([wordsOfError(new Error("x")), wordsOfError("y")]).toEqual(["x", "y"]);
  });
});
