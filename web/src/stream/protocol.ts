// The messages between the tabs and the one worker that holds the stream. Both sides import only
// this: what crosses the border is plain objects and typed arrays.

/**
 * What a quote has, in the order of its numbers. A field that is missing is NaN. `heard` is when the
 * worker last heard of it, by the clock of this machine.
 */
export const QUOTE_FIELDS = [
  "price",
  "bid",
  "ask",
  "bid_size",
  "ask_size",
  "change",
  "volume",
  "time",
  "heard",
] as const;
export type QuoteField = (typeof QUOTE_FIELDS)[number];
export const QUOTE_WIDTH = QUOTE_FIELDS.length;

/** The server says at least once in this long that the line is alive. */
export const HEARTBEAT_MS = 5000;

/** One record of the tape, as it came: each one exactly once and in order. */
export interface StreamRecord {
  readonly id: string;
  readonly topic: string;
  readonly type: string;
  readonly time: string;
  readonly data: unknown;
}

/** The newest value of a topic of state. */
export type StateEntry = readonly [topic: string, value: unknown];

/** Quotes that changed; the arrays are handed over, never shared. */
export interface QuoteFrame {
  readonly kind: "quotes";
  /** True: every symbol that the worker knows. */
  readonly whole: boolean;
  /** Names of the worker's numbers `base`, `base + 1`, ... */
  readonly base: number;
  readonly symbols: readonly string[];
  readonly at: Uint32Array;
  /** QUOTE_WIDTH numbers for each of `at`. */
  readonly values: Float64Array;
  /** Symbols beyond the worker's limit. */
  readonly leftOut: number;
}

/** What a page can offer when the server has refused for good. */
export type WayOut = "none" | "retry" | "sign_in" | "wait";

export interface Refusal {
  readonly status: number;
  readonly words: string;
  readonly wayOut: WayOut;
  /** When it is tried again without being asked; null: only when asked. */
  readonly retryAt: number | null;
  /** The pattern that may not be read; null: none is named. */
  readonly denied: string | null;
}

/** The line to the server as the worker sees it; times are milliseconds since 1970. */
export interface Line {
  readonly phase: "connecting" | "open" | "lost" | "refused";
  readonly since: number;
  /** When anything came. */
  readonly heardAt: number | null;
  readonly heartbeatAt: number | null;
  /** When the server's feed last brought a price, on this clock. Null: it has none. */
  readonly feedAt: number | null;
  /** True once data or a heartbeat has told how old the feed is. */
  readonly feedKnown: boolean;
  /** The server stops and has told when to come back. */
  readonly backAt: number | null;
  readonly refusal: Refusal | null;
  /** Patterns that this caller may not read; the stream goes on without them. */
  readonly denied: readonly string[];
  /** Passing news: skipped updates. */
  readonly notice: string | null;
  readonly noticeAt: number;
  /** Events that could not be read. Not zero: server and page do not fit. */
  readonly unreadable: number;
}

export interface InspectedEvent {
  readonly class: "record" | "state";
  readonly id: string | null;
  readonly topic: string;
  readonly type: string | null;
  readonly time: string | null;
  readonly data: unknown;
}

export type ToTab =
  | QuoteFrame
  | { readonly kind: "line"; readonly line: Line }
  | { readonly kind: "states"; readonly states: readonly StateEntry[] }
  | { readonly kind: "records"; readonly records: readonly StreamRecord[] }
  | {
      /** All that a screen needs to be right at once; quotes come beside it. */
      readonly kind: "snapshot";
      readonly line: Line;
      readonly states: readonly StateEntry[];
      /** Newest record of each unfinished job. */
      readonly jobs: readonly StreamRecord[];
      /** Alerts that nobody has acknowledged, oldest first. */
      readonly alerts: readonly StreamRecord[];
      /** Records after the tab's `lastId`. */
      readonly records: readonly StreamRecord[];
      /** Records between the tab's `lastId` and `records` are no longer here. */
      readonly missed: boolean;
    }
  /** Unfinished jobs and unacknowledged alerts, as the server's lists have them. */
  | {
      readonly kind: "seeded";
      readonly jobs: readonly StreamRecord[];
      readonly alerts: readonly StreamRecord[];
    }
  /** The server no longer has some records: lists are to be read again. */
  | { readonly kind: "gap"; readonly reason: string }
  | { readonly kind: "acknowledged"; readonly id: string }
  /** The tab's `user` was heard: what was sent before was for the user before. */
  | { readonly kind: "user"; readonly user: string | null }
  | {
      readonly kind: "inspected";
      readonly inspection: number;
      readonly events: readonly InspectedEvent[];
      readonly skipped: number;
    }
  | { readonly kind: "inspection_refused"; readonly inspection: number; readonly words: string };

export type ToWorker =
  | {
      readonly kind: "attach";
      readonly visible: boolean;
      readonly account: string;
      /** Whose user events are wanted; null: nobody is signed in. */
      readonly user: string | null;
      /** The newest record that this tab has, of this or an earlier worker. */
      readonly lastId: string | null;
    }
  | { readonly kind: "ping" }
  | { readonly kind: "visible"; readonly visible: boolean }
  | { readonly kind: "account"; readonly account: string }
  | { readonly kind: "user"; readonly user: string | null }
  | { readonly kind: "inspect"; readonly inspection: number; readonly pattern: string }
  | { readonly kind: "uninspect"; readonly inspection: number }
  | { readonly kind: "retry" }
  | { readonly kind: "acknowledged"; readonly id: string }
  | { readonly kind: "bye" };

/** Where one tab speaks for all: whose message it is. */
export interface FromTab {
  readonly tab: string;
  readonly message: ToWorker;
}
