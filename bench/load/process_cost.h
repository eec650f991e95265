#pragma once

// What processes have used, from the kernel's own books. Stateless; the errors name the process
// that is not there.

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <span>

#include "base/result.h"

namespace livetape::bench {

// User and system time of all threads of `pids`, living and ended; nanosecond accounting.
base::Result<std::chrono::nanoseconds> CpuOf(std::span<const pid_t> pids);

// Resident bytes of `pids` together, exact (/proc/PID/status batches its counts). Walks the
// processes' page tables: not for inside a measurement.
base::Result<uint64_t> ResidentBytesOf(std::span<const pid_t> pids);

// This process's own CPU time.
std::chrono::nanoseconds OwnCpu();

}  // namespace livetape::bench
