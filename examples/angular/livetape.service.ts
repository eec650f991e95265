// LivetapeService: native streams of livetape as RxJS observables. Copy it into your project.
//
// An observable brings every event in order and once, also across reconnects, and never fails: it
// comes back until it is unsubscribed. Each subscription is one connection: over HTTP/1.1 a browser
// opens 6 a host, so ask for all topics of a page at once and share() what several parts need.

import { Injectable } from '@angular/core';
import { Observable, defer, from, retry, switchMap, tap, timer } from 'rxjs';

/** One record or one new value of a state key. `data` is what was published. */
export interface TapeEvent {
  topic: string;
  type: string;
  time: string;
  data: any;
  /** Of state of which a topic has several; with `data` null it is gone. */
  key?: string;
}

/** What lay between `requested` and `resumed_at` is no longer kept, or never was. */
export interface Gap {
  reason: 'expired' | 'unknown_epoch' | 'malformed' | 'future';
  requested: string;
  resumed_at: string;
  missed: number | null;
}

/**
 * `id` is the position after it: keep it with what you made of the events, pass it as `after`. After
 * the status `live` all state is told anew: forget yours there, if keys of it (an account's positions)
 * may have gone meanwhile.
 */
export type Update = { id: string } & (
  | { kind: 'event'; event: TapeEvent }
  | { kind: 'gap'; gap: Gap }
  | { kind: 'status'; status: 'live' | 'reconnecting' }
);

export interface StreamOptions {
  /** "https://tape.example.com"; without it, the page's own server. */
  server?: string;
  /** Patterns such as "market/*". */
  topics: string[];
  /** Event types to receive. */
  types: string[];
  /** The id of an earlier update: continue behind it. */
  after?: string;
  /** Called for each connection, so that an expired token is replaced. Not needed with a cookie. */
  token?: () => Promise<string>;
}

const SILENCE_MS = 15_000; // the server says something every 5 s
const FIRST_DELAY_MS = 2_000;
const LAST_DELAY_MS = 60_000;

@Injectable({ providedIn: 'root' })
export class LivetapeService {
  stream(options: StreamOptions): Observable<Update> {
    return defer(() => {
      let id = options.after ?? '';
      let attempts = 0;
      return defer(() => from(options.token?.() ?? Promise.resolve(''))).pipe(
        switchMap((token) => connect(options, id, token)),
        tap((update) => {
          id = update.id;
          if (update.kind === 'status' && update.status === 'live') attempts = 0;
        }),
        retry({
          delay: () => {
            const delay = Math.min(FIRST_DELAY_MS * 2 ** attempts++, LAST_DELAY_MS);
            return timer(delay * (0.5 + Math.random()));
          },
        }),
      );
    });
  }
}

/** One EventSource; an error when it has given up or must be replaced. */
function connect({ server = '', topics, types }: StreamOptions, after: string, token: string) {
  return new Observable<Update>((subscriber) => {
    const query = new URLSearchParams({ topics: topics.join(','), types: types.join(',') });
    if (after) query.set('last_event_id', after);
    if (token) query.set('token', token);
    const source = new EventSource(`${server}/api/v1/stream?${query}`, { withCredentials: true });
    let id = after;
    let silence: ReturnType<typeof setTimeout> | undefined;

    const listen = (type: string, then: (data: any) => void) => {
      source.addEventListener(type, (event) => {
        clearTimeout(silence);
        silence = setTimeout(() => giveUp('silence'), SILENCE_MS);
        id = event.lastEventId || id;
        then(JSON.parse(event.data));
      });
    };
    const giveUp = (why: string) => {
      subscriber.next({ id, kind: 'status', status: 'reconnecting' });
      subscriber.error(new Error(why));
    };

    listen('hello', () => subscriber.next({ id, kind: 'status', status: 'live' }));
    listen('heartbeat', () => {});
    listen('gap', (gap: Gap) => subscriber.next({ id, kind: 'gap', gap }));
    listen('auth', ({ reason }) => giveUp(reason)); // expired, revoked: come back with a new token
    for (const type of types) {
      listen(type, (event: TapeEvent) => subscriber.next({ id, kind: 'event', event }));
    }
    source.onerror = () => {
      clearTimeout(silence);
      // The browser reconnects by itself, except after an answer that is not 200.
      if (source.readyState === EventSource.CLOSED) giveUp('refused');
      else subscriber.next({ id, kind: 'status', status: 'reconnecting' });
    };
    return () => {
      source.close();
      clearTimeout(silence);
    };
  });
}
