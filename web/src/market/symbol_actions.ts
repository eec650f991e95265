// Symbols in the command palette: type a few letters of one to open it, from any page.

import type { Action } from "../shell/actions.svelte";
import { hrefOf } from "../shell/route";
import { router } from "../shell/router.svelte";
import { stream } from "../stream/client";
import { filtered } from "./watch_order";

const SHOWN_MAX = 20;

export function symbolActions(text: string): readonly Action[] {
  if (text.trim() === "") return [];
  return filtered(stream.market.symbols, text)
    .slice(0, SHOWN_MAX)
    .map((symbol) => ({
      id: `symbol-${symbol}`,
      title: symbol,
      group: "Symbols",
      run: () => router.go(hrefOf("market", symbol)),
    }));
}
