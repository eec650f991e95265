// The colours that a canvas draws with, read from the tokens. Read them again when `look.version`
// changes (settings/appearance).

import { token } from "../settings/appearance.svelte";

export interface ChartColours {
  readonly ink: string;
  readonly quiet: string;
  readonly line: string;
  readonly surface: string;
  readonly accent: string;
  readonly up: string;
  readonly down: string;
  readonly warn: string;
  readonly font: string;
}

export function chartColours(): ChartColours {
  return {
    ink: token("--ink"),
    quiet: token("--quiet"),
    line: token("--line"),
    surface: token("--surface"),
    accent: token("--accent"),
    up: token("--up"),
    down: token("--down"),
    warn: token("--warn"),
    font: getComputedStyle(document.body).fontFamily,
  };
}

/** `#rrggbb` with an alpha from 0 to 1. */
export function faded(colour: string, alpha: number): string {
  const byte = Math.round(Math.max(0, Math.min(1, alpha)) * 255);
  return /^#[0-9a-f]{6}$/i.test(colour) ? `${colour}${byte.toString(16).padStart(2, "0")}` : colour;
}
