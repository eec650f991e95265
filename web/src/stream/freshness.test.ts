import { describe, expect, it } from "vitest";
import { freshness } from "./freshness.ts";
import { beaten, draining, greeted, lineAt, lost, noticed, priced, unread } from "./line.ts";

const open = (now: number) => greeted(lineAt(now), now);

describe("freshness", () => {
  it("is connecting until something has told how old the feed is", () => {
    expect(freshness(lineAt(0), 100).state).toBe("connecting");
    expect(freshness(open(0), 100).state).toBe("connecting");
  });

  it("does not take the state that comes with a connection for news", () => {
    expect(freshness(priced(open(0), 50), 60).state).toBe("connecting");
    expect(freshness(priced(open(0), 500), 510).state).toBe("live");
  });

  it("says offline when a first answer is late", () => {
    expect(freshness(lineAt(0), 6000)).toMatchObject({ state: "offline", wayOut: "retry" });
  });

  it("is live up to two heartbeats of silence, then stalled", () => {
    const line = beaten(open(0), 100, 1000);
    expect(freshness(line, 10_900).state).toBe("live");
    expect(freshness(line, 11_100)).toMatchObject({ state: "stalled", stale: true });
  });

  it("has no data when heartbeats come and prices do not", () => {
    const line = beaten(open(0), 12_000, 20_000);
    expect(freshness(line, 21_000)).toMatchObject({
      state: "no data",
      stale: true,
      staleText: "Prices are 13 s old",
      priceAgeMs: 13_000,
      heartbeatAgeMs: 1000,
    });
  });

  it("has no data, and nothing stale, without a feed", () => {
    const said = freshness(beaten(open(0), null, 5000), 5100);
    expect(said).toMatchObject({ state: "no data", stale: false, staleText: "" });
  });

  it("believes a heartbeat that says the feed is older than the last batch", () => {
    const line = beaten(priced(open(0), 1000), 60_000, 2000);
    expect(freshness(line, 2000).state).toBe("no data");
  });

  it("says when a server that has stopped comes back, and that prices grow old meanwhile", () => {
    const line = lost(draining(priced(open(0), 1000), 4000, 1000), 1500);
    expect(freshness(line, 2000)).toMatchObject({ state: "offline", stale: false, staleText: "" });
    expect(freshness(line, 2000).detail).toContain("3 s");
    expect(freshness(line, 9000).detail).toContain("every few seconds");
    const later = freshness(line, 13_000);
    expect(later).toMatchObject({ stale: true, staleText: "Prices are 12 s old" });
  });

  it("tells passing news for a while only", () => {
    const line = noticed(priced(open(0), 1000), "Skipped.", 1000);
    expect(freshness(line, 1500).detail).toBe("Skipped.");
    expect(freshness(priced(line, 16_500), 17_000).detail).toBe("");
  });

  it("does not hide what it cannot read", () => {
    expect(freshness(unread(priced(open(0), 1000), 1100), 1200).detail).toContain("reload");
  });

  it("is not confused by a clock that was set back", () => {
    expect(freshness(beaten(open(5000), 0, 5000), 1000)).toMatchObject({
      state: "live",
      priceAgeMs: 0,
    });
  });
});
