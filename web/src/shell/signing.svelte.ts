// Signing in and out: the token goes into the cookie that the server reads, and the stream connects
// anew as its subject. All tabs have the one cookie, so that what one does holds for the others.

import { stream } from "../stream/client";
import { accounts } from "./accounts.svelte";
import { type Claims, claimsOf, cookieOf, tokenIn } from "./session";

function readClaims(): Claims | null {
  const token = tokenIn(document.cookie);
  return token === null ? null : claimsOf(token);
}

let claims = $state.raw<Claims | null>(readClaims());

// The message says who it is: the cookie that another tab has just written may not be seen here yet.
const tabs = new BroadcastChannel("livetape-signing");
tabs.onmessage = ({ data }) => void begin(data as Claims | null);

/** Whose page it is from now on; done when his accounts are there. */
function begin(of: Claims | null): Promise<void> {
  if (of?.sub !== claims?.sub) accounts.forget();
  claims = of;
  stream.setUser(of?.sub ?? null);
  return accounts.read();
}

// The cookie is what EventSource can send; the Cookie Store is missing in some browsers.
function write(token: string, of: Claims | null): void {
  // biome-ignore lint/suspicious/noDocumentCookie: see above
  document.cookie = cookieOf(token, of, location.protocol === "https:");
}

export const signing = {
  get claims(): Claims | null {
    return claims;
  },

  /** Empty: done. Otherwise what is wrong with the token. */
  async in(token: string): Promise<string> {
    const of = claimsOf(token);
    if (!of)
      return "That is no token: it has three parts with dots between, as the command prints it.";
    const before = tokenIn(document.cookie);
    write(token, of);
    await accounts.read();
    if (accounts.refused?.signInNeeded) {
      write(before ?? "", before === null ? null : claimsOf(before));
      return "The server does not take this token: it has expired, or another server made it.";
    }
    tabs.postMessage(of);
    await begin(of);
    return "";
  },

  out(): void {
    write("", null);
    tabs.postMessage(null);
    void begin(null);
  },
};
