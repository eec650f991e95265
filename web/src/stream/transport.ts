// How a tab reaches its host: by a SharedWorker where the browser has them; else the tab that holds
// a lock hosts the stream and shares it over a BroadcastChannel; where there are no locks either,
// each tab follows for itself.

import { Host } from "./host.ts";
import { browserWorld } from "./host_world.ts";
import type { Tab } from "./hub.ts";
import type { ToTab, ToWorker } from "./protocol.ts";
import { holdLock } from "./tab_lock.ts";
import { workerScript } from "./worker_script.ts";

export interface Transport {
  post(message: ToWorker): void;
  /** After the host has fallen silent. */
  restart(): Transport;
}

export interface TransportEvents {
  message(message: ToTab): void;
  /** There is a new host: it knows nothing of this tab. */
  ready(): void;
}

export function openTransport(events: TransportEvents): Transport {
  if (typeof SharedWorker === "function") return sharedWorker(events);
  return relay(events);
}

function sharedWorker(events: TransportEvents): Transport {
  const worker = new SharedWorker(workerScript(), { name: "livetape", type: "module" });
  const { port } = worker;
  port.onmessage = (event: MessageEvent<ToTab>) => events.message(event.data);
  const name = `livetape-tab-${uniqueName()}`;
  holdLock(name, () => port.postMessage({ kind: "lock", name }));
  queueMicrotask(events.ready);
  return {
    post: (message) => port.postMessage(message),
    restart() {
      port.close();
      return sharedWorker(events);
    },
  };
}

type Relayed =
  | { readonly to: "host"; readonly from: string; readonly message: ToWorker }
  | { readonly to: "tab"; readonly tab: string; readonly message: ToTab }
  | { readonly to: "all" };

function relay(events: TransportEvents): Transport {
  const me = uniqueName();
  let host: Host | null = null;
  const own: Tab = { post: (message) => queueMicrotask(() => events.message(message)) };
  const channel = navigator.locks === undefined ? null : new BroadcastChannel("livetape-stream");
  const tabs = new Map<string, Tab>();

  const beHost = () => {
    const hosted = new Host(browserWorld);
    host = hosted;
    setInterval(() => hosted.tick(), 1000);
    channel?.postMessage({ to: "all" } satisfies Relayed);
    events.ready();
  };
  const tabNamed = (tab: string): Tab => {
    const known = tabs.get(tab);
    if (known !== undefined) return known;
    const post = (message: ToTab) =>
      channel?.postMessage({ to: "tab", tab, message } satisfies Relayed);
    const named = { post };
    tabs.set(tab, named);
    return named;
  };
  if (channel !== null) {
    channel.onmessage = (event: MessageEvent<Relayed>) => {
      const relayed = event.data;
      if (relayed.to === "all") events.ready();
      else if (relayed.to === "tab" && relayed.tab === me) events.message(relayed.message);
      else if (relayed.to === "host" && host !== null) {
        host.receive(tabNamed(relayed.from), relayed.message);
        if (relayed.message.kind === "bye") tabs.delete(relayed.from);
      }
    };
  }
  if (!holdLock("livetape-stream-host", beHost)) queueMicrotask(beHost);
  queueMicrotask(events.ready);
  const transport: Transport = {
    post(message) {
      if (host !== null) host.receive(own, message);
      else channel?.postMessage({ to: "host", from: me, message } satisfies Relayed);
    },
    // Who holds the lock is host; when it is gone the next one hails all tabs.
    restart() {
      events.ready();
      return transport;
    },
  };
  return transport;
}

function uniqueName(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join("-");
}
