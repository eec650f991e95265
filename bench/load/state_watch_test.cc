#include "load/state_watch.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace livetape::bench {
namespace {

void Show(StateWatch& watch, size_t subscriber, std::string_view topic, int value) {
  watch.OnPayload(subscriber,
                  fmt::format(R"(event: quote
data: {{"topic":"{}","type":"quote","time":"x","data":{{"price":{}}}}})",
                              topic, value),
                  value);
}

TEST(StateWatch, ScreensAreEqualByTheirNewestValues) {
  StateWatch watch(2);
  Show(watch, 0, "a", 1);
  Show(watch, 0, "b", 2);
  Show(watch, 0, "a", 3);
  Show(watch, 1, "b", 2);
  EXPECT_EQ(watch.different(), 2U);
  Show(watch, 1, "a", 3);
  EXPECT_EQ(watch.different(), 1U);
  EXPECT_EQ(watch.topics(), 2U);
  EXPECT_EQ(watch.last_us(), 3);
}

TEST(StateWatch, ValuesOfTwoTopicsAreNotTakenForEachOther) {
  StateWatch watch(2);
  Show(watch, 0, "a", 1);
  Show(watch, 0, "b", 2);
  Show(watch, 1, "a", 2);
  Show(watch, 1, "b", 1);
  EXPECT_EQ(watch.different(), 2U);
}

TEST(StateWatch, WhatIsNoStateIsCounted) {
  StateWatch watch(1);
  watch.OnPayload(0, "data: {}", 1);
  EXPECT_EQ(watch.strange(), 1U);
}

}  // namespace
}  // namespace livetape::bench
