// Without SharedWorker: the tab that holds a lock starts the worker, passes on what other tabs say
// over a BroadcastChannel, and what they are told. When it goes, the next in the queue takes its
// place, hails the others, and each goes on where it stood. Without locks each tab has a worker of
// its own.

import type { FromTab, ToTab } from "./protocol.ts";
import { holdLock, tabLocks } from "./tab_lock.ts";
import type { Transport, TransportEvents } from "./transport.ts";

type Relayed =
  | { readonly to: "worker"; readonly said: FromTab }
  | { readonly to: "tab"; readonly told: { readonly tab: string; readonly message: ToTab } }
  | { readonly to: "all" };

export function openRelay(
  events: TransportEvents,
  me: string,
  start: () => Pick<Worker, "postMessage" | "onmessage">,
): Transport {
  let worker: Pick<Worker, "postMessage" | "onmessage"> | null = null;
  const channel = tabLocks() === undefined ? null : new BroadcastChannel("livetape-stream");
  const send = (relayed: Relayed) => channel?.postMessage(relayed);

  const lead = () => {
    worker = start();
    worker.onmessage = ({ data: told }: MessageEvent<{ tab: string; message: ToTab }>) => {
      if (told.tab === me) events.message(told.message);
      else send({ to: "tab", told });
    };
    send({ to: "all" });
    events.ready();
  };
  if (channel !== null) {
    channel.onmessage = ({ data: relayed }: MessageEvent<Relayed>) => {
      if (relayed.to === "all") events.ready();
      else if (relayed.to === "worker") worker?.postMessage(relayed.said);
      else if (relayed.told.tab === me) events.message(relayed.told.message);
    };
  }
  if (!holdLock("livetape-stream-worker", lead)) queueMicrotask(lead);
  // The one that leads already, if there is one, answers at once.
  queueMicrotask(events.ready);

  const transport: Transport = {
    post(message) {
      const said = { tab: me, message };
      if (worker !== null) worker.postMessage(said);
      else send({ to: "worker", said });
    },
    // When the one that leads is gone the next one hails all tabs by itself.
    restart() {
      events.ready();
      return transport;
    },
  };
  return transport;
}
