// Web Locks, where the browser has them: they tell at once that a tab is gone, even a crashed one.
// Without them a tab is dropped when it has been silent for long (hub.ts).

/**
 * The browser keeps nothing for this page, as with all cookies blocked. Then its tabs share nothing
 * either: shared workers never answer, and locks are refused.
 */
export function isAlone(): boolean {
  try {
    return globalThis.localStorage === null;
  } catch {
    return true;
  }
}

/** Undefined where there are no locks, or none for this page. */
export const tabLocks = (): LockManager | undefined => (isAlone() ? undefined : navigator.locks);

/** Resolves when nobody holds the lock any more; undefined where there are no locks. */
export function tabLock(name: string): Promise<void> | undefined {
  return tabLocks()?.request(name, () => undefined);
}

/** Holds the lock as long as this context lives. */
export function holdLock(name: string, held: () => void): boolean {
  const locks = tabLocks();
  if (locks === undefined) return false;
  void locks.request(name, () => {
    held();
    return new Promise<never>(() => undefined);
  });
  return true;
}
