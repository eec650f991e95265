// The document's theme, palette and density, as the settings and the system say. Canvases read their
// colours again when `look.version` changes.

import { untrack } from "svelte";

import { settings, type Theme } from "./settings";

export type Shade = "dark" | "light";

export const shadeOf = (theme: Theme, systemIsDark: boolean): Shade =>
  theme === "system" ? (systemIsDark ? "dark" : "light") : theme;

let version = $state(0);
export const look = {
  /** Grows whenever colours or sizes have changed. */
  get version(): number {
    return version;
  },
};

/** Keeps the document's attributes right from now on; called once, before the first paint. */
export function followAppearance(): void {
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  let systemIsDark = $state(system.matches);
  system.addEventListener("change", () => {
    systemIsDark = system.matches;
  });
  const apply = (): void => {
    const { dataset } = document.documentElement;
    dataset["theme"] = shadeOf(settings.theme.value, systemIsDark);
    dataset["palette"] = settings.palette.value;
    dataset["density"] = settings.density.value;
  };
  apply();
  $effect.root(() => {
    $effect.pre(() => {
      apply();
      version = untrack(() => version) + 1;
    });
  });
}

/** The value of a colour token, "--up", as it is now. */
export function token(name: `--${string}`): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
