// Short news in a corner. Bad ones stay until they are closed; others go by themselves, but not while
// they are read. What must not be missed also stands in the notifications.

import { untrack } from "svelte";

export type Tone = "info" | "good" | "bad";

export interface ToastWords {
  readonly tone?: Tone;
  readonly title: string;
  readonly text?: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

export interface Toast extends ToastWords {
  readonly id: number;
  readonly tone: Tone;
}

/** More than these push the oldest out, which is counted. */
const SHOWN_MAX = 4;

let shown = $state.raw<readonly Toast[]>([]);
let pushedOut = $state(0);
let count = 0;

export const toasts = {
  get shown(): readonly Toast[] {
    return shown;
  },
  /** Toasts that had no room since all were last closed. */
  get pushedOut(): number {
    return pushedOut;
  },
  /** Returns how to take it away. */
  show(words: ToastWords): () => void {
    count += 1;
    const id = count;
    const next = [...untrack(() => shown), { ...words, id, tone: words.tone ?? "info" }];
    // A bad one keeps its place as long as there is another to push out.
    while (next.length > SHOWN_MAX) {
      const quiet = next.findIndex(({ tone }) => tone !== "bad");
      next.splice(quiet < 0 || quiet === next.length - 1 ? 0 : quiet, 1);
      pushedOut = untrack(() => pushedOut) + 1;
    }
    shown = next;
    return () => toasts.close(id);
  },
  close(id: number): void {
    shown = shown.filter((toast) => toast.id !== id);
    if (shown.length === 0) pushedOut = 0;
  },
};
