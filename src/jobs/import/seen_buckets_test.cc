#include "jobs/import/seen_buckets.h"

#include <gtest/gtest.h>

#include <set>

#include "base/random.h"

namespace livetape::jobs {
namespace {

TEST(SeenBuckets, SayWhatASetSays) {
  base::Random random(5);
  SeenBuckets seen;
  std::set<int64_t> set;
  size_t chunks_left = 1000;
  for (int i = 0; i < 20'000; ++i) {
    const auto bucket =
        static_cast<int64_t>(random.Below(3) == 0 ? random.Below(1'000'000) : random.Below(9000));
    ASSERT_EQ(seen.Add(bucket, chunks_left), set.insert(bucket).second) << "seed 5, " << bucket;
  }
}

TEST(SeenBuckets, ASpentBudgetForgetsFurtherChunksOnly) {
  SeenBuckets seen, other;
  size_t chunks_left = 2;
  EXPECT_TRUE(seen.Add(0, chunks_left));
  EXPECT_TRUE(seen.Add(4096, chunks_left));
  EXPECT_EQ(chunks_left, 0u);
  EXPECT_TRUE(seen.Add(8192, chunks_left));
  EXPECT_TRUE(seen.Add(8192, chunks_left));
  EXPECT_TRUE(other.Add(0, chunks_left));
  EXPECT_FALSE(seen.Add(4096, chunks_left));
  EXPECT_FALSE(seen.Add(0, chunks_left));
  EXPECT_TRUE(seen.Add(4095, chunks_left));
}

}  // namespace
}  // namespace livetape::jobs
