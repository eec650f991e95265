#include "load/equity_watch.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace livetape::bench {
namespace {

std::string Event(std::string_view price, double other = 0) {
  return fmt::format(
      R"(data: {{"equity":{},"balance":5,"positions":[{{"symbol":"P","market_value":{}}}]}})",
      1005 + other, price);
}

TEST(EquityWatch, KnowsATickByItsPrice) {
  EXPECT_EQ(TickOf("1000.000000001"), 1U);
  EXPECT_EQ(TickOf("1000.00000001"), 10U);
  EXPECT_EQ(TickOf("1000.999999999"), 999'999'999U);
  EXPECT_EQ(TickOf("1000"), 0U);
  EXPECT_EQ(TickOf("1001"), 0U);
  EXPECT_EQ(TickOf("999.5"), 0U);
  EXPECT_EQ(TickOf("price"), 0U);
}

TEST(EquityWatch, AnEventShowsAllTicksSinceTheLastOne) {
  EquityWatch watch(1, 10, "P");
  watch.OnSending(1, 1000);
  watch.OnSending(2, 2000);
  watch.OnPayload(0, Event("1000"), 2100);
  watch.OnPayload(0, Event("1000.000000002"), 2500);
  watch.OnSending(3, 3000);
  watch.OnPayload(0, Event("1000.000000002"), 3100);
  watch.OnPayload(0, Event("1000.000000003"), 3010);
  const auto all = watch.Between(0, 10'000);
  EXPECT_EQ(all.took_us.count(), 3U);
  EXPECT_EQ(all.took_us.largest(), 1500U);
  EXPECT_EQ(all.missing, 0U);
  EXPECT_EQ(watch.Between(2000, 3000).took_us.largest(), 500U);
  EXPECT_EQ(watch.events(), 4U);
  EXPECT_EQ(watch.strange() + watch.inconsistent(), 0U);
}

TEST(EquityWatch, EachStreamShowsEachTick) {
  EquityWatch watch(3, 10, "P");
  watch.OnSending(1, 1000);
  watch.OnSending(2, 2000);
  watch.OnPayload(0, Event("1000.000000002"), 2500);
  watch.OnPayload(1, Event("1000.000000001"), 1500);
  const auto all = watch.Between(0, 10'000);
  EXPECT_EQ(all.took_us.count(), 3U);
  EXPECT_EQ(all.missing, 3U);
}

TEST(EquityWatch, AStreamMayBeginWithoutTheProbeButNotLoseIt) {
  const std::string without =
      R"(data: {"equity":5,"balance":5,"positions":[{"symbol":"Q","market_value":0}]})";
  EquityWatch watch(1, 10, "P");
  watch.OnSending(1, 1000);
  watch.OnPayload(0, without, 1100);
  watch.OnPayload(0, Event("1000.000000001"), 1200);
  EXPECT_EQ(watch.strange(), 0U);
  watch.OnPayload(0, without, 1300);
  EXPECT_EQ(watch.strange(), 1U);
  EXPECT_EQ(watch.first_strange(), without);
}

TEST(EquityWatch, WhatCannotBeIsCounted) {
  EquityWatch watch(1, 10, "P");
  watch.OnSending(1, 1000);
  watch.OnPayload(0, Event("1000.000000002"), 1500);
  watch.OnPayload(0, "data: {}", 1500);
  EXPECT_EQ(watch.strange(), 2U);
  EXPECT_EQ(watch.first_strange(), Event("1000.000000002"));
  watch.OnPayload(0, Event("1000.000000001", 0.5), 1500);
  EXPECT_EQ(watch.inconsistent(), 1U);
}

}  // namespace
}  // namespace livetape::bench
