// Which of the shell's dialogs is open; one at a time.

export type DialogName = "palette" | "keys" | "settings" | "sign-in" | "kill-switch" | "more";

let open = $state<DialogName | null>(null);

export const dialogs = {
  get open(): DialogName | null {
    return open;
  },
  show(name: DialogName): void {
    open = name;
  },
  /** Closes `name`; another that has been opened meanwhile stays. */
  close(name: DialogName): void {
    if (open === name) open = null;
  },
};
