#include "tape/ring.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"

namespace livetape::tape {

Ring::Ring(size_t capacity) : slots_(capacity) { LT_ASSERT(capacity > 0); }

uint64_t Ring::Append(base::WallTime time, std::string topic, std::string type, std::string data) {
  const uint64_t seq = head() + 1;
  auto record = std::make_shared<const Record>(
      Record{seq, time, std::move(topic), std::move(type), std::move(data)});
  RecordRef dropped;  // freed after the lock
  {
    const std::scoped_lock lock(mutex_);
    dropped = std::exchange(slots_[(seq - 1) % slots_.size()], std::move(record));
    head_.store(seq, std::memory_order_release);
  }
  return seq;
}

uint64_t Ring::oldest() const {
  const uint64_t newest = head();
  return newest > slots_.size() ? newest - slots_.size() + 1 : 1;
}

bool Ring::Read(uint64_t after, size_t max, std::vector<RecordRef>& out) const {
  const std::scoped_lock lock(mutex_);
  if (after + 1 < oldest()) return false;
  const uint64_t last = std::min(head(), after + max);
  for (uint64_t seq = after + 1; seq <= last; ++seq) {
    out.push_back(slots_[(seq - 1) % slots_.size()]);
  }
  return true;
}

uint64_t Ring::LastBefore(base::WallTime time) const {
  const std::scoped_lock lock(mutex_);
  uint64_t first = oldest(), end = head() + 1;  // the answer + 1 lies in [first, end]
  while (first < end) {
    const uint64_t middle = first + (end - first) / 2;
    if (slots_[(middle - 1) % slots_.size()]->time < time) {
      first = middle + 1;
    } else {
      end = middle;
    }
  }
  return first - 1;
}

}  // namespace livetape::tape
