// The notifications of the page: what the stream tells, and what the page itself finds out, goes into
// the list that all tabs share, and the ways that were chosen for it. Runs on every page.

import { untrack } from "svelte";

import { isFlag, Remembered } from "../settings/remembered.svelte";
import { accounts } from "../shell/accounts.svelte";
import { hrefOf } from "../shell/route";
import { router } from "../shell/router.svelte";
import { signing } from "../shell/signing.svelte";
import { toasts } from "../shell/toasts.svelte";
import { type Freshness, type StreamRecord, stream } from "../stream/client";
import { notify, sound, standForAlarms } from "./alarm";
import {
  type CategoryName,
  type Choices,
  categoryOf,
  choose,
  goes,
  isChoices,
  type Way,
} from "./categories";
import { NOTICED, type Notice, noticeOf } from "./notice";
import {
  added,
  cleared,
  EMPTY_BOOK,
  isFor,
  isNoticeBook,
  NOTICES_MAX,
  read,
  unreadCount,
  withFact,
} from "./notice_book";
import { Once } from "./once";
import {
  accountNotice,
  connectionFact,
  connectionNotice,
  gapNotice,
  sessionNotice,
} from "./own_notices";

const FLUSH_MS = 100;
const TOASTS_MAX = 3;
const GAP_EVERY_MS = 10_000;
/** More than the list holds, so that nothing in it is heard again. */
const REMEMBERED_MAX = 2000;
const PAGE = hrefOf("notifications");

const book = new Remembered("notices", EMPTY_BOOK, isNoticeBook);
const choices = new Remembered<Choices>("notice-ways", {}, isChoices);
const withSound = new Remembered("notice-sound", false, isFlag);
const outside = new Remembered("notice-outside", false, isFlag);

