// What a developer publishes: the form as a request. The data goes out as it was typed, so that no
// number changes on the way. Pure.

import type { ChannelName } from "../api/publish.ts";
import type { Schema } from "../api/types.ts";

export type Target = "topic" | "channel" | "user";
export type EventType = Schema<"EventType">;

export interface Publication {
  readonly target: Target;
  readonly topic: string;
  readonly type: string;
  readonly class: "record" | "state";
  readonly key: string;
  readonly channel: ChannelName;
  readonly event: string;
  /** Whose event it is, as a comma list; empty: everyone's. */
  readonly users: string;
  /** JSON as it was typed. */
  readonly data: string;
}

/** A POST of JSON. */
export interface Call {
  readonly path: string;
  readonly body: string;
}

/** What is wrong with the data; null: nothing. */
export function dataFault(text: string): string | null {
  if (text.trim() === "") return "Data is missing: {} or null at the least.";
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return `This is not JSON: ${error instanceof Error ? error.message : String(error)}.`;
  }
}

/** JSON without the blanks between its parts; numbers keep their digits. */
export const compact = (json: string): string =>
  json.replace(/("(?:\\.|[^"\\])*")|\s+/g, (_, text: string | undefined) => text ?? "");

const object = (members: readonly (readonly [name: string, json: string])[]): string =>
  `{${members.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(",")}}`;

const namesIn = (list: string): string[] =>
  list
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);

export function callOf(form: Publication): Call {
  const data = compact(form.data);
  switch (form.target) {
    case "topic":
      return { path: "/api/v1/publish", body: object([...topicMembers(form), ["data", data]]) };
    case "channel":
      return { path: `/api/v1/sse/${form.channel}`, body: data };
    case "user": {
      const users = namesIn(form.users);
      const to = users.length === 0 ? ["broadcast", "true"] : ["user_ids", JSON.stringify(users)];
      const event = ["event", JSON.stringify(form.event)] as const;
      return {
        path: "/api/v1/events",
        body: object([to as [string, string], event, ["data", data]]),
      };
    }
  }
}

// Only what differs from the server's defaults, so that the lines to copy stay short.
function topicMembers(form: Publication): [string, string][] {
  const members: [string, string][] = [["topic", JSON.stringify(form.topic)]];
  if (form.type !== "") members.push(["type", JSON.stringify(form.type)]);
  if (form.class === "state") members.push(["class", '"state"']);
  if (form.class === "state" && form.key !== "") members.push(["key", JSON.stringify(form.key)]);
  return members;
}

/** A valid event of each channel. */
export const CHANNEL_DATA: Record<ChannelName, unknown> = {
  training: {
    task_id: "test-1",
    progress: 40,
    status: "running",
    message: "Round 40 of 100",
    metrics: { loss: 0.31, accuracy: 0.87 },
  },
  backtest: { backtest_id: "test-1", progress: 100, status: "completed", results: { trades: 12 } },
  alerts: {
    alert_type: "drawdown",
    severity: "high",
    message: "Drawdown over 10 %",
    metric_value: 0.112,
    threshold: 0.1,
  },
  dashboard: { update_type: "metrics", data: { open_orders: 3 } },
};

const EXAMPLES: Record<EventType["payload"][string], unknown> = {
  string: "text",
  number: 1,
  decimal: "1.50",
  boolean: true,
  array: [],
  any: null,
};

/** Data with every field that an event of the registry has to have. */
export const exampleOf = (event: EventType): unknown =>
  Object.fromEntries(
    Object.entries(event.payload).map(([field, type]) => [field, exampleOfField(field, type)]),
  );

// A text says what it stands for: "file_name".
const exampleOfField = (field: string, type: EventType["payload"][string]): unknown =>
  type === "string" ? field : EXAMPLES[type];

export const pretty = (value: unknown): string => JSON.stringify(value, null, 2);
