// NoticeBook: what the browser keeps of notifications for all tabs, and how it changes. Pure.
//
// Invariants: newest first; each id once; at most NOTICES_MAX notices; what was taken away does not
// come back from a tab that tells of it later.

import { CATEGORIES } from "./categories.ts";
import type { Notice } from "./notice.ts";

export const NOTICES_MAX = 300;
const GONE_MAX = 600;
const FACTS_MAX = 100;

export interface NoticeBook {
  readonly notices: readonly Notice[];
  /** Ids of those that were taken away, oldest first. */
  readonly gone: readonly string[];
  /** What was last told of a subject, as { "account paper": "HALTED" }: told once by all tabs. */
  readonly facts: Readonly<Record<string, string>>;
}

export const EMPTY_BOOK: NoticeBook = { notices: [], gone: [], facts: {} };

export function added(book: NoticeBook, notices: readonly Notice[]): NoticeBook {
  const known = new Set([...book.gone, ...book.notices.map(({ id }) => id)]);
  const fresh = new Map<string, Notice>();
  for (const notice of notices) if (!known.has(notice.id)) fresh.set(notice.id, notice);
  if (fresh.size === 0) return book;
  const all = [...fresh.values(), ...book.notices].sort((a, b) => b.time - a.time);
  const threads = new Set<string>();
  const replaced: string[] = [];
  const kept = all.filter(({ id, thread }) => {
    if (thread === undefined) return true;
    if (threads.has(thread)) replaced.push(id);
    return !threads.has(thread) && threads.add(thread);
  });
  const dropped = kept.slice(NOTICES_MAX).map(({ id }) => id);
  return {
    ...book,
    notices: kept.slice(0, NOTICES_MAX),
    gone: forgotten(book, [...replaced, ...dropped]),
  };
}

export function read(book: NoticeBook, which: (notice: Notice) => boolean): NoticeBook {
  const notices = book.notices.map(
    (notice): Notice => (!notice.read && which(notice) ? { ...notice, read: true } : notice),
  );
  return { ...book, notices };
}

export function cleared(book: NoticeBook, which: (notice: Notice) => boolean): NoticeBook {
  const ids = book.notices.filter(which).map(({ id }) => id);
  return {
    ...book,
    notices: book.notices.filter((notice) => !which(notice)),
    gone: forgotten(book, ids),
  };
}

/** What is now true of a subject. Null: nothing new, it was told before. */
export function withFact(book: NoticeBook, subject: string, fact: string): NoticeBook | null {
  if (book.facts[subject] === fact) return null;
  const { [subject]: _, ...others } = book.facts;
  const newest = Object.entries(others).slice(1 - FACTS_MAX);
  return { ...book, facts: { ...Object.fromEntries(newest), [subject]: fact } };
}

export const unreadCount = (notices: readonly Notice[]): number =>
  notices.reduce((count, { read: isRead }) => (isRead ? count : count + 1), 0);

/** What one may see who is signed in as `sub`; undefined: nobody is. */
export const isFor = ({ of }: Notice, sub?: string): boolean => !of || of === sub;

function forgotten(book: NoticeBook, ids: readonly string[]): readonly string[] {
  return ids.length === 0 ? book.gone : [...book.gone, ...ids].slice(-GONE_MAX);
}

export function isNoticeBook(stored: unknown): stored is NoticeBook {
  if (!isObject(stored)) return false;
  const { notices, gone, facts } = stored;
  return Array.isArray(notices) && notices.every(isNotice) && isTexts(gone) && isObject(facts);
}

function isNotice(stored: unknown): boolean {
  if (!isObject(stored)) return false;
  const { id, category, tone, title, text, time, href, of = "" } = stored;
  return (
    isTexts([id, tone, title, text, href, of]) &&
    typeof category === "string" &&
    category in CATEGORIES &&
    typeof time === "number"
  );
}

const isTexts = (values: unknown): boolean =>
  Array.isArray(values) && values.every((value) => typeof value === "string");

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;
