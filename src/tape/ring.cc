#include "tape/ring.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"

namespace livetape::tape {

Ring::Ring(size_t records_max, size_t bytes_max) : bytes_max_(bytes_max), slots_(records_max) {
  LT_ASSERT(records_max > 0);
}

void Ring::Append(std::span<const RecordRef> records) {
  if (records.empty()) return;
  {
    const std::scoped_lock lock(mutex_);
    uint64_t newest = head(), oldest = oldest_.load(std::memory_order_relaxed);
    if (newest == 0) {
      oldest = records.front()->seq;
      newest = oldest - 1;
    }
    for (const RecordRef& record : records) {
      LT_ASSERT(record->seq == newest + 1, "{} after {}", record->seq, newest);
      const size_t cost = CostOf(*record);
      while (oldest <= newest &&
             (newest - oldest + 1 == slots_.size() || bytes_ + cost > bytes_max_)) {
        full_bytes_ = full_bytes_ || newest - oldest + 1 < slots_.size();
        RecordRef& gone = slots_[SlotOf(oldest++)];
        bytes_ -= CostOf(*gone);
        dropped_.push_back(std::move(gone));
      }
      slots_[SlotOf(++newest)] = record;
      bytes_ += cost;
    }
    oldest_.store(oldest, std::memory_order_release);
    head_.store(newest, std::memory_order_release);
  }
  dropped_.clear();  // freed after the lock
}

bool Ring::Read(uint64_t after, size_t max, std::vector<RecordRef>& out) const {
  const std::scoped_lock lock(mutex_);
  if (after + 1 < oldest()) return false;
  const uint64_t newest = head();
  if (after >= newest) return true;
  const uint64_t last = after + std::min<uint64_t>(newest - after, max);
  for (uint64_t seq = after + 1; seq <= last; ++seq) out.push_back(slots_[SlotOf(seq)]);
  return true;
}

uint64_t Ring::LastBefore(base::WallTime time) const {
  const std::scoped_lock lock(mutex_);
  uint64_t first = oldest(), end = head() + 1;  // the answer + 1 lies in [first, end]
  while (first < end) {
    const uint64_t middle = first + (end - first) / 2;
    if (slots_[SlotOf(middle)]->time < time) {
      first = middle + 1;
    } else {
      end = middle;
    }
  }
  return first - 1;
}

uint64_t Ring::Reach() const {
  const std::scoped_lock lock(mutex_);
  return full_bytes_ ? head() - oldest() + 1 : slots_.size();
}

}  // namespace livetape::tape
