#pragma once

// SeenBuckets: which buckets of time a symbol of an import has had, to find rows that come twice in
// whatever order. One thread owns it.
//
// A bit for each bucket, in chunks of 4,096 that are made when they are first needed: 10,000,000
// minutes in a row take 1.3 MB. All sets of an import share one budget of chunks; when it is spent,
// buckets of further chunks are taken to be new, and the store keeps the last of two such rows.

#include <array>
#include <cstdint>
#include <memory>
#include <unordered_map>

namespace livetape::jobs {

class SeenBuckets {
 public:
  static constexpr size_t kChunksMax = 65'536;  // of one import: 32 MiB

  // False: it was there. `chunks_left` is the budget.
  bool Add(int64_t bucket, size_t& chunks_left);

 private:
  static constexpr int64_t kBuckets = 4096;
  using Chunk = std::array<uint64_t, kBuckets / 64>;

  std::unordered_map<int64_t, std::unique_ptr<Chunk>> chunks_;
  // The one of the bucket before.
  int64_t last_number_ = -1;
  Chunk* last_ = nullptr;
};

}  // namespace livetape::jobs
