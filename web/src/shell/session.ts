// Who is signed in: a token in the cookie that the server reads (docs/access.md). Pure.

export const COOKIE = "livetape_token";

export interface Claims {
  readonly sub: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number | null;
  readonly scope: string;
}

/** What a token says of itself; the server alone checks that it is true. Null: it is no token. */
export function claimsOf(token: string): Claims | null {
  const body = token.split(".")[1];
  if (token.split(".").length !== 3 || !body) return null;
  try {
    const base64 = body.replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof claims !== "object" || claims === null) return null;
    const { sub, exp, scope } = claims as Record<string, unknown>;
    if (typeof sub !== "string" || sub === "") return null;
    return {
      sub,
      expiresAt: typeof exp === "number" ? exp * 1000 : null,
      scope: typeof scope === "string" ? scope : "",
    };
  } catch {
    return null; // not base64, or not JSON: not a token
  }
}

/** The token in `document.cookie`, or null. */
export function tokenIn(cookies: string): string | null {
  for (const pair of cookies.split("; ")) {
    if (pair.startsWith(`${COOKIE}=`)) return pair.slice(COOKIE.length + 1) || null;
  }
  return null;
}

/** What to write to `document.cookie` so that it holds `token`; an empty one takes it away. */
export function cookieOf(token: string, claims: Claims | null, secure: boolean): string {
  const parts = [`${COOKIE}=${token}`, "Path=/", "SameSite=Strict"];
  if (token === "") parts.push("Max-Age=0");
  else if (claims?.expiresAt) parts.push(`Expires=${new Date(claims.expiresAt).toUTCString()}`);
  if (secure) parts.push("Secure");
  return parts.join("; ");
}
