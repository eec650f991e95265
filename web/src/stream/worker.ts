// The worker: one stream for all tabs of this browser. As a SharedWorker each tab has a port of its
// own; where there are none, one tab starts it for itself and passes on what the others say and are
// told (relay.ts). Only joins the parts.

import { Host } from "./host.ts";
import { browserWorld } from "./host_world.ts";
import type { Tab } from "./hub.ts";
import type { FromTab, ToTab, ToWorker } from "./protocol.ts";
import { tabLock } from "./tab_lock.ts";

interface Scope {
  onconnect?: ((event: MessageEvent) => void) | null;
  onmessage?: ((event: MessageEvent<FromTab>) => void) | null;
  postMessage?(message: { tab: string; message: ToTab }, transfer: Transferable[]): void;
}

const scope = globalThis as unknown as Scope;
const host = new Host(browserWorld);
setInterval(() => host.tick(), 1000);

if ("onconnect" in scope) {
  scope.onconnect = (connection) => {
    const port = connection.ports[0];
    if (port !== undefined) listen(port);
  };
} else {
  const tabs = new Map<string, Tab>();
  scope.onmessage = ({ data: { tab: name, message } }) => {
    const tab: Tab = tabs.get(name) ?? {
      post: (told, transfer = []) => scope.postMessage?.({ tab: name, message: told }, transfer),
    };
    if (message.kind === "bye") tabs.delete(name);
    else tabs.set(name, tab);
    host.receive(tab, message);
  };
}

function listen(port: MessagePort): void {
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
}
