// A value that outlives the page: kept in the browser's storage under a name, read once, followed
// when another tab changes it.
//
//   export const watchlist = new Remembered("watchlist", ["AAPL"], isListOfTexts);
//   watchlist.value            // reactive
//   watchlist.value = [...]    // written at once

const PREFIX = "livetape.";

/** Whether what stands in the storage can be taken; anything else becomes the fallback. */
export type Accepts<T> = (stored: unknown) => stored is T;

/** The value that `text` holds, or `fallback` where it holds none that is accepted. */
export function readStored<T>(text: string | null, fallback: T, accepts: Accepts<T>): T {
  if (text === null) return fallback;
  try {
    const stored: unknown = JSON.parse(text);
    return accepts(stored) ? stored : fallback;
  } catch {
    return fallback; // of another version, or edited by hand: the default is right again
  }
}

// False once the browser has refused to keep something: a private window, or no space.
let keeps = $state(true);
export const storage = {
  get keeps(): boolean {
    return keeps;
  },
};

function readText(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    keeps = false;
    return null;
  }
}

export class Remembered<T> {
  #value: T;
  readonly #key: string;
  readonly #accepts: Accepts<T>;

  constructor(name: string, fallback: T, accepts: Accepts<T>) {
    this.#key = PREFIX + name;
    this.#accepts = accepts;
    this.#value = $state.raw(readStored(readText(this.#key), fallback, accepts));
    window.addEventListener("storage", (event) => {
      if (event.key === this.#key) this.#value = readStored(event.newValue, fallback, accepts);
    });
  }

  get value(): T {
    return this.#value;
  }

  set value(value: T) {
    this.#value = value;
    try {
      localStorage.setItem(this.#key, JSON.stringify(value));
    } catch {
      keeps = false; // the settings dialog says that nothing will be remembered
    }
  }

  /** Changes what is there now, with what other tabs have written a moment ago. */
  update(change: (value: T) => T): void {
    const stored = readStored(readText(this.#key), this.#value, this.#accepts);
    const changed = change(stored);
    if (changed === stored) this.#value = stored;
    else this.value = changed;
  }
}

/** Accepts one of the given texts. */
export const oneOf =
  <T extends string>(...allowed: readonly T[]): Accepts<T> =>
  (stored): stored is T =>
    (allowed as readonly unknown[]).includes(stored);

export const isText: Accepts<string> = (stored): stored is string => typeof stored === "string";

export const isFlag: Accepts<boolean> = (stored): stored is boolean => typeof stored === "boolean";

export const isListOfTexts: Accepts<string[]> = (stored): stored is string[] =>
  Array.isArray(stored) && stored.every((each) => typeof each === "string");
