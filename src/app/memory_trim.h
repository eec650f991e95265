#pragma once

// MemoryTrim: gives memory back to the kernel that was needed once and is free now. The allocator by
// itself returns only what lies at the end of its heaps, so after a crowd or a flood the process would
// keep the size of its worst moment. One thread, and none that anybody waits for: a trim of some
// hundred MiB takes some ten milliseconds, in which others may wait for an allocation.

#include <chrono>
#include <cstddef>

namespace livetape::app {

// Whether a trim is worth it. Free memory is left alone until it has been there for two looks, so that
// what comes and goes all the time is not given back each time.
class TrimPolicy {
 public:
  // `free`: bytes that the allocator holds and nobody uses.
  bool Due(size_t free);
  // What was left after a trim: between pieces in use, and not to be had back.
  void Trimmed(size_t free) { kept_ = free; }

 private:
  static constexpr size_t kWorthwhileBytes = size_t{8} << 20;

  size_t kept_ = 0;
  bool seen_ = false;
};

class MemoryTrim {
 public:
  static constexpr std::chrono::seconds kEvery{5};

  void Look();

 private:
  TrimPolicy policy_;
};

}  // namespace livetape::app
