import { describe, expect, it } from "vitest";

import { claimsOf, cookieOf, tokenIn } from "./session";

const encode = (value: unknown) =>
  btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(value))))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
const tokenOf = (claims: unknown) => `${encode({ alg: "HS256" })}.${encode(claims)}.c2ln`;

describe("a token", () => {
  it("says who it is for and how long", () => {
    expect(claimsOf(tokenOf({ sub: "zoë", exp: 1_800_000_000, scope: "trade" }))).toEqual({
      sub: "zoë",
      expiresAt: 1_800_000_000_000,
      scope: "trade",
    });
    expect(claimsOf(tokenOf({ sub: "a" }))?.expiresAt).toBeNull();
  });

  it("is told from other text", () => {
    for (const text of ["", "a.b", "a.b.c", "a.!!!.c", tokenOf({}), tokenOf(7), tokenOf(null)]) {
      expect(claimsOf(text)).toBeNull();
    }
  });
});

describe("the cookie", () => {
  it("lasts as long as its token, for this site only", () => {
    const claims = { sub: "a", expiresAt: Date.UTC(2030, 0, 1), scope: "" };
    expect(cookieOf("x.y.z", claims, true)).toBe(
      "livetape_token=x.y.z; Path=/; SameSite=Strict; Expires=Tue, 01 Jan 2030 00:00:00 GMT; Secure",
    );
    expect(cookieOf("", null, false)).toBe("livetape_token=; Path=/; SameSite=Strict; Max-Age=0");
  });

  it("is found among others", () => {
    expect(tokenIn("a=1; livetape_token=x.y.z; b=2")).toBe("x.y.z");
    expect(tokenIn("livetape_token=")).toBeNull();
    expect(tokenIn("xlivetape_token=1")).toBeNull();
  });
});
