// ApiError: every way in which a request can fail, in words for the person who made it. The server
// answers application/problem+json, or {"code","message"} under /v2. Pure.

export type Failure = "refused" | "unreachable" | "timeout" | "aborted" | "unreadable";

export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly failure: Failure;
  /** The HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** Alpaca's code, such as 40310000. */
  readonly code: number | null;
  /** The member or parameter at fault, to mark its field. */
  readonly field: string | null;
  /** Why an order was refused: "insufficient_buying_power". */
  readonly reason: string | null;
  readonly retryAfterS: number | null;

  constructor(
    words: string,
    failure: Failure,
    facts: Partial<Pick<ApiError, "status" | "code" | "field" | "reason" | "retryAfterS">> = {},
  ) {
    super(words);
    this.failure = failure;
    this.status = facts.status ?? 0;
    this.code = facts.code ?? null;
    this.field = facts.field ?? null;
    this.reason = facts.reason ?? null;
    this.retryAfterS = facts.retryAfterS ?? null;
  }

  get signInNeeded(): boolean {
    return this.status === 401;
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** The answer of a server that has refused: its status, head and text. */
export interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly text: string;
  /** The account that the request named. */
  readonly account?: string | undefined;
}

export function errorOf(answer: Answer): ApiError {
  const body = fieldsOf(answer.text);
  const retryAfter = Number(answer.retryAfter ?? Number.NaN);
  const retryAfterS = Number.isFinite(retryAfter) ? retryAfter : null;
  const text = (name: string) => (typeof body[name] === "string" ? body[name] : null);
  const said = text("detail") ?? text("message") ?? text("error");
  return new ApiError(wordsOf(answer, said, retryAfterS), "refused", {
    status: answer.status,
    code: typeof body["code"] === "number" ? body["code"] : null,
    field: text("field"),
    reason: text("reason"),
    retryAfterS,
  });
}

function wordsOf(
  { status, account }: Answer,
  said: string | null,
  retryAfterS: number | null,
): string {
  const again = retryAfterS === null ? "Try again." : `Try again in ${retryAfterS} s.`;
  // The server tells nobody which accounts there are.
  if ((status === 401 || said === "forbidden.") && account !== undefined) {
    return `You may not trade in ${account}, or your session has ended.`;
  }
  if (status === 401) return "You are not signed in, or your session has ended. Sign in again.";
  if (status === 429) return `Too many requests at once. ${again}`;
  if (status === 503) return `${sentence(said ?? "the server is busy")} ${again}`;
  if (said !== null) return sentence(said);
  return status >= 500
    ? `The server failed (${status}). ${again}`
    : `The server refused the request (${status}).`;
}

/** "progress is missing" as a sentence: "Progress is missing." */
function sentence(text: string): string {
  // A field's name keeps its spelling.
  const first = /^[a-z]+[_.[]/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}

function fieldsOf(text: string): Fields {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Fields) : {};
  } catch (error) {
    // A proxy's page, or nothing: the status has to do.
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** What to show of anything that was thrown. */
export function wordsOfError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
