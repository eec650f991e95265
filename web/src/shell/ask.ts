// A plain request of the shell, with its failure in words. Never waits longer than a person does.

export interface Refused {
  /** 0: the server was not reached. */
  readonly status: number;
  readonly title: string;
  readonly text: string;
}

export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refused: Refused };

const PATIENCE_MS = 10_000;

/** What a person is told of an answer that is not good. */
export function wordsOf(status: number, body: unknown): Refused {
  const said =
    typeof body === "object" && body !== null
      ? ((body as Record<string, unknown>)["detail"] ??
        (body as Record<string, unknown>)["message"])
      : undefined;
  const text = typeof said === "string" ? said : `The server answered ${status}.`;
  if (status === 401) return { status, title: "Sign in to do this", text };
  if (status === 403) return { status, title: "Your token does not allow this", text };
  if (status === 503) return { status, title: "The server is busy; try again", text };
  return { status, title: "The server refused", text };
}

export async function ask<T>(
  path: string,
  request: { method?: string; body?: unknown } = {},
): Promise<Answer<T>> {
  let response: Response;
  try {
    response = await fetch(path, {
      method: request.method ?? "GET",
      signal: AbortSignal.timeout(PATIENCE_MS),
      ...(request.body === undefined
        ? {}
        : {
            body: JSON.stringify(request.body),
            headers: { "Content-Type": "application/json" },
          }),
    });
  } catch (error) {
    const late = error instanceof DOMException && error.name === "TimeoutError";
    return {
      ok: false,
      refused: {
        status: 0,
        title: late ? "The server did not answer in time" : "The server was not reached",
        text: "Is it running? Nothing is known about whether it was done: look before you try again.",
      },
    };
  }
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) return { ok: false, refused: wordsOf(response.status, body) };
  return { ok: true, value: body as T };
}
