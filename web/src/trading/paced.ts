// A store that tells at most every so often: the first news at once, then the newest after the wait.

export interface Store<T> {
  subscribe(read: (value: T) => void): () => void;
}

export function paced<T>(source: Store<T>, everyMs: number): Store<T> {
  return {
    subscribe(read) {
      let timer: ReturnType<typeof setTimeout> | null = null;
      let waiting: { value: T } | null = null;
      const rested = (): void => {
        timer = null;
        if (waiting === null) return;
        const { value } = waiting;
        waiting = null;
        timer = setTimeout(rested, everyMs);
        read(value);
      };
      const stop = source.subscribe((value) => {
        if (timer !== null) {
          waiting = { value };
          return;
        }
        timer = setTimeout(rested, everyMs);
        read(value);
      });
      return () => {
        stop();
        if (timer !== null) clearTimeout(timer);
      };
    },
  };
}
