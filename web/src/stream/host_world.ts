// The world of a Host in a browser: EventSource, fetch and clocks of the worker or the tab.

import type { HostWorld } from "./host.ts";

const TIMEOUT_MS = 8000;

export const browserWorld: HostWorld = {
  open(url, events) {
    const source = new EventSource(url);
    source.onmessage = (event: MessageEvent<string>) => {
      events.message(event.data, event.lastEventId);
    };
    source.onerror = () => events.error();
    return source;
  },
  now: () => Date.now(),
  random: () => Math.random(),
  soon: (run) => {
    setTimeout(run, 0);
  },

  async read(path) {
    const response = await fetch(path, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    return response.json();
  },

  // The same request as the stream's: an EventSource does not tell why it was refused.
  async probe(url) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), TIMEOUT_MS);
    try {
      const response = await fetch(url, {
        headers: { accept: "text/event-stream" },
        cache: "no-store",
        signal: stop.signal,
      });
      const retryAfter = Number(response.headers.get("retry-after") ?? NaN);
      return {
        status: response.status,
        retryAfterS: Number.isFinite(retryAfter) ? retryAfter : null,
        // A stream has no end: only a refusal's body is read.
        body: response.ok ? "" : await response.text(),
      };
    } catch {
      // Not reached, or no answer in time: to the follower that is one thing, and it tries again.
      return null;
    } finally {
      clearTimeout(timer);
      stop.abort();
    }
  },
};
