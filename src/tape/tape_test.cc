#include <gtest/gtest.h>

#include <thread>

#include "tape/event_id.h"
#include "tape/ring.h"

namespace livetape::tape {
namespace {

void Fill(Ring& ring, int count) {
  for (int i = 0; i < count; ++i) ring.Append({}, "t/a", "message", std::to_string(i));
}

TEST(Ring, NumbersFromOneAndKeepsTheNewest) {
  Ring ring(4);
  EXPECT_EQ(ring.head(), 0u);
  EXPECT_EQ(ring.oldest(), 1u);
  Fill(ring, 6);
  EXPECT_EQ(ring.head(), 6u);
  EXPECT_EQ(ring.oldest(), 3u);
  std::vector<RecordRef> records;
  ASSERT_TRUE(ring.Read(2, 100, records));
  ASSERT_EQ(records.size(), 4u);
  EXPECT_EQ(records.front()->seq, 3u);
  EXPECT_EQ(records.back()->data, "5");
}

TEST(Ring, ReadingBeforeTheOldestSaysSo) {
  Ring ring(4);
  Fill(ring, 6);
  std::vector<RecordRef> records;
  EXPECT_FALSE(ring.Read(1, 100, records));
  EXPECT_TRUE(records.empty());
}

TEST(Ring, LastBeforeFindsTheTime) {
  Ring ring(4);
  const auto at = [](int s) { return base::WallTime(std::chrono::seconds(s)); };
  EXPECT_EQ(ring.LastBefore(at(5)), 0u);
  for (int i = 1; i <= 6; ++i) ring.Append(at(10 * i), "t/a", "message", "{}");  // keeps 3 to 6
  EXPECT_EQ(ring.LastBefore(at(5)), 2u);
  EXPECT_EQ(ring.LastBefore(at(30)), 2u);
  EXPECT_EQ(ring.LastBefore(at(31)), 3u);
  EXPECT_EQ(ring.LastBefore(at(60)), 5u);
  EXPECT_EQ(ring.LastBefore(at(61)), 6u);
}

TEST(Ring, ReaderBesideTheWriterSeesNoHole) {
  constexpr uint64_t kCount = 50'000;
  Ring ring(1 << 16);
  std::thread writer([&] { Fill(ring, kCount); });
  uint64_t cursor = 0;
  std::vector<RecordRef> records;
  while (cursor < kCount) {
    records.clear();
    ASSERT_TRUE(ring.Read(cursor, 100, records));
    for (const auto& record : records) ASSERT_EQ(record->seq, ++cursor);
  }
  writer.join();
}

class Cursor : public testing::Test {
 protected:
  const Extent extent_{.epoch = "7f", .oldest = 11, .head = 20};
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
