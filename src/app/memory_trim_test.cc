#include "app/memory_trim.h"

#include <gtest/gtest.h>

namespace livetape::app {
namespace {

constexpr size_t kMib = size_t{1} << 20;

TEST(TrimPolicy, TrimsWhatIsFreeForTwoLooks) {
  TrimPolicy policy;
  EXPECT_FALSE(policy.Due(8 * kMib)) << "not worth it";
  EXPECT_FALSE(policy.Due(100 * kMib)) << "it has just come";
  EXPECT_FALSE(policy.Due(1 * kMib));
  EXPECT_FALSE(policy.Due(100 * kMib));
  EXPECT_TRUE(policy.Due(100 * kMib));
}

TEST(TrimPolicy, DoesNotRepeatWhatBringsNothing) {
  TrimPolicy policy;
  EXPECT_FALSE(policy.Due(100 * kMib));
  EXPECT_TRUE(policy.Due(100 * kMib));
  policy.Trimmed(60 * kMib);
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(policy.Due(65 * kMib));
  EXPECT_FALSE(policy.Due(80 * kMib));
  EXPECT_TRUE(policy.Due(80 * kMib));
  // What was kept then has been given back since.
  policy.Trimmed(60 * kMib);
  EXPECT_FALSE(policy.Due(10 * kMib));
  EXPECT_FALSE(policy.Due(30 * kMib));
  EXPECT_TRUE(policy.Due(30 * kMib));
}

}  // namespace
}  // namespace livetape::app
