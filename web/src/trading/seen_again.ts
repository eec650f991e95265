/** Tells for how long the document was hidden, when it is seen again. Returns how to stop. */
export function onSeenAgain(tell: (hiddenMs: number) => void): () => void {
  // By the wall clock: the other one stands still while the machine sleeps.
  let hiddenAt = document.hidden ? Date.now() : Number.NaN;
  const changed = (): void => {
    if (document.hidden) {
      hiddenAt = Date.now();
      return;
    }
    const hiddenMs = Date.now() - hiddenAt;
    hiddenAt = Number.NaN;
    if (!Number.isNaN(hiddenMs)) tell(hiddenMs);
  };
  document.addEventListener("visibilitychange", changed);
  return () => document.removeEventListener("visibilitychange", changed);
}
