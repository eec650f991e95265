#include "load/delivery_tally.h"

#include <gtest/gtest.h>

#include <array>

namespace livetape::bench {
namespace {

TEST(DeliveryTally, EverythingDeliveredIsNothingLost) {
  DeliveryTally tally(true);
  tally.Open(100);
  std::array<Receipts, 3> subscribers;
  for (const int64_t sent : {100, 200, 300}) {
    for (auto& subscriber : subscribers) tally.Deliver(subscriber, sent, sent + 5);
  }
  EXPECT_EQ(tally.got(), 9u);
  EXPECT_EQ(tally.distinct(), 3u);
  EXPECT_EQ(tally.Lost(3), 0u);
  EXPECT_EQ(tally.latency_us().Percentile(0.5), 5u);
}

TEST(DeliveryTally, WhatOneSubscriberMissedIsLost) {
  DeliveryTally tally(true);
  tally.Open(0);
  Receipts first, second;
  tally.Deliver(first, 1, 1);
  tally.Deliver(first, 2, 2);
  tally.Deliver(second, 2, 2);
  EXPECT_EQ(tally.Lost(2), 1u);
  EXPECT_EQ(tally.Lost(3), 3u);  // a third one that got nothing
}

TEST(DeliveryTally, ARepeatDoesNotHideALoss) {
  DeliveryTally tally(true);
  tally.Open(0);
  Receipts first, second;
  tally.Deliver(first, 1, 1);
  tally.Deliver(first, 2, 2);
  tally.Deliver(second, 2, 2);
  tally.Deliver(second, 2, 2);
  tally.Deliver(second, 1, 3);  // late, out of order
  EXPECT_EQ(tally.repeated(), 2u);
  EXPECT_EQ(tally.Lost(2), 1u);
}

TEST(DeliveryTally, OnlyEventsSentInTheWindowCount) {
  DeliveryTally tally(true);
  Receipts subscriber;
  tally.Deliver(subscriber, 50, 51);
  tally.Open(100);
  tally.Deliver(subscriber, 99, 120);
  tally.Deliver(subscriber, 100, 121);
  tally.Close(200);
  tally.Deliver(subscriber, 199, 500);  // a straggler
  tally.Deliver(subscriber, 200, 501);
  EXPECT_EQ(tally.got(), 2u);
  EXPECT_EQ(tally.distinct(), 2u);
  EXPECT_EQ(tally.latency_us().largest(), 301u);
}

TEST(DeliveryTally, SeveralTopicsMayShareASendTime) {
  DeliveryTally tally(false);
  tally.Open(0);
  Receipts subscriber;
  tally.Deliver(subscriber, 5, 6);
  tally.Deliver(subscriber, 5, 6);
  tally.Deliver(subscriber, 4, 6);
  EXPECT_EQ(tally.got(), 3u);
  EXPECT_EQ(tally.Lost(1), 0u);
  EXPECT_EQ(tally.repeated(), 0u);
}

TEST(DeliveryTally, AClockSetBackIsCountedNotUnderflowed) {
  DeliveryTally tally(true);
  tally.Open(0);
  Receipts subscriber;
  tally.Deliver(subscriber, 1000, 900);
  EXPECT_EQ(tally.from_future(), 1u);
  EXPECT_EQ(tally.latency_us().largest(), 0u);
}

}  // namespace
}  // namespace livetape::bench
