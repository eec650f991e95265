// The pages by name. Each is a file of its own in the build, fetched when it is first shown, or before
// that, when the browser has time: a page that is wanted while the server is away should be there.

import type { Component } from "svelte";

import { stream } from "../stream/client";
import type { PageName } from "./route";

export interface PageProps {
  /** What follows the page's name in the address: ["backtest", "bt-7"]. */
  path: readonly string[];
}

type PageModule = { default: Component<PageProps> };

const AGAIN_MS = 1000;

const load: Record<PageName, () => Promise<PageModule>> = {
  market: () => import("../market/MarketPage.svelte"),
  trading: () => import("../trading/TradingPage.svelte"),
  jobs: () => import("../jobs/JobsPage.svelte"),
  risk: () => import("../risk/RiskPage.svelte"),
  notifications: () => import("../notifications/NotificationsPage.svelte"),
  developers: () => import("../developers/DevelopersPage.svelte"),
  about: () => import("../about/AboutPage.svelte"),
};

export const PAGE_TITLES: Record<PageName, string> = {
  market: "Market",
  trading: "Trading",
  jobs: "Jobs",
  risk: "Risk",
  notifications: "Notifications",
  developers: "Developers",
  about: "About",
};

/** Tries until it has the page; fails only if the server has another version, which has no such file. */
export async function loadPage(name: PageName): Promise<PageModule> {
  for (;;) {
    try {
      return await load[name]();
    } catch (error) {
      if (await isReplaced()) throw error;
      await serverThere();
    }
  }
}

/** Fetches all that may be wanted later. What fails now is fetched when it is wanted. */
export function fetchAhead(further: (() => Promise<unknown>)[]): void {
  const later = [
    () => import("../trading/TicketDialog.svelte"),
    ...Object.values(load),
    ...further,
  ];
  const next = async (): Promise<void> => {
    await later
      .shift()?.()
      .catch(() => undefined);
    if (later.length > 0) setTimeout(next);
  };
  setTimeout(next, AGAIN_MS);
}

/** The document names the file in which this stands, unless there is a newer one. */
async function isReplaced(): Promise<boolean> {
  try {
    const answer = await fetch("/", { cache: "no-store" });
    return answer.ok && !(await answer.text()).includes(new URL(import.meta.url).pathname);
  } catch {
    return false; // not reached: nothing is known
  }
}

function serverThere(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(() => {
      const stop = stream.freshness.subscribe(({ state }) => {
        if (state !== "live" && state !== "no data") return;
        resolve();
        queueMicrotask(() => stop());
      });
    }, AGAIN_MS);
  });
}
