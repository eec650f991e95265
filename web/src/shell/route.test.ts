import { describe, expect, it } from "vitest";

import { hrefOf, PAGES, parseRoute } from "./route";

describe("routes", () => {
  it("lead to every page", () => {
    for (const page of PAGES) expect(parseRoute(hrefOf(page))).toEqual({ page, path: [] });
  });

  it("keep what follows the page, whatever it holds", () => {
    expect(parseRoute("#/jobs/backtest/bt-7")).toEqual({
      page: "jobs",
      path: ["backtest", "bt-7"],
    });
    expect(parseRoute(hrefOf("market", "BTC/USD"))).toEqual({ page: "market", path: ["BTC/USD"] });
  });

  it("are the market when there is none, or an unknown one", () => {
    for (const hash of ["", "#", "#/", "#/nowhere/at/all"]) {
      expect(parseRoute(hash)).toEqual({ page: "market", path: [] });
    }
  });

  it("keep a broken escape as it was typed", () => {
    expect(parseRoute("#/jobs/100%").path).toEqual(["100%"]);
  });
});
