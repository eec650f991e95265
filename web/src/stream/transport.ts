// How a tab reaches the worker: a SharedWorker where the browser has them, else relay.ts.

import type { ToTab, ToWorker } from "./protocol.ts";
import { openRelay } from "./relay.ts";
import { holdLock, isAlone } from "./tab_lock.ts";
import { workerScript } from "./worker_script.ts";

export interface Transport {
  post(message: ToWorker): void;
  /** After the worker has fallen silent. */
  restart(): Transport;
}

export interface TransportEvents {
  message(message: ToTab): void;
  /** There is a new worker: it knows nothing of this tab. */
  ready(): void;
}

export function openTransport(events: TransportEvents): Transport {
  if (typeof SharedWorker === "function" && !isAlone()) return sharedWorker(events);
  return openRelay(events, uniqueName(), () => {
    return new Worker(workerScript(), { name: "livetape", type: "module" });
  });
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

function uniqueName(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join("-");
}
