#include "load/record_watch.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace livetape::bench {
namespace {

void Take(RecordWatch& watch, size_t subscriber, uint64_t seq) {
  watch.OnPayload(subscriber, fmt::format("id: e-{}\ndata: {{}}", seq), 0);
}

TEST(RecordWatch, FindsNothingWhenAllHaveAll) {
  RecordWatch watch(2);
  for (const uint64_t seq : {7U, 8U, 9U}) {
    Take(watch, 0, seq);
    Take(watch, 1, seq);
  }
  EXPECT_EQ(watch.missed(), 0U);
  EXPECT_EQ(watch.repeated(), 0U);
}

TEST(RecordWatch, CountsHolesRepeatsAndWhoIsBehind) {
  RecordWatch watch(3);
  for (const uint64_t seq : {7U, 9U, 10U}) Take(watch, 0, seq);     // 8 is missing
  for (const uint64_t seq : {7U, 8U, 8U, 9U}) Take(watch, 1, seq);  // 10 has not come
  for (const uint64_t seq : {7U, 8U, 9U, 10U}) Take(watch, 2, seq);
  EXPECT_EQ(watch.missed(), 2U);
  EXPECT_EQ(watch.repeated(), 1U);
}

TEST(RecordWatch, TakesTimesOfTheOpenWindowOnly) {
  RecordWatch watch(1);
  const std::string event = "id: e-1\ndata: {\"timestamp\":\"1970-01-01T00:00:01.000000Z\"}";
  watch.OnPayload(0, event, 1'000'400);
  watch.Open(1'000'000);
  watch.OnPayload(0, event, 1'000'400);
  watch.Close(1'000'000);
  watch.OnPayload(0, event, 1'000'400);
  EXPECT_EQ(watch.latency_us().count(), 1U);
  EXPECT_EQ(watch.latency_us().largest(), 400U);
}

TEST(RecordWatch, AnEventWithoutIdIsCounted) {
  RecordWatch watch(1);
  watch.OnPayload(0, "data: {}", 0);
  EXPECT_EQ(watch.without_id(), 1U);
}

}  // namespace
}  // namespace livetape::bench
