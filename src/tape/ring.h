#pragma once

// Ring: the newest records in memory, numbered, for any number of readers with their own cursors.
//
// One thread appends. Readers look at head() without a lock and take a short one to copy
// references, a batch at a time.
//
// Invariants: (1) the ring holds oldest() .. head() without holes, at most `records_max` records;
// (2) what they cost is at most `bytes_max`, unless it is the newest one alone; (3) neither number
// ever goes back.

#include <atomic>
#include <cstdint>
#include <limits>
#include <mutex>
#include <span>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "tape/record.h"

namespace livetape::tape {

class Ring {
 public:
  explicit Ring(size_t records_max, size_t bytes_max = std::numeric_limits<size_t>::max());

  // The writing thread: records that follow each other. The first that are ever appended may begin
  // at any number, later ones at head() + 1.
  void Append(std::span<const RecordRef> records);

  // Any thread. The newest number; 0 before the first record.
  uint64_t head() const { return head_.load(std::memory_order_acquire); }
  // The oldest one kept; head() + 1 while there is none.
  uint64_t oldest() const { return oldest_.load(std::memory_order_acquire); }
  // Appends up to `max` records that follow `after`; false if those right after it are gone.
  bool Read(uint64_t after, size_t max, std::vector<RecordRef>& out) const;
  // The last record kept that is older than `time`: what follows it is from then on. oldest() - 1 if
  // all are as new.
  uint64_t LastBefore(base::WallTime time) const;
  // How many records the ring holds when it is full, as far as is known: fewer than `records_max`
  // where bytes are what fills it.
  uint64_t Reach() const;

 private:
  size_t SlotOf(uint64_t seq) const { return (seq - 1) % slots_.size(); }

  const size_t bytes_max_;
  mutable std::mutex mutex_;
  std::vector<RecordRef> slots_;
  size_t bytes_ = 0;         // what the records cost
  bool full_bytes_ = false;  // whether bytes have ever been what made a record go
  std::vector<RecordRef> dropped_;
  std::atomic<uint64_t> head_ = 0, oldest_ = 1;
};

}  // namespace livetape::tape
