// What a refused stream means, in words, and what can be done. Pure.

import { isFields } from "./decode.ts";
import type { Refusal } from "./protocol.ts";

/** The answer to a plain request for the same address; null: the server was not reached. */
export interface Probe {
  readonly status: number;
  readonly retryAfterS: number | null;
  readonly body: string;
}

const WAIT_S = 30;
/** A 403 names the first pattern that reaches too far. */
const DENIED = /topic pattern (\S+) reaches/;

/** Null: nothing is wrong, or it will pass: open again. */
export function refusalOf(probe: Probe | null, now: number): Refusal | null {
  if (probe === null || probe.status < 400 || probe.status >= 500) return null;
  const { status } = probe;
  const detail = detailOf(probe.body);
  switch (status) {
    case 401:
      return signIn(status, "Sign in to go on: this server wants a token.");
    case 403:
      return {
        ...signIn(status, `This is not yours to see: ${detail}. Sign in as someone who may.`),
        denied: DENIED.exec(detail)?.[1] ?? null,
      };
    case 429:
      return {
        status,
        words: "Too many streams are open from here: close other pages of this server.",
        wayOut: "wait",
        retryAt: now + (probe.retryAfterS ?? WAIT_S) * 1000,
        denied: null,
      };
    default:
      return {
        status,
        words: `The server refused the stream (${status}): ${detail}. Reload the page.`,
        wayOut: "retry",
        retryAt: null,
        denied: null,
      };
  }
}

/** The server ended the stream because of the token. */
export function expiry(reason: string): Refusal {
  const words =
    reason === "revoked"
      ? "Your session was ended. Sign in again."
      : "Your session has expired. Sign in again.";
  return signIn(401, words);
}

function signIn(status: number, words: string): Refusal {
  return { status, words, wayOut: "sign_in", retryAt: null, denied: null };
}

function detailOf(body: string): string {
  let value: unknown = null;
  try {
    value = JSON.parse(body);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const detail = isFields(value) ? value["detail"] : null;
  return typeof detail === "string" && detail !== "" ? detail : "it gave no reason";
}
