// The SharedWorker: one stream for all tabs of this browser. Only joins the parts.

import { Host } from "./host.ts";
import { browserWorld } from "./host_world.ts";
import type { Tab } from "./hub.ts";
import type { ToWorker } from "./protocol.ts";
import { tabLock } from "./tab_lock.ts";

interface SharedScope {
  onconnect: ((event: MessageEvent) => void) | null;
}

const host = new Host(browserWorld);
setInterval(() => host.tick(), 1000);

(globalThis as unknown as SharedScope).onconnect = (connection) => {
  const port = connection.ports[0];
  if (port === undefined) return;
  const tab: Tab = { post: (message, transfer = []) => port.postMessage(message, transfer) };
  port.onmessage = (event: MessageEvent<ToWorker | { kind: "lock"; name: string }>) => {
    const message = event.data;
    if (message.kind !== "lock") {
      host.receive(tab, message);
      return;
    }
    // The tab holds this lock as long as it lives; that it can be had means that the tab is gone.
    void tabLock(message.name)?.then(() => host.detach(tab));
  };
};
