// The pages by name. Each is a file of its own in the build, fetched when it is first shown.

import type { Component } from "svelte";

import type { PageName } from "./route";

export interface PageProps {
  /** What follows the page's name in the address: ["backtest", "bt-7"]. */
  path: readonly string[];
}

type PageModule = { default: Component<PageProps> };

export const loadPage: Record<PageName, () => Promise<PageModule>> = {
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
