#pragma once

// NameThread: the name by which the system's tools (top -H, gdb, perf) show the calling thread.

#include <pthread.h>

namespace livetape::base {

// At most 15 characters; a system that knows no names goes on without.
inline void NameThread(const char* name) { pthread_setname_np(pthread_self(), name); }

}  // namespace livetape::base
