// Chance that a seed repeats.

/** A function of numbers from 0 to 1 (mulberry32). */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The seed of a run: from the environment, to repeat one, or a new one. */
export const seedFrom = (variable) => Number(process.env[variable] ?? Date.now() % 1e9);

/** The same, but each name has a sequence of its own: what one does changes no other's. */
export function randomOf(seed, name) {
  let hash = seed >>> 0;
  for (const letter of name) hash = Math.imul(hash ^ letter.codePointAt(0), 0x01000193) >>> 0;
  return new Chance(randomFrom(hash));
}

/** Choices out of such a function. */
export class Chance {
  constructor(random) {
    this.random = random;
  }

  /** From 0 to `count` - 1. */
  below(count) {
    return Math.floor(this.random() * count);
  }

  between(low, high) {
    return low + this.random() * (high - low);
  }

  is(probability) {
    return this.random() < probability;
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  /** One name of `weights`, as often as its weight says. */
  weighted(weights) {
    const names = Object.keys(weights);
    let left = this.random() * names.reduce((sum, name) => sum + weights[name], 0);
    return names.find((name) => (left -= weights[name]) < 0) ?? names.at(-1);
  }
}
