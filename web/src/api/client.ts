// One request to the server, with a time limit: its JSON, or an ApiError with words. Requests have
// nothing to do with the stream: they go through while it is broken.

import { ApiError, errorOf } from "./problem.ts";

export const TIMEOUT_MS = 10_000;

export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface Wish {
  readonly query?: Query;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, with `contentType`. */
  readonly file?: Blob | string;
  readonly contentType?: string;
  /** Whose paper account, under /v2: by name, so that a token reaches it as well. */
  readonly account?: string;
  /** So that a repeated request does nothing twice, where the server knows it. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** A path of fixed parts and names: path`/v2/orders/${id}`. */
export function path(parts: TemplateStringsArray, ...names: readonly string[]): string {
  return parts.reduce((whole, part, place) => {
    const name = names[place - 1];
    return `${whole}${name === undefined ? "" : encodeURIComponent(name)}${part}`;
  });
}

export async function request<Body>(method: Method, where: string, wish: Wish = {}): Promise<Body> {
  const timeout = AbortSignal.timeout(wish.timeoutMs ?? TIMEOUT_MS);
  const signal = wish.signal ? AbortSignal.any([wish.signal, timeout]) : timeout;
  let response: Response;
  let text: string;
  try {
    const { contentType, body } = bodyOf(wish);
    response = await fetch(where + queryText(queryOf(wish)), {
      method,
      headers: headersOf(wish, contentType),
      ...(body === undefined ? {} : { body }),
      signal,
      cache: "no-store",
      credentials: "same-origin",
    });
    text = await response.text();
  } catch (error) {
    throw failureOf(error, method, wish.signal?.aborted ?? false);
  }
  if (!response.ok) {
    const retryAfter = response.headers.get("retry-after");
    throw errorOf({ status: response.status, retryAfter, text, account: wish.account });
  }
  return parsed<Body>(text, response.status);
}

export function queryText(query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  if (given.length === 0) return "";
  return `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

/** A name for a request that is to be done once however often it is sent. */
export function uniqueKey(): string {
  const words = crypto.getRandomValues(new Uint32Array(4));
  return Array.from(words, (word) => word.toString(16).padStart(8, "0")).join("");
}

// A key, in a header, would come before the token of who is signed in.
function queryOf({ query, account }: Wish): Query | undefined {
  return account === undefined ? query : { ...query, account };
}

function bodyOf(wish: Wish): { contentType?: string | undefined; body?: BodyInit } {
  if (wish.file !== undefined) return { contentType: wish.contentType, body: wish.file };
  if (wish.body === undefined) return {};
  return { contentType: "application/json", body: JSON.stringify(wish.body) };
}

function headersOf(wish: Wish, contentType: string | undefined): Record<string, string> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (contentType !== undefined) headers["content-type"] = contentType;
  if (wish.idempotencyKey !== undefined) headers["idempotency-key"] = wish.idempotencyKey;
  return headers;
}

function parsed<Body>(text: string, status: number): Body {
  // 204, and answers that say all by their status.
  if (text === "") return undefined as Body;
  try {
    return JSON.parse(text) as Body;
  } catch {
    const words = "The server's answer could not be read. Reload the page: it may be a newer one.";
    throw new ApiError(words, "unreadable", { status });
  }
}

function failureOf(error: unknown, method: Method, stopped: boolean): ApiError {
  if (stopped) return new ApiError("The request was stopped.", "aborted");
  const asked =
    method === "GET" ? "" : " Whether it was done is not known: look before you repeat it.";
  if (error instanceof DOMException && error.name === "TimeoutError") {
    return new ApiError(`The server did not answer in time.${asked}`, "timeout");
  }
  return new ApiError(`The server cannot be reached.${asked}`, "unreachable");
}
