// Streams that end by themselves.

#include "hub/shard_fixture.h"

namespace livetape::hub::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class ShardEnd : public ShardFixture {
 protected:
  static base::WallTime At(int second) { return base::WallTime(seconds(second)); }
  StreamSpec Through(uint64_t seq) const {
    StreamSpec spec = Spec("a/*");
    spec.end.through = seq;
    return spec;
  }
  StreamSpec Before(int second) const {
    StreamSpec spec = Spec("a/*");
    spec.end.before = At(second);
    return spec;
  }
  // A stream whose socket takes all that it is given.
  base::StreamId OpenReady(StreamSpec spec, uint64_t after) {
    const auto stream = Open(std::move(spec), From(after));
    shard_.OnWritable(stream);
    Settle();
    return stream;
  }
  // Time passes until `second`, and the shard looks who is at the end.
  void Until(int second, milliseconds more = milliseconds(0)) {
    clock_.Advance(At(second) + more - clock_.Wall());
    log_.now = clock_.Wall();
    shard_.EndStreams();
    Work();
  }
  void Append(int count, std::string topic = "a/x") {
    for (int i = 0; i < count; ++i) log_.Append(topic, "d");
  }
};

TEST_F(ShardEnd, ReplaysUpToTheLastRecordAndEnds) {
  Append(10);
  Work();
  const auto stream = OpenReady(Through(7), 4);
  EXPECT_EQ(Take(stream), Records(5, 7, "a/x", "d"));
  EXPECT_TRUE(sockets_[stream].ended);
  EXPECT_EQ(shard_.subscribers(), 0U);
  EXPECT_EQ(shard_.cohorts(), 0U);
}

TEST_F(ShardEnd, ReplaysFromDiskUpToTheLastRecord) {
  Append(2000);
  Work();
  log_.EvictUpTo(1900);
  const auto stream = OpenReady(Through(1950), 0);
  EXPECT_EQ(Take(stream), Records(1, 1950, "a/x", "d"));
  EXPECT_TRUE(sockets_[stream].ended);
}

TEST_F(ShardEnd, NothingToSendEndsAtOnce) {
  Append(10);
  Work();
  for (const auto& [after, through] :
       std::vector<std::pair<uint64_t, uint64_t>>{{10, 5}, {5, 5}, {10, 10}, {0, 0}}) {
    const auto stream = OpenReady(Through(through), after);
    EXPECT_EQ(Take(stream), "") << after;
    EXPECT_TRUE(sockets_[stream].ended) << after;
  }
}

TEST_F(ShardEnd, OthersOfTheSameTopicsGoOn) {
  Append(3);
  Work();
  const auto endless = OpenReady(Spec("a/*"), 0);
  const auto ending = OpenReady(Through(2), 0);
  EXPECT_TRUE(sockets_[ending].ended);
  Append(1);
  Work();
  EXPECT_FALSE(sockets_[endless].ended);
  EXPECT_EQ(Take(endless), Records(1, 4, "a/x", "d"));
}

TEST_F(ShardEnd, WaitsForALastRecordThatTheShardHasNotReadYet) {
  Append(2);
  Work();
  Append(2);
  const auto stream = Open(Through(4), From(2));
  shard_.OnWritable(stream);
  EXPECT_FALSE(sockets_[stream].ended);
  Work();
  shard_.EndStreams();
  Work();
  EXPECT_EQ(Take(stream), Records(3, 4, "a/x", "d"));
  EXPECT_TRUE(sockets_[stream].ended);
}

TEST_F(ShardEnd, ATimeToComeEndsTheLiveStream) {
  Until(100);
  const auto stream = OpenReady(Before(200), 0);
  Until(150);
  Append(1);
  Work();
  Until(199);
  Append(1);
  Work();
  EXPECT_FALSE(sockets_[stream].ended);
  Until(200);  // the last record may still be on its way to the disk
  EXPECT_FALSE(sockets_[stream].ended);
  Until(200, milliseconds(250));
  EXPECT_TRUE(sockets_[stream].ended);
  EXPECT_EQ(Take(stream), Records(1, 2, "a/x", "d"));
  EXPECT_EQ(shard_.subscribers(), 0U);
}

TEST_F(ShardEnd, ALaterRecordProvesTheEndAndIsNotSent) {
  Until(100);
  const auto stream = OpenReady(Before(200), 0);
  Append(1);
  log_.now = At(200);
  Append(1);
  Append(1, "b/other");
  Work();
  shard_.EndStreams();
  EXPECT_EQ(Take(stream), Records(1, 1, "a/x", "d"));
  EXPECT_TRUE(sockets_[stream].ended);
}

TEST_F(ShardEnd, SlowReaderGetsAllBeforeItsEnd) {
  Until(100);
  const auto stream = OpenReady(Before(200), 0);
  sockets_[stream].room = 3;
  Append(5);
  Work();
  Until(300);
  EXPECT_FALSE(sockets_[stream].ended);
  Append(5);
  Work();
  Unstall(stream);
  Settle();
  EXPECT_EQ(Take(stream), Records(1, 5, "a/x", "d"));
  EXPECT_TRUE(sockets_[stream].ended);
}

TEST_F(ShardEnd, RecordsThatAreThereAreSentBeforeTheClockEndsIt) {
  Until(100);
  const auto stream = OpenReady(Before(200), 0);
  Append(600);
  clock_.Advance(seconds(200));
  shard_.EndStreams();
  EXPECT_FALSE(sockets_[stream].ended);
  Work();
  shard_.EndStreams();
  EXPECT_TRUE(sockets_[stream].ended);
  EXPECT_EQ(Take(stream), Records(1, 600, "a/x", "d"));
}

TEST_F(ShardEnd, DifferentEndsAreDifferentCohorts) {
  StreamSpec a = Through(5), b = Through(6), c = Spec("a/*");
  EXPECT_NE(a.CohortKey(), b.CohortKey());
  EXPECT_NE(a.CohortKey(), c.CohortKey());
  EXPECT_NE(Before(5).CohortKey(), Before(6).CohortKey());
  EXPECT_EQ(Through(5).CohortKey(), a.CohortKey());
}

}  // namespace
}  // namespace livetape::hub::testing
