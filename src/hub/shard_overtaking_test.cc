// While a crowd is sent records in turns, others are sent theirs; nobody gets one twice, late behind
// a newer one, or not at all.

#include "hub/shard_fixture.h"

namespace livetape::hub {
namespace {

using std::chrono::milliseconds;

constexpr int kCrowdMembers = 10;

class ShardOvertakingTest : public testing::ShardFixture {
 protected:
  ShardOvertakingTest() : ShardFixture({.slice_members = 2, .slice_bytes = 200}) {
    for (int i = 0; i < kCrowdMembers; ++i) crowd_.push_back(Subscribe("crowd/*"));
    small_ = Subscribe("small/*");
  }
  // The crowd's record is on its way, and has not come to all.
  void BeginCrowd() {
    log_.Append("crowd/a", "x");
    shard_.DoWork();
    ASSERT_EQ(sockets_.sends, 2u);
  }
  uint64_t Overtaking() const { return Metric("livetape_hub_overtaking_total"); }

  std::vector<base::StreamId> crowd_;
  base::StreamId small_;
};

TEST_F(ShardOvertakingTest, ASmallCohortDoesNotWaitForACrowd) {
  BeginCrowd();
  log_.Append("small/a", "y");
  shard_.DoWork();
  EXPECT_EQ(Take(small_), "R 2 small/a y\n");
  EXPECT_EQ(sockets_[crowd_.back()].text, "") << "the crowd was done: this showed nothing";
  EXPECT_EQ(Overtaking(), 1u);
  Work();
  EXPECT_EQ(Take(small_), "") << "once";
  for (const auto stream : crowd_) EXPECT_EQ(Take(stream), "R 1 crowd/a x\n");
}

TEST_F(ShardOvertakingTest, WhoIsPassedOverStaysInOrder) {
  const auto both = Subscribe("*/*");
  BeginCrowd();
  log_.Append("small/a", "y");
  Work();
  EXPECT_EQ(Take(both), "R 1 crowd/a x\nR 2 small/a y\n");
}

TEST_F(ShardOvertakingTest, ARecordTooLargeHoldsBackThoseAfterIt) {
  BeginCrowd();
  const std::string large(300, 'z');  // more than a slice
  log_.Append("small/a", large);
  shard_.DoWork();
  log_.Append("small/b", "y");
  shard_.DoWork();
  EXPECT_EQ(Take(small_), "");
  EXPECT_EQ(Overtaking(), 0u);
  Work();
  EXPECT_EQ(Take(small_), "R 2 small/a " + large + "\nR 3 small/b y\n");
}

// More comes than is read in a turn: the first that was passed over is sent long before the last.
TEST_F(ShardOvertakingTest, AllThatWasPassedOverHoldsBackWhatFollows) {
  BeginCrowd();
  const std::string large(300, 'z');
  log_.Append("small/a", large);
  for (int i = 0; i < 300; ++i) log_.Append("crowd/a", "x");
  log_.Append("small/b", "y");
  while (sockets_[small_].text.empty()) shard_.DoWork();
  log_.Append("small/c", "y");
  shard_.DoWork();
  EXPECT_EQ(Take(small_), "R 2 small/a " + large + "\n");
  EXPECT_LT(shard_.cursor(), 303u) << "all had been read: this showed nothing";
  Work();
  EXPECT_EQ(Take(small_), "R 303 small/b y\nR 304 small/c y\n");
}

TEST_F(ShardOvertakingTest, WhoFallsBehindInStateGoesOnBehindIt) {
  const auto filler = Subscribe("filler/*");
  BeginCrowd();
  Put("small/a", "v");
  Tick();
  for (int i = 0; i < 300; ++i) log_.Append("filler/a", "x");
  log_.Append("small/a", "y");
  log_.Append("crowd/a", "x");
  Put("small/a", "v");
  while (sockets_[small_].text.empty()) ASSERT_TRUE(shard_.DoWork());
  EXPECT_EQ(Take(small_), "R 302 small/a y\n");
  sockets_[small_].room = 0;
  while (!sockets_[small_].refused) ASSERT_TRUE(shard_.DoWork());
  EXPECT_LT(shard_.cursor(), 302u) << "all had been read: this showed nothing";
  Work();
  Unstall(small_);
  EXPECT_EQ(Take(small_), "C slow {\"skipped\":1}\nS small/a=v\n");
  EXPECT_FALSE(Take(filler).empty());
}

TEST_F(ShardOvertakingTest, WhoJoinsMeanwhileMissesNothing) {
  const auto other = Subscribe("other/*");
  BeginCrowd();
  log_.Append("other/a", "y");
  log_.Append("new/a", "y");  // for nobody yet
  shard_.DoWork();
  EXPECT_EQ(Take(other), "R 2 other/a y\n");
  const auto fresh = Subscribe("new/*");
  log_.Append("other/b", "z");
  log_.Append("new/b", "z");
  shard_.DoWork();
  EXPECT_EQ(Take(other), "R 4 other/b z\n");
  EXPECT_EQ(Take(fresh), "");
  Work();
  EXPECT_EQ(Take(fresh), "R 3 new/a y\nR 5 new/b z\n");
  EXPECT_EQ(Take(other), "");
}

// Otherwise it would come too late for as long as there is a crowd.
TEST_F(ShardOvertakingTest, AViewThatSomebodyWaitsForWaitsForHim) {
  const auto first = Subscribe("other/*");
  BeginCrowd();
  log_.Append("other/a", "y");
  shard_.DoWork();
  EXPECT_EQ(Take(first), "R 2 other/a y\n");
  const auto second = Subscribe("other/*");
  log_.Append("other/b", "z");
  shard_.DoWork();
  EXPECT_EQ(Take(first), "");
  shard_.OnWritable(second);
  Work();
  EXPECT_EQ(Take(first), "R 3 other/b z\n");
  EXPECT_EQ(Take(second), "R 2 other/a y\nR 3 other/b z\n");
}

TEST_F(ShardOvertakingTest, WhoFallsBehindThereGoesOnBehindIt) {
  BeginCrowd();
  log_.Append("small/a", "y");
  sockets_[small_].room = 3;
  shard_.DoWork();
  EXPECT_EQ(Take(small_), "R 2");
  log_.Append("small/b", "z");
  Unstall(small_);
  EXPECT_EQ(Take(small_), " small/a y\nR 3 small/b z\n");
}

TEST_F(ShardOvertakingTest, APulseNamesWhatHasBeenSent) {
  StreamSpec spec = Spec("small/*");
  spec.pulse = milliseconds(1000);
  const auto pulsed = Open(spec);
  BeginCrowd();
  log_.Append("small/a", "y");
  shard_.DoWork();
  EXPECT_EQ(Take(pulsed), "R 2 small/a y\n");
  clock_.Advance(milliseconds(1000));
  shard_.SendHeartbeats();
  sockets_[pulsed].room = 2;  // it leaves its cohort within the pulse
  Work();
  Unstall(pulsed);
  EXPECT_EQ(Take(pulsed), "P e1-2\n");
}

TEST_F(ShardOvertakingTest, StateComesBehindItsRecordAllTheSame) {
  BeginCrowd();
  const auto view = Subscribe("small/*", milliseconds(0));
  log_.Append("small/a", "y");
  Put("small/a", "v", 2);
  Work();
  EXPECT_EQ(Take(view), "R 2 small/a y\nS small/a=v\n");
}

}  // namespace
}  // namespace livetape::hub
