// User events in words: docs/user-events.md has their types and payloads. Pure.

import { formatDuration } from "../format/times.ts";

type Payload = Readonly<Record<string, unknown>>;

const SUBJECTS: Readonly<Record<string, string>> = {
  "sync.accounts": "Accounts",
  "sync.transactions": "Transactions",
  "sync.holdings": "Holdings",
};

const TITLES: Readonly<Record<string, string>> = {
  "provider.token.expiring": "Access to {provider_slug} ends soon",
  "provider.token.refreshed": "Access to {provider_slug} renewed",
  "provider.token.failed": "Access to {provider_slug} failed",
  "provider.disconnected": "{provider_slug} disconnected",
  "ai.response.chunk": "An answer is being written",
  "ai.tool.executing": "The assistant uses {tool_name}",
  "ai.response.complete": "An answer is complete",
  "import.started": "Import of {file_name} started",
  "import.progress": "Import of {file_name}: {progress_percent} %",
  "import.completed": "{file_name} imported",
  "import.failed": "Import of {file_name} failed",
  "portfolio.balance.updated": "Balance of {account_id}: {new_balance} {currency}",
  "portfolio.holdings.updated": "Holdings of {account_id} updated",
  "portfolio.networth.updated": "Net worth: {new_net_worth} {currency}",
  "security.session.new": "New session from {ip_address}",
  "security.session.suspicious": "Suspicious session",
  "security.session.expiring": "Your session ends soon",
  "security.session.revoked": "A session was revoked",
  "security.password.changed": "Password changed by {initiated_by}",
  "security.login.failed": "A sign-in failed",
};

/** Members that say what the title leaves out, in the order of reading. */
const DETAILS: readonly [member: string, words: (value: string) => string][] = [
  ["reason", (reason) => reason],
  ["expires_in_seconds", (seconds) => `in ${formatDuration(Number(seconds) * 1000)}`],
  ["account_count", (count) => counted(count, "account")],
  ["transaction_count", (count) => counted(count, "transaction")],
  ["holdings_count", (count) => counted(count, "holding")],
  ["records_processed", (count) => counted(count, "record")],
  ["delta", (delta) => `changed by ${delta}`],
  ["needs_reauth", (needed) => (needed === "true" ? "sign in there again" : "")],
  ["device_info", (device) => device],
  ["connection_id", (id) => `connection ${id}`],
];

const DONE: Readonly<Record<string, string>> = {
  started: "are being fetched",
  completed: "fetched",
  failed: "could not be fetched",
};

export interface Words {
  readonly title: string;
  readonly text: string;
}

export function wordsOfUserEvent(type: string, payload: Payload): Words {
  const [, subject = "", outcome = ""] = /^(.*)\.(\w+)$/.exec(type) ?? [];
  const synced = SUBJECTS[subject];
  const title = synced
    ? `${synced} ${DONE[outcome] ?? outcome}`
    : (TITLES[type] ?? type).replace(/\{(\w+)\}/g, (_, member: string) => plain(payload[member]));
  const details = DETAILS.flatMap(([member, words]) => {
    const value = plain(payload[member]);
    const said = value === "" ? "" : words(value);
    return said === "" ? [] : [said];
  });
  return { title, text: details.join(" · ") };
}

/** One entry for all that is told of one answer or file while it goes on. */
export function threadOf(type: string, payload: Payload): string | null {
  if (type === "ai.response.chunk") return `ai ${plain(payload["conversation_id"])}`;
  return type === "import.progress" ? `import ${plain(payload["file_name"])}` : null;
}

function counted(count: string, noun: string): string {
  return `${count} ${noun}${count === "1" ? "" : "s"}`;
}

function plain(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
