// How much is made for streams at a time, however many different ones there are.

#include "hub/shard_fixture.h"

namespace livetape::hub {
namespace {

using std::chrono::milliseconds;

constexpr size_t kStreams = 50;
constexpr size_t kFrame = 1000;

class ShardMemoryTest : public testing::ShardFixture {
 protected:
  ShardMemoryTest()
      : ShardFixture({.slice_bytes = kFrame, .frame_bytes = kFrame, .state_bytes = kFrame}) {
    for (size_t i = 0; i < kStreams; ++i) {
      StreamSpec spec = Spec("all/*", milliseconds(i % 2 == 0 ? 0 : 100));
      spec.patterns.push_back(*TopicPattern::Parse(fmt::format("own/{}", i)));
      streams_.push_back(Open(std::move(spec)));
    }
    EXPECT_EQ(shard_.cohorts(), kStreams);
  }
  uint64_t Flushes() const { return Metric("livetape_hub_flushes_total"); }
  // The most frames that one turn has made while there was something to do.
  uint64_t WorkByTurns() {
    uint64_t most = 0;
    for (bool more = true; more;) {
      const uint64_t before = Flushes();
      more = shard_.DoWork();
      most = std::max(most, Flushes() - before);
    }
    return most;
  }

  std::vector<base::StreamId> streams_;
};

TEST_F(ShardMemoryTest, FramesOfRecordsAreMadeOneAfterTheOther) {
  const std::string data(400, 'x');
  for (int i = 0; i < 6; ++i) log_.Append("all/r", data);
  EXPECT_LE(WorkByTurns(), 2u) << "one that is sent and one to see how long it takes";
  EXPECT_EQ(Flushes(), kStreams * 2);
  for (const auto stream : streams_) EXPECT_EQ(Take(stream), Records(1, 6, "all/r", data));
}

TEST_F(ShardMemoryTest, WindowsThatFindNoRoomEndLaterAndLoseNothing) {
  const std::string value(300, 'x');
  std::string expected;
  for (int i = 0; i < 9; ++i) {
    Put(fmt::format("all/{}", i), value);
    expected += fmt::format("S all/{}={}\n", i, value);
  }
  Tick();
  EXPECT_LE(WorkByTurns(), 2u);
  for (const auto stream : streams_) EXPECT_EQ(Take(stream), expected);
}

TEST_F(ShardMemoryTest, WhoWantsEveryUpdateGetsTheNewestWhereThereIsNoRoom) {
  for (const char* value : {"1", "2", "3"}) {
    Put("all/a", std::string(2 * kFrame, 'x'));
    Put("all/b", value);
  }
  Work();
  EXPECT_TRUE(Take(streams_[0]).ends_with("S all/b=3\n"));
  const std::string later = Take(streams_[2]);
  EXPECT_EQ(later.find("S all/b=1"), std::string::npos);
  EXPECT_TRUE(later.ends_with("S all/b=3\n"));
}

TEST_F(ShardMemoryTest, ACohortThatGoesBeforeItsLateWindowIsForgotten) {
  Put("all/a", std::string(2 * kFrame, 'x'));
  Tick();
  shard_.DoWork();
  for (size_t i = 1; i < kStreams; i += 2) shard_.OnClosed(streams_[i]);
  Work();
  EXPECT_EQ(shard_.cohorts(), kStreams / 2);
  EXPECT_FALSE(Take(streams_[kStreams - 2]).empty());
}

class ShardHeldTest : public testing::ShardFixture {
 protected:
  ShardHeldTest() : ShardFixture({.held_bytes = 1'000'000}) {}
};

TEST_F(ShardHeldTest, OpeningsAreShortWhileMuchWaitsForSockets) {
  for (int i = 0; i < 4000; ++i) Put(fmt::format("big/{}", i), std::string(100, 'x'));
  Work();
  // None of these takes its opening before it says so.
  std::vector<base::StreamId> waiting;
  size_t opened = 0;
  for (int i = 0; i < 100; ++i) {
    waiting.push_back(Subscribe("big/*"));
    opened += sockets_[waiting.back()].text.size();
  }
  EXPECT_LT(opened, 1'000'000u + 300'000u + 100 * 17'000u);
  EXPECT_LT(Take(waiting.back()).size(), 17'000u);
  for (const auto stream : waiting) shard_.OnWritable(stream);
  Work();
  EXPECT_GT(Take(Subscribe("big/*")).size(), 250'000u) << "nothing waits any more";
  EXPECT_TRUE(
      Take(waiting.back()).ends_with(fmt::format("S big/3999={}\n", std::string(100, 'x'))));
}

}  // namespace
}  // namespace livetape::hub
