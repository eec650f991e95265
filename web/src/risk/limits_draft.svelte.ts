// What is typed into the limits and not saved yet. It outlives a look at another page.

import type { Draft, FieldKey } from "./limits";

let draft = $state.raw<Draft>({});
let open = $state(false);

export const limitsDraft = {
  get open(): boolean {
    return open;
  },
  set open(wanted: boolean) {
    open = wanted;
  },
  get fields(): Draft {
    return draft;
  },
  type(key: FieldKey, typed: string): void {
    draft = { ...draft, [key]: typed };
  },
  undo(keys: readonly FieldKey[]): void {
    draft = Object.fromEntries(
      Object.entries(draft).filter(([key]) => !keys.includes(key as FieldKey)),
    );
  },
  clear(): void {
    draft = {};
  },
};
