// Short news in a corner. All go by themselves, bad ones later, but not while they are read: what must
// not be missed also stands in the notifications, with a count in the navigation.

import { untrack } from "svelte";

export type Tone = "info" | "good" | "bad";

export interface ToastWords {
  readonly tone?: Tone;
  readonly title: string;
  readonly text?: string;
  /** What several are called, "orders refused": those of one name fold into one with their count. */
  readonly many?: string;
  readonly count?: number;
  readonly action?: { readonly label: string; readonly run: () => void };
}

export interface Toast extends ToastWords {
  readonly id: number;
  readonly tone: Tone;
  readonly count: number;
}

/** More than these push the oldest out. */
const SHOWN_MAX = 3;

let shown = $state.raw<readonly Toast[]>([]);
let last = 0;

export const toasts = {
  get shown(): readonly Toast[] {
    return shown;
  },
  /** Returns how to take it away. */
  show(words: ToastWords): () => void {
    last += 1;
    const id = last;
    const { many, tone = "info" } = words;
    const before = untrack(() => shown);
    const same = many && before.find((toast) => toast.many === many);
    const count = (words.count ?? 1) + (same ? same.count : 0);
    const title = many && count > 1 ? `${count} ${many}` : words.title;
    const next = [
      ...before.filter((toast) => toast !== same),
      { ...words, id, tone, count, title },
    ];
    // A bad one keeps its place as long as there is another to push out.
    if (next.length > SHOWN_MAX) {
      const quiet = next.findIndex((toast) => toast.tone !== "bad");
      next.splice(quiet < 0 || quiet === next.length - 1 ? 0 : quiet, 1);
    }
    shown = next;
    return () => toasts.close(id);
  },
  close(id: number): void {
    shown = shown.filter((toast) => toast.id !== id);
  },
};
