// Web Locks, where the browser has them: they tell at once that a tab is gone, even a crashed one.
// Without them a tab is dropped when it has been silent for long (hub.ts).

/** Resolves when nobody holds the lock any more; undefined where there are no locks. */
export function tabLock(name: string): Promise<void> | undefined {
  return navigator.locks?.request(name, () => undefined);
}

/** Holds the lock as long as this context lives. */
export function holdLock(name: string, held: () => void): boolean {
  if (navigator.locks === undefined) return false;
  void navigator.locks.request(name, () => {
    held();
    return new Promise<never>(() => undefined);
  });
  return true;
}