let waiting: Notice[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;
/** Not shown as toasts because nobody saw this tab. */
let unseen: Notice[] = [];
/** So that each is heard once, whether this tab or another one has told of it. */
let alarmed = new Once(REMEMBERED_MAX);
const said = new Once(REMEMBERED_MAX);

const isMine = (notice: Notice): boolean => isFor(notice, signing.claims?.sub);
const mine = $derived(book.value.notices.filter(isMine));

export const notices = {
  get all(): readonly Notice[] {
    return mine;
  },
  get unread(): number {
    return unreadCount(mine);
  },
  withSound,
  outside,
  goes: (name: CategoryName, way: Way): boolean => goes(choices.value, name, way),
  choose(name: CategoryName, way: Way, on: boolean): void {
    choices.update((now) => choose(now, name, way, on));
  },
  markRead(which: (notice: Notice) => boolean): void {
    book.update((now) => read(now, (notice) => isMine(notice) && which(notice)));
  },
  clear(which: (notice: Notice) => boolean): void {
    book.update((now) => cleared(now, (notice) => isMine(notice) && which(notice)));
  },

  /** Called once, by the shell. Returns how to stop. */
  follow: () => untrack(follow),
};

function follow(): () => void {
  alarmed = new Once(
    REMEMBERED_MAX,
    book.value.notices.map(({ id }) => id),
  );
  const stops = [
    standForAlarms(),
    ...NOTICED.map((pattern) => stream.onRecord(pattern, heard)),
    stream.onGap(gap),
    stream.freshness.subscribe(looked),
    $effect.root(() => {
      $effect(() => {
        const { list } = accounts;
        untrack(() => followAccounts(list));
      });
      $effect(() => {
        const fresh = book.value.notices.filter(({ id }) => !alarmed.has(id));
        untrack(() => alarm(fresh));
      });
    }),
  ];
  const end = new AbortController();
  document.addEventListener("visibilitychange", shown, { signal: end.signal });
  window.addEventListener("pagehide", flush, { signal: end.signal });
  return () => {
    end.abort();
    for (const stop of stops) stop();
    flush();
  };
}

function tell(notice: Notice): void {
  const { claims } = signing;
  waiting.push(claims ? { ...notice, of: claims.sub } : notice);
  timer ??= setTimeout(flush, FLUSH_MS);
}

/** Of something that stays true: once in this tab. */
function sayOnce(notice: Notice | null): void {
  if (notice && said.add(notice.id)) tell(notice);
}

/** Of something that changes: once in all tabs. */
function sayFact(subject: string, fact: string, notice: Notice | null): void {
  let fresh = false;
  book.update((now) => {
    const next = withFact(now, subject, fact);
    fresh = next !== null;
    return next ?? now;
  });
  if (fresh && notice) tell(notice);
}

function flush(): void {
  clearTimeout(timer);
  timer = undefined;
  if (waiting.length === 0) return;
  const told = waiting;
  waiting = [];
  const listed = told.filter(({ category }) => notices.goes(category, "list"));
  if (listed.length > 0) book.update((now) => added(now, listed));
  const popping = told.filter(({ category, thread }) => !thread && notices.goes(category, "toast"));
  if (document.hidden) unseen = [...unseen, ...popping].slice(-NOTICES_MAX);
  else pop(popping);
  alarm(told);
}

function pop(popping: readonly Notice[]): void {
  // On the page that lists them the list is enough, but for what matters most.
  const onPage = router.route.page === "notifications";
  const wanted = popping.filter(
    ({ category }) => !onPage || categoryOf(category).always || !notices.goes(category, "list"),
  );
  const kinds = new Set(wanted.map(({ many, id }) => many ?? id));
  if (kinds.size > TOASTS_MAX) {
    summary("new notifications", wanted);
    return;
  }
  for (const { tone, title, text, href, many } of wanted) {
    const action = href === "" ? undefined : { label: "Show", run: () => router.go(href) };
    toasts.show({ tone, title, text, ...(many && { many }), ...(action && { action }) });
  }
}

function summary(many: string, of: readonly Notice[]): void {
  const grave =
    of.find(({ category, tone }) => tone === "bad" && category !== "job") ??
    of.find(({ tone }) => tone === "bad");
  toasts.show({
    tone: grave ? "bad" : "info",
    title: "",
    many,
    count: of.length,
    text: grave ? `Among them: ${grave.title}` : (of.at(-1)?.title ?? ""),
    action: { label: "Show", run: () => router.go(PAGE) },
  });
}

function alarm(told: readonly Notice[]): void {
  const fresh = told.filter(
    (each) => !alarmed.has(each.id) && !each.thread && !each.read && isMine(each),
  );
  for (const { id } of told) alarmed.add(id);
  if (fresh.length === 0) return;
  const loud = fresh.filter(({ category }) => notices.goes(category, "sound"));
  if (withSound.value && loud.length > 0) {
    sound(
      loud.some(({ tone }) => tone === "bad"),
      Date.now(),
    );
  }
  if (outside.value) {
    void notify(
      fresh.filter(({ category }) => notices.goes(category, "toast")),
      router.go,
    );
  }
}

/** The tab is seen again, or no longer. */
function shown(): void {
  flush();
  if (document.hidden || unseen.length === 0) return;
  const missed = unseen.filter(isMine);
  unseen = [];
  if (missed.length === 0) return;
  if (missed.length === 1) pop(missed);
  else summary("notifications while you were away", missed);
}

function heard(record: StreamRecord): void {
  const notice = noticeOf(record);
  if (!notice) return;
  tell(notice);
  // Both may be signs of a halt, of which the stream itself has no record.
  if (notice.category === "risk" || notice.category === "rejected") void accounts.read();
}

function gap(reason: string): void {
  const now = Date.now();
  if (now - Number(book.value.facts["gap"] ?? 0) < GAP_EVERY_MS) return;
  sayFact("gap", String(now), gapNotice(reason, now));
}

function looked(freshness: Freshness): void {
  const now = Date.now();
  sayOnce(sessionNotice(signing.claims, freshness, now));
  const fact = connectionFact(freshness);
  // A first state is no news.
  if (fact)
    sayFact(
      "connection",
      fact,
      said.has("connection") ? connectionNotice(fact, freshness, now) : null,
    );
  if (fact) said.add("connection");
}

function followAccounts(list: typeof accounts.list): void {
  for (const { name, state } of list) {
    const before = book.value.facts[`account ${name}`];
    const news = state !== "ACTIVE" || before !== undefined;
    sayFact(`account ${name}`, state, news ? accountNotice(name, state, Date.now()) : null);
  }
}
