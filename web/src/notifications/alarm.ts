// Sound and browser notifications: of all tabs one makes them, the one that holds a lock. A sound
// needs a tab that has been touched, browsers allow none before.

import { holdLock, tabLocks } from "../stream/tab_lock";
import type { Notice } from "./notice";

const VISIBLE = "livetape-visible";
/** More at once are one browser notification that counts them. */
const SHOWN_MAX = 3;
const SOUND_EVERY_MS = 1500;

let notifies = false;
let sounds = false;
let audio: AudioContext | undefined;
let soundedAt = 0;

/** Returns how to stop; locks are held as long as the tab lives. */
export function standForAlarms(): () => void {
  const end = new AbortController();
  const { signal } = end;
  // Without locks each tab speaks for itself while it is seen.
  if (!holdLock("livetape-notify", () => (notifies = true))) notifies = true;
  const touched = (): void => {
    if (!sounds && !holdLock("livetape-sound", () => (sounds = true))) sounds = true;
  };
  for (const kind of ["pointerdown", "keydown"]) {
    document.addEventListener(kind, touched, { signal, once: true });
  }
  let hide: (() => void) | undefined;
  const seen = (): void => {
    hide?.();
    hide = undefined;
    const locks = tabLocks();
    if (document.hidden || !locks) return;
    const hidden = new Promise<void>((resolve) => (hide = resolve));
    void locks.request(VISIBLE, { mode: "shared" }, () => hidden);
  };
  seen();
  document.addEventListener("visibilitychange", seen, { signal });
  return () => {
    hide?.();
    end.abort();
  };
}

async function someTabIsSeen(): Promise<boolean> {
  if (!document.hidden) return true;
  const held = (await tabLocks()?.query())?.held ?? [];
  return held.some(({ name }) => name === VISIBLE);
}

export const canNotify = (): boolean => "Notification" in window && window.isSecureContext;

/** Shows them outside of the page, unless somebody looks at one of its tabs. */
export async function notify(
  notices: readonly Notice[],
  open: (href: string) => void,
): Promise<void> {
  if (!notifies || notices.length === 0 || !canNotify()) return;
  if (Notification.permission !== "granted" || (await someTabIsSeen())) return;
  const several = notices.length > SHOWN_MAX;
  const shown = several
    ? [{ title: `${notices.length} notifications`, text: "", href: "", id: "" }]
    : notices;
  for (const { title, text, href, id } of shown) {
    const notification = new Notification(title, { body: text, tag: `livetape ${id}` });
    notification.onclick = () => {
      window.focus();
      open(href || "#/notifications");
      notification.close();
    };
  }
}

/** Two short notes, falling when it is bad. */
export function sound(bad: boolean, now: number): void {
  if (!sounds || now - soundedAt < SOUND_EVERY_MS) return;
  soundedAt = now;
  playTone(bad);
}

export function playTone(bad: boolean): void {
  audio ??= new AudioContext();
  const context = audio;
  // Asleep until the tab is touched: then there is no sound now, and nothing else to do.
  if (context.state === "suspended") void context.resume().catch(() => undefined);
  for (const [place, pitch] of (bad ? [660, 440] : [660, 880]).entries()) {
    const at = context.currentTime + place * 0.16;
    const volume = context.createGain();
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(0.12, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.15);
    const tone = context.createOscillator();
    tone.frequency.value = pitch;
    tone.connect(volume).connect(context.destination);
    tone.start(at);
    tone.stop(at + 0.16);
  }
}
