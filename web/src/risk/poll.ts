// Asks again and again while the page is seen: at once, then `everyMs` after each answer. A hidden
// tab asks nothing, and at once when it is shown again.

export interface Poll {
  /** Asks now instead of later. */
  now(): void;
  stop(): void;
}

export function poll(ask: (signal: AbortSignal) => Promise<void>, everyMs: number): Poll {
  const end = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking = false;
  let again = false;

  async function run(): Promise<void> {
    clearTimeout(timer);
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    await ask(end.signal);
    asking = false;
    if (end.signal.aborted) return;
    if (again) {
      again = false;
      void run();
    } else if (!document.hidden) {
      timer = setTimeout(() => void run(), everyMs);
    }
  }

  const shown = () => {
    if (document.hidden) clearTimeout(timer);
    else void run();
  };
  document.addEventListener("visibilitychange", shown, { signal: end.signal });
  void run();
  return {
    now: () => void run(),
    stop() {
      clearTimeout(timer);
      end.abort();
    },
  };
}
