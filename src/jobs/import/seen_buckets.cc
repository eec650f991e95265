#include "jobs/import/seen_buckets.h"

#include "base/assert.h"

namespace livetape::jobs {

bool SeenBuckets::Add(int64_t bucket, size_t& chunks_left) {
  LT_ASSERT(bucket >= 0, "{}", bucket);
  const int64_t number = bucket / kBuckets;
  if (number != last_number_) {
    auto found = chunks_.find(number);
    if (found == chunks_.end()) {
      if (chunks_left == 0) return true;
      --chunks_left;
      found = chunks_.emplace(number, std::make_unique<Chunk>()).first;
    }
    last_number_ = number;
    last_ = found->second.get();
  }
  const auto place = static_cast<uint64_t>(bucket % kBuckets);
  uint64_t& word = (*last_)[place / 64];
  const uint64_t bit = uint64_t{1} << (place % 64);
  if ((word & bit) != 0) return false;
  word |= bit;
  return true;
}

}  // namespace livetape::jobs
