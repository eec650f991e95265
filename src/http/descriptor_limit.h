#pragma once

// How many connections the process may hold: file descriptors. Main thread, before others start.

#include <cstddef>

namespace livetape::http {

// Raises the soft limit of open files to the hard one, and makes room for up to `wanted` of them in
// the kernel's table now: later, with threads, each growth of that table stops the thread that
// accepts for a grace period of the kernel, and a crowd that connects meets seven of them.
// Returns how many files may be open.
size_t RaiseDescriptorLimit(size_t wanted);

}  // namespace livetape::http
