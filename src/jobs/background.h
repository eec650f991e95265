#pragma once

// MakeBackgroundProcess: what every process that computes for a job is. Such work is done in processes
// and not in threads: one that gets the processor only when nobody wants it would keep what all
// threads of a process share, the locks of its memory above all, and stop those that serve.

namespace livetape::jobs {

// Makes this process, which leads a session of its own, the least of all on its machine: nice 19 and
// SCHED_IDLE; its session nice 10, so that it still gets on beside busy ones; the first to go when
// memory is short; no core file; killed when the thread that started it ends. What of this the system
// refuses is done without: it would only disturb others more.
void MakeBackgroundProcess();

}  // namespace livetape::jobs
