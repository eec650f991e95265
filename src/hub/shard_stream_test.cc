// How streams open, keep alive and end; batches; the sizes of frames.

#include <algorithm>
#include <set>
#include <sstream>

#include "hub/shard_fixture.h"

namespace livetape::hub {
namespace {

using std::chrono::milliseconds;

class ShardStreamTest : public testing::ShardFixture {
 protected:
  StreamSpec Pulsing(std::string_view pattern) const {
    StreamSpec spec = Spec(pattern);
    spec.pulse = milliseconds(5000);
    return spec;
  }
  StreamSpec Batched(std::string_view pattern, milliseconds interval = kWindow) const {
    StreamSpec spec = Spec(pattern, interval);
    spec.rendering = &batches_;
    return spec;
  }
};

TEST_F(ShardStreamTest, OpensWithGreetingGapStateCopiesRecords) {
  log_.Append("t/a", "1");
  Work();
  Put("t/s", "v");
  const Shard::Opening opening{.greeting = [](auto id) { return fmt::format("hello {}\n", id); },
                               .copies = [](std::string& out) { out += "copy\n"; },
                               .snapshot = true};
  const auto stream =
      Open(Spec("t/*"), Resume{.after = 0, .gap_reason = "expired", .requested = "x"}, opening);
  EXPECT_EQ(Take(stream),
            "hello e1-0\nC gap {\"reason\":\"expired\",\"requested\":\"x\",\"resumed_at\":\"e1-0\","
            "\"missed\":null}\nS t/s=v\ncopy\nR 1 t/a 1\n");
}

TEST_F(ShardStreamTest, WithoutSnapshotOnlyChangesAreSent) {
  Put("s/a", "1");
  Put("s/b", "1");
  const auto stream =
      Open(Spec("s/*"), std::nullopt, {.greeting = {}, .copies = {}, .snapshot = false});
  EXPECT_EQ(Take(stream), "");
  Put("s/b", "2");
  TickAndWork();
  EXPECT_EQ(Take(stream), "S s/b=2\n");
}

TEST_F(ShardStreamTest, PulseComesInItsPeriodWithThePositionOfTheStream) {
  const auto stream = Open(Pulsing("t/*"));
  Pass(milliseconds(4900));
  EXPECT_EQ(Take(stream), "");
  Pass(milliseconds(100));
  EXPECT_EQ(Take(stream), "P e1-0\n");
  log_.Append("t/a", "1");
  log_.Append("other", "2");
  Work();
  Pass(milliseconds(5000));
  EXPECT_EQ(Take(stream), "R 1 t/a 1\nP e1-2\n");
}

TEST_F(ShardStreamTest, PulseNeverOvertakesARecord) {
  const auto stream = Open(Pulsing("t/*"));
  clock_.Advance(milliseconds(5000));
  log_.Append("t/a", "1");  // not read yet
  shard_.SendHeartbeats();
  Work();
  EXPECT_EQ(Take(stream), "P e1-0\nR 1 t/a 1\n");
}

TEST_F(ShardStreamTest, WhoIsBehindGetsNoPulseUntilItIsBack) {
  const auto stream = Open(Pulsing("t/*"));
  sockets_[stream].room = 0;
  log_.Append("t/a", "1");
  Work();
  Pass(milliseconds(5000));
  Unstall(stream);
  EXPECT_EQ(Take(stream), "R 1 t/a 1\n");
  Pass(milliseconds(5000));
  EXPECT_EQ(Take(stream), "P e1-1\n");
}

TEST_F(ShardStreamTest, HeartbeatMayBeTheStreamsOwn) {
  StreamSpec spec = Spec("t/*");
  spec.heartbeat = milliseconds(5000);
  const auto own = Open(spec), usual = Subscribe("t/*");
  Pass(milliseconds(5000));
  EXPECT_EQ(Take(own), ": hb\n\n");
  EXPECT_EQ(Take(usual), "");
}

TEST_F(ShardStreamTest, CloseEndsOneStreamWithItsEvent) {
  const auto a = Subscribe("t/*"), b = Subscribe("t/*");
  shard_.Close(a, "auth", "{\"reason\":\"revoked\"}");
  EXPECT_EQ(Take(a), "C auth {\"reason\":\"revoked\"}\n");
  EXPECT_TRUE(sockets_[a].ended);
  shard_.Close(a, "auth", "{}");
  EXPECT_EQ(Take(a), "") << "it has gone";
  log_.Append("t/a", "1");
  Work();
  EXPECT_EQ(Take(b), "R 1 t/a 1\n");
  EXPECT_EQ(Take(a), "");
  EXPECT_EQ(shard_.subscribers(), 1u);
}

TEST_F(ShardStreamTest, UpdatesOfAWindowAreOneBatch) {
  Put("s/a", "1");
  Put("s/b", "1");
  const auto stream = Open(Batched("s/*"));
  EXPECT_EQ(Take(stream), "B s/a=1,s/b=1\n");
  Put("s/b", "2");
  Put("s/c", "1");
  Delete("s/a");
  TickAndWork();
  TickAndWork();
  EXPECT_EQ(Take(stream), "B s/b=2,s/c=1,-s/a\n");
}

TEST_F(ShardStreamTest, IntervalZeroBatchesEachTurn) {
  const auto stream = Open(Batched("s/*", milliseconds(0)));
  Put("s/a", "1");
  Put("s/a", "2");
  Work();
  Put("s/a", "3");
  Work();
  EXPECT_EQ(Take(stream), "B s/a=1,s/a=2\nB s/a=3\n");
}

TEST_F(ShardStreamTest, BatchesHaveALimit) {
  for (int i = 0; i < 1000; ++i) Put(fmt::format("s/{:03}", i), std::string(200, 'v'));
  const std::string text = Take(Open(Batched("s/*")));
  std::istringstream lines(text);
  size_t batches = 0, elements = 0;
  for (std::string line; std::getline(lines, line); ++batches) {
    EXPECT_LE(line.size(), kBatchBytesMax + 2);
    elements += static_cast<size_t>(std::count(line.begin(), line.end(), ',')) + 1;
  }
  EXPECT_EQ(elements, 1000u);
  EXPECT_EQ(batches, 4u);
}

TEST_F(ShardStreamTest, LargeWindowLeavesInPiecesAndWhoLeavesBetweenThemMissesNothing) {
  constexpr int kKeys = 10'000;
  const auto steady = Subscribe("s/*"), leaving = Subscribe("s/*");
  sockets_[leaving].room = 300'000;  // part of the second piece
  for (int i = 0; i < kKeys; ++i) Put(fmt::format("s/{}", i), std::string(100, 'v'));
  TickAndWork();
  EXPECT_GE(Metric("livetape_hub_flushes_total"), 4u);
  Unstall(leaving);
  for (const auto stream : {steady, leaving}) {
    std::set<std::string> seen;
    std::istringstream lines(Take(stream));
    for (std::string line; std::getline(lines, line);) {
      if (!line.starts_with("S ")) continue;
      EXPECT_TRUE(seen.insert(line).second) << line.substr(0, 20) << " twice";
    }
    EXPECT_EQ(seen.size(), size_t{kKeys});
  }
}

TEST_F(ShardStreamTest, WhoLeavesByARecordBeforeAnyPieceMissesNoPiece) {
  constexpr int kKeys = 4000;  // two pieces
  for (int i = 0; i < 129; ++i) Subscribe("**");
  const auto last = Subscribe("**");
  sockets_[last].room = 0;
  for (int i = 0; i < kKeys; ++i) Put(fmt::format("s/{}", i), std::string(100, 'v'));
  Tick();
  while (sockets_.sends == 0) shard_.DoWork();  // the first slice of the first piece
  log_.Append("t/a", "r");                      // overtakes the rest
  Work();
  Unstall(last);
  const std::string text = Take(last);
  EXPECT_TRUE(text.starts_with("R 1 t/a r\n"));
  EXPECT_EQ(std::count(text.begin(), text.end(), 'S'), kKeys);
}

}  // namespace
}  // namespace livetape::hub
