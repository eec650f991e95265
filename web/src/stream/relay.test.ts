import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { FromTab, ToTab } from "./protocol.ts";
import { openRelay } from "./relay.ts";

/** A browser with locks and channels, whose messages arrive when it is told. */
class FakeBrowser {
  readonly channels: FakeChannel[] = [];
  readonly workers: FakeWorker[] = [];
  readonly #waiting: (() => void)[] = [];
  #held = false;

  readonly locks = {
    request: (_name: string, take: () => Promise<never>) => {
      const hold = () => {
        this.#held = true;
        take();
      };
      if (this.#held) this.#waiting.push(hold);
      else hold();
      return new Promise<void>(() => undefined);
    },
  };

  /** The tab that holds the lock is gone, and its worker with it. */
  leaderDies(place: number): void {
    this.channels.splice(place, 1);
    this.#held = false;
    this.#waiting.shift()?.();
  }
}

class FakeChannel {
  onmessage: ((event: { data: unknown }) => void) | null = null;
  constructor() {
    browser.channels.push(this);
  }
  postMessage(data: unknown): void {
    for (const other of browser.channels) if (other !== this) other.onmessage?.({ data });
  }
}

class FakeWorker {
  onmessage: ((event: MessageEvent) => void) | null = null;
  readonly heard: FromTab[] = [];
  constructor() {
    browser.workers.push(this);
  }
  postMessage(said: FromTab): void {
    this.heard.push(said);
  }
  tell(tab: string, message: ToTab): void {
    this.onmessage?.({ data: { tab, message } } as MessageEvent);
  }
}

let browser: FakeBrowser;

beforeEach(() => {
  browser = new FakeBrowser();
  vi.stubGlobal("navigator", { locks: browser.locks });
  vi.stubGlobal("BroadcastChannel", FakeChannel);
});
afterEach(() => vi.unstubAllGlobals());

function openTab(name: string) {
  const told: ToTab[] = [];
  const tab = { told, readies: 0 };
  const transport = openRelay(
    { message: (message) => told.push(message), ready: () => ++tab.readies },
    name,
    () => new FakeWorker() as unknown as Worker,
  );
  return { ...transport, told, tab };
}

describe("relay", () => {
  it("one tab starts the worker; all speak to it and each hears its own", () => {
    const [first, second] = [openTab("a"), openTab("b")];
    expect(browser.workers.length).toBe(1);
    first.post({ kind: "ping" });
    second.post({ kind: "retry" });
    const worker = browser.workers[0];
    expect(worker?.heard).toEqual([
      { tab: "a", message: { kind: "ping" } },
      { tab: "b", message: { kind: "retry" } },
    ]);
    worker?.tell("b", { kind: "acknowledged", id: "e-1" });
    expect(first.told).toEqual([]);
    expect(second.told).toEqual([{ kind: "acknowledged", id: "e-1" }]);
  });

  it("when the tab that leads goes, the next one does, and all attach anew", () => {
    const tabs = ["a", "b", "c"].map(openTab);
    const before = tabs.map(({ tab }) => tab.readies);
    browser.leaderDies(0);
    expect(browser.workers.length).toBe(2);
    expect(tabs[1]?.tab.readies).toBe((before[1] ?? 0) + 1);
    expect(tabs[2]?.tab.readies).toBe((before[2] ?? 0) + 1);
    tabs[2]?.post({ kind: "ping" });
    expect(browser.workers[1]?.heard.at(-1)).toEqual({ tab: "c", message: { kind: "ping" } });
  });

  it("where the browser keeps nothing each tab has a worker of its own", async () => {
    vi.stubGlobal("navigator", { locks: { request: () => expect.unreachable() } });
    const forbidden = Object.getOwnPropertyDescriptor(globalThis, "localStorage");
    Object.defineProperty(globalThis, "localStorage", {
      configurable: true,
      get: () => {
        throw new DOMException("Access is denied for this document.", "SecurityError");
      },
    });
    const tabs = ["a", "b"].map(openTab);
    await Promise.resolve();
    if (forbidden) Object.defineProperty(globalThis, "localStorage", forbidden);
    expect(browser.workers.length).toBe(2);
    expect(tabs.map(({ tab }) => tab.readies)).toEqual([2, 2]);
  });

  it("without locks each tab has a worker of its own", async () => {
    vi.stubGlobal("navigator", {});
    const tabs = ["a", "b"].map(openTab);
    await Promise.resolve();
    expect(browser.workers.length).toBe(2);
    tabs[1]?.post({ kind: "ping" });
    expect(browser.workers[0]?.heard).toEqual([]);
    expect(browser.workers[1]?.heard.length).toBe(1);
  });
});
