// What can be done by name: the command palette lists it, keys call it. Pages add theirs while they
// are shown:
//
//   $effect(() => addActions([{ id: "buy", title: "Buy …", group: "Trading", keys: "B", run }]));

import { untrack } from "svelte";

export interface Action {
  /** Unique; a later action of the same id stands before an earlier one. */
  readonly id: string;
  readonly title: string;
  readonly group: string;
  /** Further words that find it. */
  readonly words?: string;
  /** "Ctrl+K", "?", "G then M"; see keys.ts. */
  readonly keys?: string;
  /** Works also while a field has the focus or a dialog is open. */
  readonly everywhere?: boolean;
  readonly run: () => void;
}

/** Actions that depend on what was typed, such as symbols. */
export type ActionSource = (text: string) => readonly Action[];

let lists = $state.raw<readonly (readonly Action[])[]>([]);
let sources = $state.raw<readonly ActionSource[]>([]);

/** Returns how to take them away again. */
export function addActions(actions: readonly Action[]): () => void {
  // Called in effects, which must not hang on the list that they write.
  lists = [actions, ...untrack(() => lists)];
  return () => {
    lists = lists.filter((list) => list !== actions);
  };
}

export function addActionSource(source: ActionSource): () => void {
  sources = [...untrack(() => sources), source];
  return () => {
    sources = sources.filter((each) => each !== source);
  };
}

export const actions = {
  /** Those that can be done now, each id once. */
  get all(): readonly Action[] {
    const flat = lists.flat();
    return flat.filter(({ id }, i) => flat.findIndex((each) => each.id === id) === i);
  },
  found(text: string): readonly Action[] {
    return sources.flatMap((source) => source(text));
  },
};
