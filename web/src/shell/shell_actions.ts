// The actions that are there on every page.

import { DENSITIES, PALETTES, settings, THEMES, ZONES } from "../settings/settings";
import type { Action } from "./actions.svelte";
import { dialogs } from "./dialogs.svelte";
import { PAGE_TITLES } from "./pages";
import { hrefOf, PAGES } from "./route";
import { router } from "./router.svelte";

const words = (text: string): string => text.replaceAll("-", " and ");

export function shellActions(): readonly Action[] {
  return [
    {
      id: "palette",
      title: "Find a command",
      group: "Everywhere",
      keys: "Ctrl+K",
      everywhere: true,
      run: () => dialogs.show("palette"),
    },
    {
      id: "kill-switch",
      title: "Kill switch: halt or resume trading",
      group: "Everywhere",
      words: "stop emergency",
      keys: "Alt+Shift+K",
      everywhere: true,
      run: () => dialogs.show("kill-switch"),
    },
    {
      id: "keys",
      title: "Show all keys",
      group: "Everywhere",
      words: "help shortcuts",
      keys: "?",
      run: () => dialogs.show("keys"),
    },
    {
      id: "settings",
      title: "Settings",
      group: "Everywhere",
      keys: "Ctrl+,",
      run: () => dialogs.show("settings"),
    },
    {
      id: "sign-in",
      title: "Sign in or out",
      group: "Everywhere",
      words: "token login logout",
      run: () => dialogs.show("sign-in"),
    },
    ...PAGES.map((page) => ({
      id: `page-${page}`,
      title: `Go to ${PAGE_TITLES[page]}`,
      group: "Pages",
      keys: `G then ${page.charAt(0).toUpperCase()}`,
      run: () => router.go(hrefOf(page)),
    })),
    ...THEMES.map((theme) => ({
      id: `theme-${theme}`,
      title: `Theme: ${theme}`,
      group: "Appearance",
      run: () => {
        settings.theme.value = theme;
      },
    })),
    ...PALETTES.map((palette) => ({
      id: `palette-${palette}`,
      title: `Gains and losses: ${words(palette)}`,
      group: "Appearance",
      words: "colour palette",
      run: () => {
        settings.palette.value = palette;
      },
    })),
    ...ZONES.map((zone) => ({
      id: `zone-${zone}`,
      title: `Times: ${zone === "utc" ? "UTC" : zone}`,
      group: "Appearance",
      words: "zone clock",
      run: () => {
        settings.zone.value = zone;
      },
    })),
    ...DENSITIES.map((density) => ({
      id: `density-${density}`,
      title: `Rows: ${density}`,
      group: "Appearance",
      words: "density",
      run: () => {
        settings.density.value = density;
      },
    })),
  ];
}
