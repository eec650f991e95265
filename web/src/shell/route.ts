// Where the page is: "#/jobs/backtest/bt-7" is the page `jobs` with the path ["backtest", "bt-7"].

export const PAGES = [
  "market",
  "trading",
  "jobs",
  "risk",
  "notifications",
  "developers",
  "about",
] as const;

export type PageName = (typeof PAGES)[number];

export interface Route {
  readonly page: PageName;
  /** What follows the page's name, percent-decoded. */
  readonly path: readonly string[];
}

const isPage = (name: string | undefined): name is PageName =>
  (PAGES as readonly (string | undefined)[]).includes(name);

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment; // a broken escape stays as it was typed
  }
}

/** The route of a location's hash; an unknown page is the market. */
export function parseRoute(hash: string): Route {
  const [page, ...path] = hash
    .replace(/^#?\/?/, "")
    .split("/")
    .filter(Boolean)
    .map(decode);
  return isPage(page) ? { page, path } : { page: "market", path: [] };
}

/** The hash that leads to a route, for `href`. */
export function hrefOf(page: PageName, ...path: readonly string[]): string {
  return `#/${[page, ...path].map(encodeURIComponent).join("/")}`;
}
