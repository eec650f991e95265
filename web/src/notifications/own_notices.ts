// What the page finds out by itself: halted accounts, the connection, the session. Pure.

import type { AccountState } from "../api/accounts.ts";
import type { Claims } from "../shell/session.ts";
import type { Freshness } from "../stream/freshness.ts";
import type { Notice } from "./notice.ts";

const SOON_MS = 5 * 60_000;

export function accountNotice(name: string, state: AccountState, now: number): Notice {
  const words = {
    HALTED: {
      tone: "bad",
      title: `Trading halted: ${name}`,
      text: "Open orders were cancelled, new ones are refused.",
    },
    REDUCING: {
      tone: "bad",
      title: `Reducing only: ${name}`,
      text: "Only orders that make positions smaller are taken.",
    },
    ACTIVE: { tone: "good", title: `Trading resumed: ${name}`, text: "Orders are taken again." },
  } as const;
  return {
    id: `account ${name} ${state} ${now}`,
    category: "halt",
    time: now,
    href: "#/risk",
    ...words[state],
  };
}

export type ConnectionFact = "lost" | "there";

/** Null: neither is certain. */
export function connectionFact({ state }: Pick<Freshness, "state">): ConnectionFact | null {
  if (state === "offline" || state === "stalled") return "lost";
  return state === "connecting" ? null : "there";
}

export function connectionNotice(fact: ConnectionFact, { detail }: Freshness, now: number): Notice {
  const words =
    fact === "lost"
      ? ({ tone: "bad", title: "Connection lost", text: detail } as const)
      : ({
          tone: "good",
          title: "Connected again",
          text: "Messages go on where they stopped.",
        } as const);
  return { id: `connection ${fact} ${now}`, category: "connection", time: now, href: "", ...words };
}

export function gapNotice(reason: string, now: number): Notice {
  return {
    id: `gap ${now}`,
    category: "connection",
    tone: "bad",
    title: "Some messages are lost",
    text: `The server no longer has all since the last connection (${reason.replaceAll("_", " ")}). Lists were read again.`,
    time: now,
    href: "",
  };
}

/** The end of a session, soon or now; null while there is none or it lasts. */
export function sessionNotice(
  claims: Claims | null,
  freshness: Pick<Freshness, "state" | "wayOut" | "detail">,
  now: number,
): Notice | null {
  if (!claims) return null;
  const { sub, expiresAt } = claims;
  const left = expiresAt === null ? Number.POSITIVE_INFINITY : expiresAt - now;
  const refused = freshness.state === "offline" && freshness.wayOut === "sign_in";
  if (left > SOON_MS && !refused) return null;
  const ended = refused || left <= 0;
  return {
    id: `session ${sub} ${expiresAt} ${ended ? "ended" : "soon"}`,
    category: "session",
    tone: "bad",
    title: ended ? "Your session has ended" : "Your session ends soon",
    text: ended
      ? (refused && freshness.detail) || "Sign in again."
      : `In ${Math.max(1, Math.round(left / 60_000))} min. Sign in with a new token.`,
    time: now,
    href: "#/notifications",
  };
}
