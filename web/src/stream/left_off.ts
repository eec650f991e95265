// Where a tab stood when it was left: loaded anew at once, it goes on there, so that no record is
// lost between. Kept for this tab only, and not for long: a page that is opened later begins anew.

const KEY = "livetape.left-off";
const KEPT_MS = 60_000;

type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

export function leaveOff(store: Store, id: string | null, now: number): void {
  if (id !== null) store.setItem(KEY, `${now} ${id}`);
}

/** The record after which to go on, once; null: begin with what comes. */
export function takeUp(store: Store, now: number): string | null {
  const [left, id] = store.getItem(KEY)?.split(" ") ?? [];
  store.removeItem(KEY);
  return id !== undefined && now - Number(left) < KEPT_MS ? id : null;
}
