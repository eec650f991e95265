// What things cost, counted: a record and a window touch only the cohorts that they concern.

#include "hub/shard_fixture.h"

namespace livetape::hub {
namespace {

using std::chrono::milliseconds;

constexpr uint64_t kUsers = 10'000;

class ShardCostTest : public testing::ShardFixture {
 protected:
  ShardCostTest() {
    for (uint64_t i = 0; i < kUsers; ++i) {
      StreamSpec spec = Spec(fmt::format("user/{}/*", i), milliseconds(i % 2 == 0 ? 0 : 100));
      spec.patterns.push_back(*TopicPattern::Parse("broadcast/*"));
      streams_.push_back(Open(std::move(spec)));
    }
    EXPECT_EQ(shard_.cohorts(), kUsers);
  }
  uint64_t Asked() const { return Metric("livetape_hub_cohorts_asked_total"); }
  uint64_t Flushes() const { return Metric("livetape_hub_flushes_total"); }

  std::vector<base::StreamId> streams_;
};

TEST_F(ShardCostTest, ARecordToOneUserTouchesOneCohort) {
  for (uint64_t i = 0; i < 1000; ++i) log_.Append(fmt::format("user/{}/ai", i * 7), "x");
  Work();
  EXPECT_EQ(Asked(), 1000u);
  EXPECT_EQ(Flushes(), 1000u);
  EXPECT_EQ(sockets_.sends, 1000u);
  EXPECT_EQ(Take(streams_[7]), "R 2 user/7/ai x\n");
  EXPECT_EQ(Take(streams_[8]), "");
}

TEST_F(ShardCostTest, WindowsAndUpdatesTouchOnlyCohortsThatShowAKey) {
  const auto market = Subscribe("market/*");
  for (int i = 0; i < 100; ++i) {
    Put(fmt::format("market/{}", i % 5), std::to_string(i));
    TickAndWork();
  }
  EXPECT_EQ(Asked(), 100u) << "one cohort in each window";
  EXPECT_FALSE(shard_.eager()) << "nobody with interval 0 shows a key";
  EXPECT_FALSE(Take(market).empty());
}

TEST_F(ShardCostTest, ABroadcastIsRenderedOnceForAllCohorts) {
  log_.Append("broadcast/security", "x");
  Work();
  EXPECT_EQ(rendering_.record_renders, 1);
  EXPECT_EQ(sockets_.sends, kUsers);
}

}  // namespace
}  // namespace livetape::hub
