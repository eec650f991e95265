#pragma once

// Ring: the newest records in memory, numbered, for any number of readers with their own cursors.
//
// One thread appends. Readers look at head() without a lock and take a short one to copy
// references, a batch at a time.
//
// Invariants: (1) sequence numbers run from 1 without holes; (2) the ring keeps the newest
// min(head, capacity) records: oldest() .. head().

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "tape/record.h"

namespace livetape::tape {

class Ring {
 public:
  explicit Ring(size_t capacity);

  // The writing thread. Returns the new record's sequence number.
  uint64_t Append(base::WallTime time, std::string topic, std::string type, std::string data);

  // Any thread.
  uint64_t head() const { return head_.load(std::memory_order_acquire); }
  uint64_t oldest() const;
  // Appends up to `max` records that follow `after`; false if those right after it are gone.
  bool Read(uint64_t after, size_t max, std::vector<RecordRef>& out) const;
  // The last record kept that is older than `time`: what follows it is from then on. oldest() - 1 if
  // all are as new. The writer's clock may have been set back; then it is one of the candidates.
  uint64_t LastBefore(base::WallTime time) const;

 private:
  mutable std::mutex mutex_;
  std::vector<RecordRef> slots_;  // of seq: (seq - 1) % capacity
  std::atomic<uint64_t> head_ = 0;
};

}  // namespace livetape::tape
