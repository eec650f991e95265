#include "app/memory_trim.h"

#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

namespace livetape::app {
namespace {

// Resident memory without file pages, less what is allocated.
size_t FreeBytes() {
  size_t total = 0, resident = 0, shared = 0;  // pages
  std::ifstream("/proc/self/statm") >> total >> resident >> shared;
  const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  const struct mallinfo2 heaps = mallinfo2();
  const size_t held = (resident - std::min(shared, resident)) * page;
  return held - std::min(held, heaps.uordblks + heaps.hblkhd);
}

}  // namespace

bool TrimPolicy::Due(size_t free) {
  kept_ = std::min(kept_, free);
  const bool worthwhile = free > kept_ + kWorthwhileBytes;
  const bool due = worthwhile && seen_;
  seen_ = worthwhile && !due;
  return due;
}

void MemoryTrim::Look() {
  if (!policy_.Due(FreeBytes())) return;
  malloc_trim(0);
  policy_.Trimmed(FreeBytes());
}

}  // namespace livetape::app
