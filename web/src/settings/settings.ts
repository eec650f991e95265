// What the settings dialog changes, remembered. Pages keep what is theirs in their own folders.

import { isFlag, isText, oneOf, Remembered } from "./remembered.svelte";

export const THEMES = ["system", "dark", "light"] as const;
export const PALETTES = ["green-red", "red-green", "blue-orange"] as const;
export const ZONES = ["market", "utc", "local"] as const;
export const DENSITIES = ["compact", "roomy"] as const;

export type Theme = (typeof THEMES)[number];
export type Palette = (typeof PALETTES)[number];
export type Zone = (typeof ZONES)[number];
export type Density = (typeof DENSITIES)[number];

export const settings = {
  theme: new Remembered<Theme>("theme", "system", oneOf(...THEMES)),
  palette: new Remembered<Palette>("palette", "green-red", oneOf(...PALETTES)),
  zone: new Remembered<Zone>("zone", "market", oneOf(...ZONES)),
  density: new Remembered<Density>("density", "compact", oneOf(...DENSITIES)),
  /** Keys without Ctrl or Alt act, such as "?" and "/". */
  plainKeys: new Remembered<boolean>("plain-keys", true, isFlag),
  /** The paper account that is shown and traded. */
  account: new Remembered<string>("account", "paper", isText),
};
