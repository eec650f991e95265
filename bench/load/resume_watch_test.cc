#include "load/resume_watch.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/time_text.h"

namespace livetape::bench {
namespace {

std::string Record(uint64_t seq, int64_t sent_us) {
  const base::WallTime sent{std::chrono::microseconds(sent_us)};
  return fmt::format("id: abc-{}\nevent: message\ndata: {{\"timestamp\":\"{}\"}}", seq,
                     base::FormatRfc3339(sent));
}

TEST(LiveWatch, TellsTheLatenciesOfASpanOfTime) {
  LiveWatch watch(2, 100);
  EXPECT_EQ(watch.newest(), 0U);
  watch.OnPayload(0, Record(5, 1000), 1010);
  watch.OnPayload(1, Record(5, 1000), 1020);
  watch.OnPayload(0, Record(6, 2000), 2500);
  watch.OnPayload(1, Record(6, 2000), 2500);
  EXPECT_EQ(watch.newest(), 6U);
  EXPECT_EQ(watch.epoch(), "abc");
  EXPECT_EQ(watch.Between(0, 2000).count(), 2U);
  EXPECT_EQ(watch.Between(0, 2000).largest(), 20U);
  EXPECT_EQ(watch.Between(2000, 2001).Percentile(0.5), 500U);
  EXPECT_EQ(watch.faults().missed + watch.faults().repeated + watch.unkept(), 0U);
}

TEST(LiveWatch, ChecksTheOrderOfEachSubscriber) {
  LiveWatch watch(2, 100);
  watch.OnPayload(0, Record(5, 1000), 1000);
  watch.OnPayload(1, Record(5, 1000), 1000);
  watch.OnPayload(0, Record(7, 1000), 1000);
  watch.OnPayload(1, Record(5, 1000), 1000);
  EXPECT_EQ(watch.faults().missed, 1U);
  EXPECT_EQ(watch.faults().repeated, 1U);
}

TEST(LiveWatch, WhatItCannotKeepIsCounted) {
  LiveWatch watch(1, 1);
  watch.OnPayload(0, Record(1, 1000), 1000);
  watch.OnPayload(0, Record(2, 1000), 1000);
  watch.OnPayload(0, "data: no record", 1000);
  EXPECT_EQ(watch.unkept(), 2U);
}

TEST(CatchUpWatch, KnowsWhenEachHasCaughtUp) {
  CatchUpWatch watch(2, 10, 12, 5000);
  watch.OnPayload(0, Record(11, 0), 5100);
  watch.OnPayload(1, Record(11, 0), 5100);
  watch.OnPayload(0, Record(12, 0), 5200);
  watch.OnPayload(0, Record(13, 0), 5300);
  EXPECT_EQ(watch.caught_up(), 1U);
  EXPECT_FALSE(watch.all_caught_up());
  watch.OnPayload(1, Record(12, 0), 5400);
  EXPECT_TRUE(watch.all_caught_up());
  EXPECT_EQ(watch.time_us().largest(), 400U);
  EXPECT_EQ(watch.faults().missed + watch.faults().repeated, 0U);
}

TEST(CatchUpWatch, AHoleInTheReplayIsFound) {
  CatchUpWatch watch(1, 10, 12, 0);
  watch.OnPayload(0, Record(12, 0), 1);
  EXPECT_TRUE(watch.all_caught_up());
  EXPECT_EQ(watch.faults().missed, 1U);
}

}  // namespace
}  // namespace livetape::bench
