// A store that tells at most every so often: the first news at once, then the newest after the wait. All
// who read it are told the same at the same time, also who comes late.

export interface Store<T> {
  subscribe(read: (value: T) => void): () => void;
}

/** `source` tells its value on subscribing, as Value does. */
export function paced<T>(source: Store<T>, everyMs: number): Store<T> {
  const readers = new Set<(value: T) => void>();
  let stop: (() => void) | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let told: { value: T } | null = null;
  let waiting: { value: T } | null = null;
  const tell = (news: { value: T }): void => {
    told = news;
    timer = setTimeout(rested, everyMs);
    for (const read of readers) read(news.value);
  };
  const rested = (): void => {
    timer = null;
    if (waiting === null) return;
    const news = waiting;
    waiting = null;
    tell(news);
  };
  return {
    subscribe(read) {
      if (told !== null) read(told.value);
      readers.add(read);
      stop ??= source.subscribe((value) => {
        if (timer === null) tell({ value });
        else waiting = { value };
      });
      return () => {
        readers.delete(read);
        if (readers.size > 0) return;
        stop?.();
        if (timer !== null) clearTimeout(timer);
        stop = timer = told = waiting = null;
      };
    },
  };
}
