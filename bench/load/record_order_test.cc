#include "load/record_order.h"

#include <gtest/gtest.h>

namespace livetape::bench {
namespace {

TEST(RecordId, IsReadFromItsLine) {
  const auto id = RecordIdOf("id: beb75727-4711\nevent: message\ndata: {}");
  ASSERT_TRUE(id.has_value());
  EXPECT_EQ(id->epoch, "beb75727");
  EXPECT_EQ(id->seq, 4711U);
  EXPECT_EQ(RecordIdOf("event: message\ndata: {}\nid: a-1")->seq, 1U);
}

TEST(RecordId, IsNotMadeUp) {
  EXPECT_FALSE(RecordIdOf("event: message\ndata: id: a-1").has_value());
  EXPECT_FALSE(RecordIdOf("id: beb75727\ndata: {}").has_value());
  EXPECT_FALSE(RecordIdOf("id: beb75727-12x\ndata: {}").has_value());
  EXPECT_FALSE(RecordIdOf("").has_value());
}

TEST(RecordOrder, EachOnceAndInOrderIsRight) {
  RecordOrder order(41);
  for (uint64_t seq = 42; seq < 50; ++seq) order.Take(seq);
  EXPECT_EQ(order.last(), 49U);
  EXPECT_EQ(order.missed(), 0U);
  EXPECT_EQ(order.repeated(), 0U);
}

TEST(RecordOrder, TheFirstAfterACursorMustBeTheNext) {
  RecordOrder order(41);
  order.Take(44);
  EXPECT_EQ(order.missed(), 2U);
}

TEST(RecordOrder, ALiveSubscriberBeginsAnywhere) {
  RecordOrder order;
  order.Take(1000);
  order.Take(1001);
  EXPECT_EQ(order.missed(), 0U);
}

TEST(RecordOrder, HolesAndRepeatsAreCounted) {
  RecordOrder order;
  for (const uint64_t seq : {7, 8, 8, 7, 11}) order.Take(seq);
  EXPECT_EQ(order.repeated(), 2U);
  EXPECT_EQ(order.missed(), 2U);
  EXPECT_EQ(order.last(), 11U);
}

}  // namespace
}  // namespace livetape::bench
