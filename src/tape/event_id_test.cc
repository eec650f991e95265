#include "tape/event_id.h"

#include <gtest/gtest.h>

#include <vector>

namespace livetape::tape {
namespace {

class Cursor : public testing::Test {
 protected:
  // 5e numbered 1 to 13; a repair kept 12 of them; 7f goes on from there.
  const std::vector<Epoch> epochs_ = {{1, "3a"}, {14, "5e"}, {13, "7f"}};
  const Extent extent_{.epoch = "7f", .oldest = 11, .head = 20, .epochs = epochs_};
  Resumption Resolve(std::string_view text) { return ResolveCursor(text, extent_); }
};

TEST_F(Cursor, KeptGoesOnRightAfter) {
  EXPECT_EQ(Resolve("7f-15").after, 15u);
  EXPECT_EQ(Resolve("7f-15").gap_reason, "");
  EXPECT_EQ(Resolve("7f-20").after, 20u);
  EXPECT_EQ(Resolve("7f-10").after, 10u);
  EXPECT_EQ(Resolve("7f-10").gap_reason, "");
  EXPECT_EQ(Resolve("earliest").after, 10u);
}

TEST_F(Cursor, OlderThanRetentionGivesGapAndTheOldest) {
  EXPECT_EQ(Resolve("7f-9").gap_reason, "expired");
  EXPECT_EQ(Resolve("7f-9").after, 10u);
  EXPECT_EQ(Resolve("3a-9").gap_reason, "expired");
}

TEST_F(Cursor, OfAnEarlierEpochIsGoodUpToWhatLaterOnesLeft) {
  for (const char* text : {"3a-12", "5e-12"}) {
    EXPECT_EQ(Resolve(text).gap_reason, "") << text;
    EXPECT_EQ(Resolve(text).after, 12u) << text;
  }
  // 3a ended at 13 by itself, but the repair took that record away.
  for (const char* text : {"3a-13", "5e-13", "5e-20"}) {
    EXPECT_EQ(Resolve(text).gap_reason, "future") << text;
    EXPECT_EQ(Resolve(text).after, 20u) << text;
  }
}

TEST_F(Cursor, OtherGapsGoLive) {
  EXPECT_EQ(Resolve("7f-21").gap_reason, "future");
  EXPECT_EQ(Resolve("8a-15").gap_reason, "unknown_epoch");
  for (const char* text :
       {"x", "", "7f-", "-5", "7f-5x", "7F-5", "7f--5", "7f-99999999999999999999"}) {
    EXPECT_EQ(Resolve(text).gap_reason, "malformed") << text;
    EXPECT_EQ(Resolve(text).after, 20u);
  }
}

}  // namespace
}  // namespace livetape::tape
