// useLivetape: one native stream of livetape, folded into React state. Copy it into your project.
//
// Every event goes through `reduce`, in order and once, also across reconnects. Use the hook once a
// page, with all topics that the page shows: over HTTP/1.1 a browser opens 6 connections a host.

import { useEffect, useRef, useState } from 'react';

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

export type Status = 'connecting' | 'live' | 'reconnecting';

export interface LivetapeOptions<State> {
  /** "https://tape.example.com"; without it, the page's own server. */
  server?: string;
  /** Patterns such as "market/*". */
  topics: string[];
  /** Event types to receive. */
  types: string[];
  initial: State;
  reduce: (state: State, event: TapeEvent) => State;
  /**
   * Called for each connection, after which all state is told anew: forget yours, if keys of it (an
   * account's positions) may have gone meanwhile. Records are not told again.
   */
  afterHello?: (state: State) => State;
  /** What to show when events are missing: begin anew, or load them from your own database. */
  afterGap: (state: State, gap: Gap) => State;
  /** Called for each connection, so that an expired token is replaced. Not needed with a cookie. */
  token?: () => Promise<string>;
  /** A name: state and position are kept in sessionStorage under it and survive a reload. */
  keepAs?: string;
}

const SILENCE_MS = 15_000; // the server says something every 5 s
const FIRST_DELAY_MS = 2_000;
const LAST_DELAY_MS = 60_000;

export function useLivetape<State>(options: LivetapeOptions<State>) {
  const { server = '', keepAs } = options;
  const topics = options.topics.join(',');
  const types = options.types.join(',');
  const [state, setState] = useState(options.initial);
  const [status, setStatus] = useState<Status>('connecting');
  const newest = useRef(options); // so that new functions do not mean a new connection
  useEffect(() => {
    newest.current = options;
  });

  useEffect(() => {
    const kept = keepAs ? sessionStorage.getItem(keepAs) : null;
    // State and position belong together: a position without the state that led to it shows a hole.
    const position = kept ? JSON.parse(kept) : { id: '', state: newest.current.initial };
    let source: EventSource | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let frame = 0;
    let delay = FIRST_DELAY_MS;
    let closed = false;

    const paint = () => {
      // Once a frame, however many events a frame brings.
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        setState(position.state);
      });
    };
    const keep = () => {
      if (keepAs) sessionStorage.setItem(keepAs, JSON.stringify(position));
    };
    const reopen = () => {
      source?.close();
      clearTimeout(timer);
      setStatus('reconnecting');
      timer = setTimeout(open, delay * (0.5 + Math.random()));
      delay = Math.min(delay * 2, LAST_DELAY_MS);
    };
    const listen = (type: string, then: (data: any) => void) => {
      source!.addEventListener(type, (event) => {
        clearTimeout(timer);
        timer = setTimeout(reopen, SILENCE_MS);
        position.id = event.lastEventId || position.id;
        then(JSON.parse(event.data));
      });
    };
    const fold = (next: State) => {
      position.state = next;
      paint();
    };

    async function open() {
      const query = new URLSearchParams({ topics, types, last_event_id: position.id });
      try {
        if (newest.current.token) query.set('token', await newest.current.token());
      } catch {
        if (!closed) reopen();
        return;
      }
      if (closed) return;
      source = new EventSource(`${server}/api/v1/stream?${query}`, { withCredentials: true });
      listen('hello', () => {
        delay = FIRST_DELAY_MS;
        setStatus('live');
        const { afterHello } = newest.current;
        if (afterHello) fold(afterHello(position.state));
      });
      listen('heartbeat', () => {});
      listen('gap', (gap: Gap) => fold(newest.current.afterGap(position.state, gap)));
      listen('auth', reopen); // the token has expired or was revoked: come back with another
      for (const type of types.split(',')) {
        listen(type, (event: TapeEvent) => fold(newest.current.reduce(position.state, event)));
      }
      source.onerror = () => {
        clearTimeout(timer);
        setStatus('reconnecting');
        // The browser reconnects by itself, except after an answer that is not 200.
        if (source!.readyState === EventSource.CLOSED) reopen();
      };
    }

    paint();
    void open();
    addEventListener('pagehide', keep);
    return () => {
      closed = true;
      source?.close();
      clearTimeout(timer);
      cancelAnimationFrame(frame);
      removeEventListener('pagehide', keep);
      keep();
    };
  }, [server, topics, types, keepAs]);

  return { state, status };
}
