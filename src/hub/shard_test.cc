#include "hub/shard.h"

#include "hub/shard_fixture.h"

namespace livetape::hub {
namespace {

using std::chrono::milliseconds;

class ShardTest : public testing::ShardFixture {};

TEST_F(ShardTest, StateLeavesAtTheWindowNewestOnly) {
  const auto stream = Subscribe("market/*");
  Put("market/A", "1");
  Put("market/B", "7");
  Put("market/A", "2");
  Work();
  EXPECT_EQ(Take(stream), "");
  TickAndWork();
  EXPECT_EQ(Take(stream), "S market/B=7\nS market/A=2\n");
  TickAndWork();
  EXPECT_EQ(Take(stream), "");
}

TEST_F(ShardTest, IntervalZeroGetsEveryUpdateInOrder) {
  const auto stream = Subscribe("market/*", milliseconds(0));
  Put("market/A", "1");
  Put("market/A", "2");
  Put("market/A", "3");
  Work();
  EXPECT_EQ(Take(stream), "S market/A=1\nS market/A=2\nS market/A=3\n");
}

TEST_F(ShardTest, IntervalIsCountedInWindows) {
  TickAndWork();
  const auto stream = Subscribe("market/*", milliseconds(500));
  int flushed = 0;
  for (int i = 0; i < 50; ++i) {  // 5 s
    Put("market/A", std::to_string(i));
    TickAndWork();
    flushed += Take(stream).empty() ? 0 : 1;
  }
  EXPECT_EQ(flushed, 10);
}

TEST_F(ShardTest, NewSubscriberGetsTheCurrentState) {
  Put("market/A", "1");
  Put("market/B", "2");
  Put("other/C", "3");
  EXPECT_EQ(Take(Subscribe("market/*")), "S market/A=1\nS market/B=2\n");
}

TEST_F(ShardTest, RepeatSendsEachWindowChangedOrNot) {
  Put("market/A", "1");
  const auto stream = Subscribe("market/A", kWindow, {}, true);
  Take(stream);
  TickAndWork();
  TickAndWork();
  EXPECT_EQ(Take(stream), "S market/A=1\nS market/A=1\n");
}

TEST_F(ShardTest, MinorUpdatesAloneSendNothingButCarryTheNewest) {
  const auto stream = Subscribe("market/*");
  const auto eager = Subscribe("market/*", milliseconds(0));
  Put("market/A", "1");
  TickAndWork();
  EXPECT_EQ(Take(stream), "S market/A=1\n");
  EXPECT_EQ(Take(eager), "S market/A=1\n");
  Put("market/A", "1b", 0, true);
  TickAndWork();
  EXPECT_EQ(Take(stream), "");
  EXPECT_EQ(Take(eager), "");
  Put("market/A", "2");
  Put("market/A", "2b", 0, true);
  TickAndWork();
  EXPECT_EQ(Take(stream), "S market/A=2b\n");
  EXPECT_EQ(Take(eager), "S market/A=2\n");
}

TEST_F(ShardTest, OlderVersionIsDropped) {
  const auto stream = Subscribe("market/*");
  const auto key = std::make_shared<StateKey>("market/A", "quote");
  inbox_.Put({key, base::SharedBytes::Copy("new"), 9, 0, false});
  inbox_.Put({key, base::SharedBytes::Copy("old"), 8, 0, false});
  TickAndWork();
  EXPECT_EQ(Take(stream), "S market/A=new\n");
}

TEST_F(ShardTest, EqualStreamsShareOneEncoding) {
  std::vector<base::StreamId> streams;
  for (int i = 0; i < 1000; ++i) streams.push_back(Subscribe("market/*"));
  EXPECT_EQ(shard_.cohorts(), 1u);
  Put("market/A", "1");
  TickAndWork();
  EXPECT_EQ(rendering_.renders, 1);
  EXPECT_EQ(sockets_.sends, 1000u);
  EXPECT_LE(sockets_.largest_send, 128u);
  for (const auto stream : streams) EXPECT_EQ(Take(stream), "S market/A=1\n");
}

TEST_F(ShardTest, RecordsGoAheadOfStateBetweenSlices) {
  std::vector<base::StreamId> streams;
  for (int i = 0; i < 300; ++i) streams.push_back(Subscribe("**"));
  Put("market/A", "1");
  Tick();
  while (sockets_.sends == 0) shard_.DoWork();  // the first slice of state
  log_.Append("x/y", "r");
  Work();
  EXPECT_EQ(Take(streams.front()), "S market/A=1\nR 1 x/y r\n");
  EXPECT_EQ(Take(streams.back()), "R 1 x/y r\nS market/A=1\n");
}

TEST_F(ShardTest, StateWaitsForItsRecord) {
  const auto stream = Subscribe("**");
  Put("paper/a/equity", "9", 1);
  TickAndWork();
  EXPECT_EQ(Take(stream), "");
  log_.Append("paper/a/fills", "f");
  Work();
  TickAndWork();
  EXPECT_EQ(Take(stream), "R 1 paper/a/fills f\nS paper/a/equity=9\n");
}

TEST_F(ShardTest, ResumeReplaysThenGoesLive) {
  for (int i = 0; i < 5; ++i) log_.Append(i % 2 == 0 ? "t/a" : "t/b", std::to_string(i));
  Work();
  const auto stream =
      Subscribe("t/a", kWindow, Resume{.after = 1, .gap_reason = "", .requested = ""});
  log_.Append("t/a", "live");
  Work();
  EXPECT_EQ(Take(stream), "R 3 t/a 2\nR 5 t/a 4\nR 6 t/a live\n");
}

TEST_F(ShardTest, GapIsToldBeforeStateAndReplay) {
  log_.Append("t/a", "1");
  Work();
  Put("t/s", "v");
  const auto stream =
      Subscribe("t/*", kWindow, Resume{.after = 0, .gap_reason = "expired", .requested = "e1-\"7"});
  EXPECT_EQ(Take(stream),
            "C gap {\"reason\":\"expired\",\"requested\":\"e1-\\\"7\",\"resumed_at\":\"e1-0\","
            "\"missed\":null}\nS t/s=v\nR 1 t/a 1\n");
}

TEST_F(ShardTest, SlowReaderIsToldWhatItSkippedAndGetsTheNewest) {
  const auto slow = Subscribe("market/*"), quick = Subscribe("market/*");
  sockets_[slow].room = 5;
  for (int i = 1; i <= 4; ++i) {
    Put("market/A", std::to_string(i));
    TickAndWork();
  }
  EXPECT_EQ(Take(quick), "S market/A=1\nS market/A=2\nS market/A=3\nS market/A=4\n");
  ASSERT_TRUE(sockets_.Unblock(slow));
  shard_.OnWritable(slow);
  Work();
  EXPECT_EQ(Take(slow), "S market/A=1\nC slow {\"skipped\":2}\nS market/A=4\n");
  Put("market/A", "5");
  TickAndWork();
  EXPECT_EQ(Take(slow), "S market/A=5\n");
}

TEST_F(ShardTest, ReaderThatMissedNothingIsNotToldSlow) {
  const auto stream = Subscribe("market/*");
  sockets_[stream].room = 5;
  Put("market/A", "1");
  TickAndWork();
  ASSERT_TRUE(sockets_.Unblock(stream));
  shard_.OnWritable(stream);
  Work();
  EXPECT_EQ(Take(stream), "S market/A=1\n");
}

TEST_F(ShardTest, SlowReaderLosesNoRecord) {
  const auto slow = Subscribe("t/*");
  sockets_[slow].room = 3;
  for (int i = 0; i < 1000; ++i) {
    log_.Append("t/a", "x");
    Work();
  }
  ASSERT_TRUE(sockets_.Unblock(slow));
  shard_.OnWritable(slow);
  Work();
  std::string expected;
  for (int i = 1; i <= 1000; ++i) expected += fmt::format("R {} t/a x\n", i);
  EXPECT_EQ(Take(slow), expected);
}

TEST_F(ShardTest, ReaderBehindTheLogIsToldTheGap) {
  const auto slow = Subscribe("t/*");
  sockets_[slow].room = 0;
  for (int i = 0; i < 10; ++i) {
    log_.Append("t/a", "x");
    Work();
  }
  log_.ForgetUpTo(8);
  sockets_.Unblock(slow);
  shard_.OnWritable(slow);
  Work();
  EXPECT_EQ(Take(slow),
            "C gap {\"reason\":\"expired\",\"requested\":\"e1-0\",\"resumed_at\":\"e1-8\","
            "\"missed\":null}\nR 9 t/a x\nR 10 t/a x\n");
}

TEST_F(ShardTest, ShardBehindTheLogTellsItsMembers) {
  const auto stream = Subscribe("t/*");
  for (int i = 0; i < 10; ++i) log_.Append("t/a", "x");
  log_.ForgetUpTo(9);
  Work();
  EXPECT_EQ(Take(stream),
            "C gap {\"reason\":\"expired\",\"requested\":\"e1-0\",\"resumed_at\":\"e1-9\","
            "\"missed\":null}\nR 10 t/a x\n");
}

TEST_F(ShardTest, HeartbeatOnlyAfterSilence) {
  const auto stream = Subscribe("market/*");
  clock_.Advance(std::chrono::seconds(14));
  shard_.SendHeartbeats();
  Work();
  EXPECT_EQ(Take(stream), "");
  Put("market/A", "1");
  TickAndWork();
  Take(stream);
  clock_.Advance(std::chrono::seconds(14));
  shard_.SendHeartbeats();
  Work();
  EXPECT_EQ(Take(stream), "");
  clock_.Advance(std::chrono::seconds(1));
  shard_.SendHeartbeats();
  Work();
  EXPECT_EQ(Take(stream), ": hb\n\n");
}

TEST_F(ShardTest, DrainEndsEveryStreamWithItsOwnRetry) {
  const auto a = Subscribe("market/*"), b = Subscribe("market/A");
  long long retry = 500;
  shard_.Drain([&] { return retry += 100; });
  EXPECT_EQ(Take(a), "C drain {\"after_ms\":600}\nretry: 600\n\n");
  EXPECT_EQ(Take(b), "C drain {\"after_ms\":700}\nretry: 700\n\n");
  EXPECT_TRUE(sockets_[a].ended);
  EXPECT_EQ(shard_.subscribers(), 0u);
  Work();
  EXPECT_EQ(shard_.cohorts(), 0u);
}

TEST_F(ShardTest, CohortsThatNobodyWantsAreTakenDownAFewInATurn) {
  std::vector<base::StreamId> streams;
  for (int i = 0; i < 20; ++i) streams.push_back(Subscribe(fmt::format("market/{}", i)));
  for (const auto stream : streams) shard_.OnClosed(stream);
  EXPECT_EQ(shard_.cohorts(), 20u);
  EXPECT_TRUE(shard_.DoWork());
  EXPECT_EQ(shard_.cohorts(), 12u);
  const auto again = Subscribe("market/15", milliseconds(0)), same = Subscribe("market/15");
  Work();
  EXPECT_EQ(shard_.cohorts(), 2u) << "one is wanted again, one is new";
  Put("market/15", "1");
  TickAndWork();
  EXPECT_EQ(Take(again), "S market/15=1\n");
  EXPECT_EQ(Take(same), "S market/15=1\n");
}

TEST_F(ShardTest, ClosedStreamsLeaveNothing) {
  std::vector<base::StreamId> streams;
  for (int i = 0; i < 500; ++i) streams.push_back(Subscribe("market/*", milliseconds(0)));
  EXPECT_FALSE(shard_.eager()) << "they show no key yet";
  Put("market/A", "1");
  shard_.DoWork();
  EXPECT_TRUE(shard_.eager());
  for (const auto stream : streams) shard_.OnClosed(stream);
  Work();
  EXPECT_EQ(shard_.cohorts(), 0u);
  EXPECT_EQ(shard_.subscribers(), 0u);
  EXPECT_FALSE(shard_.eager());
}

TEST_F(ShardTest, OverloadSkipsWindowsInsteadOfQueueingThem) {
  const auto stream = Subscribe("market/*");
  for (int i = 0; i < 5; ++i) {
    Put("market/A", std::to_string(i));
    Tick();
  }
  Work();
  EXPECT_EQ(Take(stream), "S market/A=4\n");
}

TEST_F(ShardTest, ShardThatStaysBehindStillCutsWindows) {
  const auto stream = Subscribe("market/*");
  Put("market/A", "1");
  Tick();
  for (int i = 0; i < 2000; ++i) Put("market/B", "x");
  Tick();  // newer than the first marker when that is reached
  clock_.Advance(milliseconds(60));
  Work();
  EXPECT_TRUE(Take(stream).starts_with("S market/A=1\n"));
}

TEST_F(ShardTest, LargeStateComesWholeThoughMinorUpdatesFollowed) {
  constexpr int kKeys = 6000;
  const std::string value(100, 'v');
  for (int i = 0; i < kKeys; ++i) Put(fmt::format("market/{}", i), value);
  for (int i = 0; i < kKeys; i += 2) Put(fmt::format("market/{}", i), value + "m", 0, true);
  Work();
  const auto stream = Subscribe("market/*");
  shard_.OnWritable(stream);
  Work();
  const std::string text = Take(stream);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), kKeys);
}

TEST_F(ShardTest, CursorAheadOfTheShardIsNotSentTwice) {
  for (int i = 0; i < 3; ++i) log_.Append("t/a", std::to_string(i));
  const auto stream =  // the shard has read none of them yet
      Subscribe("t/a", kWindow, Resume{.after = 2, .gap_reason = "", .requested = ""});
  Work();
  EXPECT_EQ(Take(stream), "R 3 t/a 2\n");
}

TEST_F(ShardTest, SteadyRecordsDoNotStarveState) {
  const auto stream = Subscribe("**");
  Put("market/A", "1");
  Tick();
  for (int i = 0; i < 10; ++i) {
    log_.Append("t/a", "x");
    shard_.DoWork();
  }
  EXPECT_NE(Take(stream).find("S market/A=1"), std::string::npos);
}

}  // namespace
}  // namespace livetape::hub
