// Calls actions by their keys, wherever the focus is.

import { actions } from "./actions.svelte";
import { isPlain, KeySequence, strokeText } from "./keys";

const WRITES =
  "input:not([type=checkbox],[type=radio],[type=button]),textarea,select,[contenteditable]";

/** Plain signs belong to the field that has the focus, and to an open dialog. */
function takesPlain(target: EventTarget | null): boolean {
  if (document.querySelector("dialog[open]")) return false;
  return !(target instanceof Element && target.closest(WRITES));
}

/** Returns how to stop. `plainKeys` tells whether keys without Ctrl and Alt act at all. */
export function followKeys(plainKeys: () => boolean): () => void {
  const sequence = new KeySequence();
  const pressed = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing || event.repeat) return;
    const stroke = strokeText(event);
    if (stroke === null) return;
    const plain = isPlain(stroke);
    if (plain && !(plainKeys() && takesPlain(event.target))) return;
    const known = actions.all.filter(
      ({ keys, everywhere }) => keys && (everywhere || !document.querySelector("dialog[open]")),
    );
    const keys = sequence.press(
      stroke,
      known.map((action) => action.keys ?? ""),
      event.timeStamp,
    );
    const action = known.find((each) => each.keys === keys);
    if (!action || keys === null) return;
    event.preventDefault();
    action.run();
  };
  window.addEventListener("keydown", pressed);
  return () => window.removeEventListener("keydown", pressed);
}
