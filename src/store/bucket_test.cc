#include "store/bucket.h"

#include <gtest/gtest.h>

namespace livetape::store {
namespace {

constexpr int64_t kFirst = std::numeric_limits<int64_t>::min();

TEST(Bucket, BeginsAtOrBeforeItsTimes) {
  EXPECT_EQ(BucketStart(0, 10), 0);
  EXPECT_EQ(BucketStart(9, 10), 0);
  EXPECT_EQ(BucketStart(10, 10), 10);
  EXPECT_EQ(BucketStart(-1, 10), -10);
  EXPECT_EQ(BucketStart(-10, 10), -10);
  EXPECT_EQ(BucketStart(-11, 10), -20);
}

TEST(Bucket, TheFirstOfAllBeginsWithTime) {
  EXPECT_EQ(BucketStart(kFirst, 10), kFirst);
  EXPECT_EQ(BucketStart(kFirst, 1), kFirst);
  EXPECT_EQ(BucketStart(std::numeric_limits<int64_t>::max(), 2),
            std::numeric_limits<int64_t>::max() - 1);
}

}  // namespace
}  // namespace livetape::store
