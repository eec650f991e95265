// Replay: from memory, from beyond it, shared between subscribers, and what cannot be replayed.

#include "hub/shard_fixture.h"

namespace livetape::hub {
namespace {

using std::chrono::milliseconds;

class ShardReplayTest : public testing::ShardFixture {
 protected:
  ShardReplayTest() : ShardFixture({.heartbeat = milliseconds(15'000), .fetches_max = 2}) {}

  void Publish(int count, std::string_view topic = "t/a", const std::string& data = "x") {
    for (int i = 0; i < count; ++i) log_.Append(std::string(topic), data);
    Work();
  }
};

TEST_F(ShardReplayTest, RecordsBeyondMemoryAreFetchedThenItGoesLive) {
  Publish(1000);
  log_.EvictUpTo(900);
  const auto stream = Replay("t/*", 10);
  Work();
  EXPECT_EQ(Take(stream), "");
  ASSERT_EQ(log_.fetches(), 1u);
  Publish(5);  // while the fetch is under way
  log_.AnswerFetch();
  Publish(5);
  EXPECT_EQ(Take(stream), Records(11, 1010, "t/a", "x"));
  EXPECT_EQ(log_.fetches_ever, 1u);
}

TEST_F(ShardReplayTest, WhoWaitsForRecordsHearsThatItsStreamLivesAndHowFarItIs) {
  Publish(1000, "t/b");
  log_.EvictUpTo(900);
  StreamSpec spec = Spec("t/a");
  spec.pulse = milliseconds(5'000);
  const auto quiet = Replay("t/a", 10), pulsed = Open(spec, From(10));
  shard_.OnWritable(pulsed);
  Work();
  ASSERT_EQ(log_.fetches(), 2u);
  Pass(milliseconds(4'000));
  EXPECT_EQ(Take(pulsed), "");
  Pass(milliseconds(1'000));
  EXPECT_EQ(Take(pulsed), "P e1-10\n");
  EXPECT_EQ(Take(quiet), "");
  Pass(milliseconds(10'000));
  EXPECT_EQ(Take(quiet), ": hb\n\n");
  EXPECT_EQ(Take(pulsed), "P e1-10\n");
  Settle();
  log_.Append("t/a", "x");
  Work();
  EXPECT_EQ(Take(quiet), "R 1001 t/a x\n");
  EXPECT_EQ(Take(pulsed), "R 1001 t/a x\n");
  Pass(milliseconds(5'000));
  EXPECT_EQ(Take(pulsed), "P e1-1001\n") << "once, as a member";
}

// What is fetched finds nothing of it, and memory goes on meanwhile.
TEST_F(ShardReplayTest, WhoLooksInVainForLongIsToldHowFarItIs) {
  Publish(1000, "t/b");
  log_.EvictUpTo(1000);
  StreamSpec spec = Spec("t/a");
  spec.pulse = milliseconds(5'000);
  const auto stream = Open(spec, From(10));
  shard_.OnWritable(stream);
  Work();
  Pass(milliseconds(3'000));
  Publish(500, "t/b");
  log_.AnswerFetch();  // up to there
  log_.EvictUpTo(1500);
  for (int i = 0; i < 500; ++i) log_.Append("t/b", "x");
  log_.EvictUpTo(2000);
  Work();
  ASSERT_EQ(log_.fetches(), 1u) << "it is done: this showed nothing";
  Pass(milliseconds(2'000));
  EXPECT_EQ(Take(stream), "P e1-1500\n");
}

TEST_F(ShardReplayTest, WhoseSocketIsFullWhileItWaitsForRecordsAsksAgain) {
  Publish(1000);
  log_.EvictUpTo(1000);
  StreamSpec spec = Spec("t/*");
  spec.pulse = milliseconds(5'000);
  const auto half = Open(spec, From(990)), none = Open(spec, From(980));
  for (const auto stream : {half, none}) shard_.OnWritable(stream);
  Work();
  sockets_[half].room = 3;
  sockets_[none].room = 0;
  Pass(milliseconds(5'000));
  EXPECT_EQ(shard_.fetches().waiting(), 0u);
  Settle();
  EXPECT_EQ(Take(half), "P e");
  EXPECT_EQ(Take(none), "");
  for (const auto stream : {half, none}) Unstall(stream);
  Settle();
  EXPECT_EQ(Take(half), "1-990\n" + Records(991, 1000, "t/a", "x"));
  EXPECT_EQ(Take(none), Records(981, 1000, "t/a", "x"));
}

TEST_F(ShardReplayTest, WhatASocketRefusesIsNotCountedAsHandedOut) {
  const auto ready = Subscribe("t/*"), full = Subscribe("t/*");
  for (const auto stream : {ready, full}) shard_.OnWritable(stream);
  Work();
  sockets_[full].room = 0;
  Publish(3);
  shard_.OnWritable(full);  // there is no room all the same
  Work();
  EXPECT_EQ(Metric("livetape_hub_events_out_total"), 3u);
  Unstall(full);
  EXPECT_EQ(Take(full), Records(1, 3, "t/a", "x"));
  EXPECT_EQ(Metric("livetape_hub_events_out_total"), 6u);
}

// Writing a record takes a millisecond on the test's clock.
class SlowRendering final : public Rendering {
 public:
  explicit SlowRendering(base::ManualClock& clock) : clock_(clock) {}
  void State(const StateKey&, std::string_view, std::string&) const override {}
  void Record(const RecordView& record, std::string_view, std::string& out) const override {
    clock_.Advance(milliseconds(1));
    out += record.data;
  }

 private:
  base::ManualClock& clock_;
};

TEST_F(ShardReplayTest, WhoCatchesUpRestsWhileRecordsGoOn) {
  Publish(5000, "t/a", std::string(1000, 'x'));
  const auto live = Subscribe("t/*");
  const SlowRendering slow(clock_);
  StreamSpec spec = Spec("t/*");
  spec.rendering = &slow;
  const auto behind = Open(std::move(spec), From(0));
  shard_.OnWritable(behind);
  ASSERT_TRUE(shard_.DoWork());
  Take(behind);
  EXPECT_GT(shard_.rest().count(), 0);
  log_.Append("t/a", "live");
  while (shard_.DoWork() && shard_.rest().count() == 0) {
  }
  EXPECT_EQ(Take(live), "R 5001 t/a live\n");
  EXPECT_EQ(Take(behind), "") << "it rests";
  clock_.Advance(shard_.rest());
  while (Take(behind).empty()) ASSERT_TRUE(shard_.DoWork());
}

TEST_F(ShardReplayTest, SeveralFetchesWhenOneIsNotEnough) {
  const std::string data(10'000, 'x');
  Publish(100, "t/a", data);
  log_.EvictUpTo(100);
  const auto stream = Replay("t/*", 0);
  Settle();
  EXPECT_EQ(Take(stream), Records(1, 100, "t/a", data));
  EXPECT_EQ(log_.fetches_ever, 4u);  // 27 records of 10 kB are over 256 KiB
}

TEST_F(ShardReplayTest, RecordsThatAreGoneAreAGap) {
  Publish(100);
  log_.EvictUpTo(90);
  const auto stream = Replay("t/*", 10);
  Work();
  log_.ForgetUpTo(50);  // while the fetch is under way
  Settle();
  EXPECT_EQ(Take(stream),
            "C gap {\"reason\":\"expired\",\"requested\":\"e1-10\",\"resumed_at\":\"e1-50\","
            "\"missed\":null}\n" +
                Records(51, 100, "t/a", "x"));
}

TEST_F(ShardReplayTest, ShardBehindMemoryGoesOnByFetch) {
  const auto a = Subscribe("t/*"), b = Subscribe("t/*");
  for (int i = 0; i < 500; ++i) log_.Append("t/a", "x");
  log_.EvictUpTo(400);
  Work();
  EXPECT_EQ(log_.fetches(), 1u) << "both wait for the same";
  Settle();
  Publish(1);
  EXPECT_EQ(Take(a), Records(1, 501, "t/a", "x"));
  EXPECT_EQ(Take(b), Records(1, 501, "t/a", "x"));
}

TEST_F(ShardReplayTest, FetchesAreFewAtATimeAndOthersWaitTheirTurn) {
  Publish(100);
  log_.EvictUpTo(100);
  std::vector<base::StreamId> streams(10);
  for (uint64_t i = 0; i < 10; ++i) streams[i] = Replay("t/*", 9 - i);
  Work();
  EXPECT_EQ(log_.fetches(), 2u);
  EXPECT_EQ(shard_.fetches().waiting(), 8u);
  Settle();
  for (uint64_t i = 0; i < 10; ++i) {
    EXPECT_EQ(Take(streams[i]), Records(10 - i, 100, "t/a", "x"));
  }
}

TEST_F(ShardReplayTest, AnswerForAStreamThatHasGoneIsHarmless) {
  Publish(100);
  log_.EvictUpTo(100);
  const auto first = Replay("t/*", 5), waiting = Replay("t/a", 6), third = Replay("t/**", 7);
  Work();
  for (const auto stream : {first, waiting, third}) shard_.OnClosed(stream);
  // The slot is used again.
  const base::StreamId again((uint64_t{1} << 32) | base::SlotOf(first));
  sockets_[again].text = shard_.Subscribe(again, Spec("t/*"), From(98), {});
  shard_.OnWritable(again);
  Settle();
  EXPECT_EQ(Take(again), Records(99, 100, "t/a", "x"));
  EXPECT_EQ(Take(first), "");
}

TEST_F(ShardReplayTest, RecordsThatCannotBeReadEndTheStreamWithARetry) {
  Publish(10);
  log_.EvictUpTo(10);
  const auto stream = Replay("t/*", 0);
  Work();
  log_.unreadable = true;
  Settle();
  EXPECT_TRUE(sockets_[stream].ended);
  EXPECT_EQ(Take(stream), "C drain {\"after_ms\":500}\nretry: 500\n\n");
  EXPECT_EQ(shard_.subscribers(), 0u);
}

TEST_F(ShardReplayTest, ManySubscribersShareTheTextOfTheirReplay) {
  Publish(2000);
  rendering_.record_renders = 0;
  std::vector<base::StreamId> streams(200);
  for (uint64_t i = 0; i < 200; ++i) streams[i] = Replay("t/*", 900 + i);
  Work();
  for (uint64_t i = 0; i < 200; ++i) {
    ASSERT_EQ(Take(streams[i]), Records(901 + i, 2000, "t/a", "x"));
  }
  EXPECT_LE(rendering_.record_renders, 1100 + 256);
  EXPECT_GT(shard_.runs().bytes(), 0u);
  for (int i = 0; i < 4; ++i) Pass(milliseconds(1000));
  EXPECT_EQ(shard_.runs().bytes(), 0u) << "nobody needs it any more";
}

TEST_F(ShardReplayTest, OpeningHoldsLittleAndTheRestFollows) {
  Publish(3000, "t/a", std::string(100, 'x'));
  const auto stream = Subscribe("t/*", kWindow, From(0));
  EXPECT_LE(sockets_[stream].text.size(), 16u * 1024);
  EXPECT_GT(sockets_[stream].text.size(), 15u * 1024);
  shard_.OnWritable(stream);
  Work();
  EXPECT_EQ(Take(stream), Records(1, 3000, "t/a", std::string(100, 'x')));
}

TEST_F(ShardReplayTest, LiveRecordsGoBetweenThoseOfAMassResume) {
  const auto live = Subscribe("t/*");
  Publish(1000, "t/a", std::string(200, 'x'));
  Take(live);
  for (int i = 0; i < 1000; ++i) Replay("t/*", 0);
  // However much there is to replay, a live record waits for a few turns only.
  for (int i = 0; i < 20; ++i) {
    log_.Append("t/a", "live");
    const uint64_t seq = log_.head();
    for (int turn = 0; turn < 4; ++turn) shard_.DoWork();
    ASSERT_EQ(Take(live), fmt::format("R {} t/a live\n", seq));
  }
  EXPECT_TRUE(shard_.DoWork()) << "the replays have been done already: this showed nothing";
}

TEST_F(ShardReplayTest, SubscriberThatReplaysIsNotToldSlow) {
  Publish(1000, "t/a", std::string(100, 'x'));
  const auto stream = Subscribe("**", kWindow, From(0));
  for (int i = 0; i < 3; ++i) {
    Put("s/1", "v");
    TickAndWork();
  }
  shard_.OnWritable(stream);
  Work();
  EXPECT_EQ(Take(stream), Records(1, 1000, "t/a", std::string(100, 'x')) + "S s/1=v\n");
}

TEST_F(ShardReplayTest, InternalRecordsMoveTheCursorAndMatchNothing) {
  const auto stream = Subscribe("**");
  log_.Append("", "secret");
  log_.Append("t/a", "x");
  Work();
  EXPECT_EQ(shard_.cursor(), 2u);
  EXPECT_EQ(Take(stream), "R 2 t/a x\n");
  EXPECT_EQ(Take(Replay("**", 0)), "R 2 t/a x\n");
}

}  // namespace
}  // namespace livetape::hub
