#pragma once

// What a thread says of itself to the system. Each concerns the calling thread.

#include <pthread.h>
#include <sys/prctl.h>

namespace livetape::base {

// The name by which the system's tools (top -H, gdb, perf) show it, of at most 15 characters; a
// system that knows no names goes on without.
inline void NameThread(const char* name) { pthread_setname_np(pthread_self(), name); }

// Its sleeps end when they are due; otherwise up to 50 us later, so that the system can end several
// at once.
inline void SleepExactly() { prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL); }

}  // namespace livetape::base
