// Deleted keys, and the bounds of what is remembered of them.

#include <algorithm>

#include "hub/shard_fixture.h"

namespace livetape::hub {
namespace {

using std::chrono::milliseconds;

class ShardDeletionTest : public testing::ShardFixture {
 protected:
  static constexpr size_t kTombstones = 100;
  ShardDeletionTest()
      : ShardFixture(
            {.heartbeat = milliseconds(15'000), .fetches_max = 16, .tombstones_max = kTombstones}) {
  }

  // Keys that come and go, more than are remembered.
  void Churn() {
    for (size_t i = 0; i < 3 * kTombstones; ++i) {
      Put(fmt::format("churn/{}", i), "v");
      Delete(fmt::format("churn/{}", i));
    }
    TickAndWork();
  }
};

TEST_F(ShardDeletionTest, IsSentOnceThenForgotten) {
  Put("s/a", "1");
  const auto stream = Subscribe("s/*"), every = Subscribe("s/*", milliseconds(0));
  Take(stream), Take(every);
  Delete("s/a");
  TickAndWork();
  TickAndWork();
  EXPECT_EQ(Take(stream), "D s/a\n");
  EXPECT_EQ(Take(every), "D s/a\n");
  EXPECT_EQ(Take(Subscribe("s/*")), "") << "a new subscriber never showed it";
  EXPECT_EQ(shard_.table().keys(), 0u);
}

TEST_F(ShardDeletionTest, OfAKeyThatIsNotThereIsNothing) {
  const auto stream = Subscribe("s/*", milliseconds(0));
  Delete("s/a");
  Put("s/a", "1");
  Delete("s/a");
  Delete("s/a");
  Work();
  EXPECT_EQ(Take(stream), "S s/a=1\nD s/a\n");
}

TEST_F(ShardDeletionTest, SetAndDeletedWithinAWindowEndsDeleted) {
  Put("s/a", "1");
  const auto stream = Subscribe("s/*");
  Take(stream);
  Put("s/a", "2");
  Delete("s/a");
  TickAndWork();
  EXPECT_EQ(Take(stream), "D s/a\n");
}

TEST_F(ShardDeletionTest, KeyComesBackWithItsNewValueEvenIfMinor) {
  const auto stream = Subscribe("s/*");
  Put("s/a", "1");
  TickAndWork();
  Delete("s/a");
  Put("s/a", "2", 0, true);
  TickAndWork();
  EXPECT_EQ(Take(stream), "S s/a=1\nS s/a=2\n");
}

TEST_F(ShardDeletionTest, OlderUpdateDoesNotBringAKeyBack) {
  const auto key = std::make_shared<StateKey>("s/a", "quote");
  const auto stream = Subscribe("s/*", milliseconds(0));
  inbox_.Put({key, base::SharedBytes::Copy("1"), 5});
  inbox_.Put({key, {}, 9});
  inbox_.Put({key, base::SharedBytes::Copy("late"), 8});
  Work();
  EXPECT_EQ(Take(stream), "S s/a=1\nD s/a\n");
}

TEST_F(ShardDeletionTest, ReachesWhoWasAwayFromItsCohort) {
  Put("s/a", "1");
  const auto stream = Subscribe("s/*");
  Take(stream);
  sockets_[stream].room = 0;
  Put("s/b", "1");
  TickAndWork();
  Delete("s/a");
  TickAndWork();
  Unstall(stream);
  EXPECT_EQ(Take(stream), "S s/b=1\nD s/a\n");
}

TEST_F(ShardDeletionTest, ChurnDoesNotGrowTheTable) {
  const auto stream = Subscribe("churn/*"), every = Subscribe("churn/*", milliseconds(0));
  for (int i = 0; i < 10; ++i) Churn();
  EXPECT_EQ(shard_.table().keys(), 0u);
  EXPECT_LE(shard_.table().deletions(), kTombstones);
  size_t indices = 0;
  shard_.table().ForEachUnder("", [&](auto index) { indices = std::max<size_t>(indices, index); });
  EXPECT_LE(indices, 2 * kTombstones);
  const std::string text = Take(every);
  EXPECT_EQ(std::count(text.begin(), text.end(), 'D'), 10 * 3 * int{kTombstones});
  EXPECT_FALSE(sockets_[stream].ended || sockets_[every].ended);
}

class ShardForgettingTest : public testing::ShardFixture {
 protected:
  static constexpr size_t kTombstones = 6000;
  ShardForgettingTest()
      : ShardFixture(
            {.heartbeat = milliseconds(15'000), .fetches_max = 16, .tombstones_max = kTombstones}) {
  }
};

TEST_F(ShardForgettingTest, TakesSeveralTurnsThenWaitsForAsManyMore) {
  const auto stream = Subscribe("churn/*", milliseconds(10'000));
  Take(stream);
  std::vector<size_t> remembered = {0};  // after each turn
  for (size_t i = 0; i < 2 * kTombstones; ++i) {
    Put(fmt::format("churn/{}", i), "v");
    Delete(fmt::format("churn/{}", i));
    for (bool more = true; more; remembered.push_back(shard_.table().deletions())) {
      more = shard_.DoWork();
    }
  }
  size_t turns = 0;
  for (size_t i = 1; i < remembered.size(); ++i) {
    ASSERT_LE(remembered[i - 1], remembered[i] + 1025);
    turns += remembered[i] < remembered[i - 1];
  }
  EXPECT_EQ(turns, 6u) << "twice from 6,001 to 3,000, by 1,024 at most";
  EXPECT_LE(*std::max_element(remembered.begin(), remembered.end()), kTombstones + 1);
}

TEST_F(ShardDeletionTest, MembersAreToldBeforeItIsForgotten) {
  Put("churn/first", "v");
  const auto stream = Subscribe("churn/*", milliseconds(10'000));
  Take(stream);
  Delete("churn/first");
  Churn();  // within the window
  EXPECT_NE(Take(stream).find("D churn/first\n"), std::string::npos);
}

TEST_F(ShardDeletionTest, WhoMissedAForgottenOneStartsAfresh) {
  Put("churn/first", "v");
  Put("calm/a", "v");
  const auto behind = Subscribe("churn/*"), other = Subscribe("calm/*");
  for (const auto stream : {behind, other}) {
    Take(stream);
    sockets_[stream].room = 0;
  }
  Put("churn/first", "w");
  Put("calm/a", "w");
  TickAndWork();
  Delete("churn/first");
  Churn();
  Unstall(behind);
  Unstall(other);
  EXPECT_TRUE(sockets_[behind].ended);
  EXPECT_TRUE(Take(behind).starts_with("C drain {\"after_ms\":"));
  EXPECT_EQ(Take(other), "S calm/a=w\n") << "it shows no such key";
  EXPECT_EQ(Take(Subscribe("churn/*")), "");
}

TEST_F(ShardDeletionTest, LargeSnapshotGoesOnThoughOldDeletionsAreForgotten) {
  constexpr int kKeys = 6000;
  for (int i = 0; i < kKeys; ++i) Put(fmt::format("churn/k{}", i), std::string(100, 'v'));
  Work();
  Subscribe("churn/*");
  Churn();  // later than the keys, and forgotten before the next subscriber comes
  const auto stream = Subscribe("churn/*");
  shard_.OnWritable(stream);
  Work();
  const std::string text = Take(stream);
  EXPECT_FALSE(sockets_[stream].ended);
  EXPECT_EQ(std::count(text.begin(), text.end(), 'S'), kKeys);
}

}  // namespace
}  // namespace livetape::hub
