// What the stages `hub` and `send` of livetape_stage_seconds count.

#include "hub/shard_fixture.h"

namespace livetape::hub {
namespace {

using namespace std::chrono_literals;

class ShardStage : public testing::ShardFixture {
 protected:
  uint64_t Count(std::string_view stage) const {
    return Metric(fmt::format("livetape_stage_seconds_count{{stage=\"{}\"}}", stage));
  }
  // Observations of at most 10 us.
  uint64_t AtOnce(std::string_view stage) const {
    return Metric(fmt::format("livetape_stage_seconds_bucket{{stage=\"{}\",le=\"1e-05\"}}", stage));
  }
};

TEST_F(ShardStage, HubIsFromTheWakeToTheFlush) {
  Subscribe("market/*", 0ms);
  Put("market/AAPL", "1");
  shard_.Wake();
  clock_.Advance(2ms);
  Put("market/AAPL", "2");
  shard_.Wake();  // the first counts
  Work();
  EXPECT_EQ(Count("hub"), 1U);
  EXPECT_EQ(AtOnce("hub"), 0U);
  EXPECT_EQ(Count("send"), 1U);
  EXPECT_EQ(AtOnce("send"), 1U);
}

TEST_F(ShardStage, WhatLeadsToNoFlushIsNoStage) {
  Subscribe("market/*", 100ms);
  Put("market/AAPL", "1");
  shard_.Wake();
  Work();
  EXPECT_EQ(Count("hub"), 0U);
  clock_.Advance(50ms);
  Tick();
  shard_.Wake();
  Work();
  EXPECT_EQ(Count("hub"), 1U);
  EXPECT_EQ(AtOnce("hub"), 1U);
}

TEST_F(ShardStage, SendIsUntilTheLastMember) {
  for (int i = 0; i < 200; ++i) Subscribe("log/a");
  for (uint64_t stream = 0; stream < 200; ++stream) shard_.OnWritable(base::StreamId(stream));
  Work();
  log_.Append("log/a", "x");
  shard_.Wake();
  EXPECT_TRUE(shard_.DoWork());
  EXPECT_EQ(Count("send"), 0U);
  clock_.Advance(1ms);
  Work();
  EXPECT_EQ(Count("hub"), 1U);
  EXPECT_EQ(Count("send"), 1U);
  EXPECT_EQ(AtOnce("send"), 0U);
}

TEST_F(ShardStage, ManyCohortsOfOneAreServedInOneTurn) {
  for (int i = 0; i < 100; ++i) Subscribe(fmt::format("user/{}", i));
  for (uint64_t stream = 0; stream < 100; ++stream) shard_.OnWritable(base::StreamId(stream));
  Work();
  for (int i = 0; i < 100; ++i) log_.Append(fmt::format("user/{}", i), "x");
  shard_.Wake();
  shard_.DoWork();
  EXPECT_EQ(Count("send"), 1U);
  for (uint64_t stream = 0; stream < 100; ++stream) {
    EXPECT_FALSE(sockets_[base::StreamId(stream)].text.empty()) << stream;
  }
}

}  // namespace
}  // namespace livetape::hub
