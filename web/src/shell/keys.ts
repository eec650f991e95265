// Keys of actions as text: "Ctrl+K", "Alt+Shift+K", "?", "/", "1", and two after each other,
// "G then M". On Apple's keyboards Command counts as Ctrl. Pure.

/** What of a keyboard event matters. */
export interface Stroke {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

const SEQUENCE_MS = 1200;
const MODIFIERS = new Set(["Control", "Shift", "Alt", "Meta", "AltGraph"]);

/** The stroke in the form of an action's keys; null: only a modifier so far. */
export function strokeText(stroke: Stroke): string | null {
  if (MODIFIERS.has(stroke.key)) return null;
  const command = stroke.ctrlKey || stroke.metaKey;
  // With Alt the key may be another letter (Option on Apple's): then its place counts.
  const place = /^(?:Key|Digit)(.)$/.exec(stroke.code)?.[1];
  const key = stroke.altKey && place ? place : stroke.key;
  const letter = key.length === 1 && key !== " " ? key.toUpperCase() : key;
  const parts = [command && "Ctrl", stroke.altKey && "Alt"];
  // Shift is part of the sign itself in "?", but not of letters and named keys.
  if (stroke.shiftKey && (letter.length > 1 || /^[A-Z0-9]$/.test(letter))) parts.push("Shift");
  return [...parts.filter(Boolean), letter].join("+");
}

/** A plain sign, which a text field needs for itself. */
export const isPlain = (keys: string): boolean => !/^(?:Ctrl|Alt)\+/.test(keys);

/** Follows strokes and says which of the known keys they are. */
export class KeySequence {
  #first: string | null = null;
  #at = 0;

  /** `known` are the keys of all actions. Null: nothing, or the first of two. */
  press(stroke: string, known: readonly string[], now: number): string | null {
    const first = this.#first !== null && now - this.#at <= SEQUENCE_MS ? this.#first : null;
    this.#first = null;
    const both = `${first} then ${stroke}`;
    if (first !== null && known.includes(both)) return both;
    if (known.includes(stroke)) return stroke;
    if (known.some((keys) => keys.startsWith(`${stroke} then `))) {
      this.#first = stroke;
      this.#at = now;
    }
    return null;
  }
}
