// The route that is shown, followed from the address bar.

import { parseRoute, type Route } from "./route";

let current = $state.raw<Route>(parseRoute(location.hash));
window.addEventListener("hashchange", () => {
  current = parseRoute(location.hash);
});

export const router = {
  get route(): Route {
    return current;
  },
  go(href: string): void {
    location.hash = href;
  },
};
