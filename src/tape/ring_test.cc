#include "tape/ring.h"

#include <gtest/gtest.h>

#include <thread>

namespace livetape::tape {
namespace {

std::vector<RecordRef> Records(uint64_t first, uint64_t count, base::WallTime time = {},
                               size_t padding = 0) {
  std::vector<RecordRef> records;
  for (uint64_t seq = first; seq < first + count; ++seq) {
    records.push_back(std::make_shared<const Record>(
        Record{.seq = seq,
               .time = time,
               .kind = RecordKind::kMessage,
               .topic = "t/a",
               .type = "message",
               .data = std::to_string(seq) + std::string(padding, ' ')}));
  }
  return records;
}

TEST(Ring, KeepsTheNewest) {
  Ring ring(4);
  EXPECT_EQ(ring.head(), 0u);
  EXPECT_EQ(ring.oldest(), 1u);
  ring.Append(Records(1, 6));
  EXPECT_EQ(ring.head(), 6u);
  EXPECT_EQ(ring.oldest(), 3u);
  std::vector<RecordRef> records;
  ASSERT_TRUE(ring.Read(2, 100, records));
  ASSERT_EQ(records.size(), 4u);
  EXPECT_EQ(records.front()->seq, 3u);
  EXPECT_EQ(records.back()->data, "6");
  EXPECT_EQ(ring.Reach(), 4u);
}

TEST(Ring, BeginsWhereTheFirstRecordSays) {
  Ring ring(4);
  ring.Append(Records(100, 2));
  EXPECT_EQ(ring.oldest(), 100u);
  EXPECT_EQ(ring.head(), 101u);
  std::vector<RecordRef> records;
  EXPECT_FALSE(ring.Read(98, 100, records));
  EXPECT_TRUE(ring.Read(99, 100, records));
  EXPECT_EQ(records.size(), 2u);
}

TEST(Ring, BytesBoundItToo) {
  const size_t cost = CostOf(*Records(1, 1, {}, 99)[0]);
  Ring ring(1000, 3 * cost);
  ring.Append(Records(1, 9, {}, 99));
  EXPECT_EQ(ring.oldest(), 7u);
  EXPECT_EQ(ring.Reach(), 3u);
  ring.Append(Records(10, 1, {}, 10 * cost));  // larger than all: it stays alone
  EXPECT_EQ(ring.oldest(), 10u);
  EXPECT_EQ(ring.head(), 10u);
  ring.Append(Records(11, 1));
  EXPECT_EQ(ring.oldest(), 11u);
}

TEST(Ring, ReadingBeforeTheOldestSaysSo) {
  Ring ring(4);
  ring.Append(Records(1, 6));
  std::vector<RecordRef> records;
  EXPECT_FALSE(ring.Read(1, 100, records));
  EXPECT_TRUE(records.empty());
}

TEST(Ring, LastBeforeFindsTheTime) {
  Ring ring(4);
  const auto at = [](uint64_t s) { return base::WallTime(std::chrono::seconds(s)); };
  EXPECT_EQ(ring.LastBefore(at(5)), 0u);
  for (uint64_t i = 1; i <= 6; ++i) ring.Append(Records(i, 1, at(10 * i)));  // keeps 3 to 6
  EXPECT_EQ(ring.LastBefore(at(5)), 2u);
  EXPECT_EQ(ring.LastBefore(at(30)), 2u);
  EXPECT_EQ(ring.LastBefore(at(31)), 3u);
  EXPECT_EQ(ring.LastBefore(at(60)), 5u);
  EXPECT_EQ(ring.LastBefore(at(61)), 6u);
}

TEST(Ring, ReaderBesideTheWriterSeesNoHole) {
  constexpr uint64_t kCount = 50'000;
  Ring ring(1 << 16);
  std::thread writer([&] {
    for (uint64_t seq = 1; seq <= kCount; seq += 10) ring.Append(Records(seq, 10));
  });
  uint64_t cursor = 0;
  std::vector<RecordRef> records;
  while (cursor < kCount) {
    records.clear();
    ASSERT_TRUE(ring.Read(cursor, 100, records));
    for (const auto& record : records) ASSERT_EQ(record->seq, ++cursor);
  }
  writer.join();
}

}  // namespace
}  // namespace livetape::tape
