// What the tape does when the disk fails, and after it.

#include <gtest/gtest.h>

#include <thread>

#include "tape/testing.h"

namespace livetape::tape {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class FailingDisk : public TapeFixture {
 protected:
  void SetUp() override {
    Open();
    Publish(3);
  }
  // Every kind of failure heals; the tape must find its way back.
  void ExpectRecovery(uint64_t head) {
    disk_.SetFull(false);
    Wait(seconds(2));
    EXPECT_TRUE(tape_->committing());
    const auto next = Submit("next");
    Work();
    EXPECT_EQ(next->first_seq, head + 1);
    Crash();
    EXPECT_EQ(tape_->head(), head + 1);
    EXPECT_EQ(RingTexts().back(), "next");
  }
};

TEST_F(FailingDisk, FullDiskHoldsTheGroupAndRefusesWhatComes) {
  disk_.SetFull(true);
  const auto group = Submit("4");
  Work();
  EXPECT_TRUE(group->waits());
  EXPECT_FALSE(tape_->committing());
  EXPECT_EQ(tape_->head(), 3u);
  EXPECT_EQ(Submit("5")->refused, Refusal::kNotCommitting);
  disk_.SetFull(false);
  Wait(milliseconds(60));
  EXPECT_EQ(group->first_seq, 4u);
  ExpectRecovery(4);
}

TEST_F(FailingDisk, WhatQueuesBehindIsRefusedAtOnce) {
  disk_.SetFull(true);
  const auto group = Submit(std::vector<NewRecord>(5000, Message("x")));
  const auto behind = Submit("y");  // not of the same group: that one is full
  Work();
  EXPECT_TRUE(group->waits());
  EXPECT_EQ(behind->refused, Refusal::kNotCommitting);
}

TEST_F(FailingDisk, AfterItsPatienceTheGroupIsRefusedAndLeavesNothing) {
  disk_.SetFull(true);
  const auto group = Submit("lost");
  for (int i = 0; i < 10; ++i) Wait(milliseconds(300));
  EXPECT_EQ(group->refused, Refusal::kNotCommitting);
  EXPECT_FALSE(tape_->committing());
  ExpectRecovery(3);
  for (const std::string& text : RingTexts()) EXPECT_NE(text, "lost");
}

TEST_F(FailingDisk, WhatMustBeKeptWaitsAsLongAsItTakesAndKeepsItsOrder) {
  disk_.SetFull(true);
  const auto kept = SubmitToBeKept("kept 1");
  const auto refused = Submit("lost");
  Work();
  EXPECT_FALSE(tape_->HasRoom());
  const auto behind = SubmitToBeKept("kept 2");
  for (int i = 0; i < 20; ++i) Wait(milliseconds(300));
  EXPECT_EQ(refused->refused, Refusal::kNotCommitting);
  EXPECT_TRUE(kept->waits());
  EXPECT_TRUE(behind->waits());
  disk_.SetFull(false);
  Wait(seconds(2));
  EXPECT_EQ(kept->first_seq, 4u);
  EXPECT_EQ(behind->first_seq, 5u);
  EXPECT_TRUE(tape_->HasRoom());
  Crash();
  EXPECT_EQ(RingTexts(), (std::vector<std::string>{"1", "2", "3", "kept 1", "kept 2"}));
}

TEST_F(FailingDisk, WhatMustBeKeptIsRefusedByAStopAlone) {
  disk_.SetFull(true);
  const auto kept = SubmitToBeKept("lost");
  Work();
  const auto behind = SubmitToBeKept("lost too");
  tape_->Stop();
  EXPECT_EQ(kept->refused, Refusal::kStopping);
  EXPECT_EQ(behind->refused, Refusal::kStopping);
  EXPECT_EQ(SubmitToBeKept("late")->refused, Refusal::kStopping);
}

TEST_F(FailingDisk, AFailedSyncAcknowledgesNothingUntilOneSucceeds) {
  disk_.FailSyncs(2);
  const auto group = Submit("4");
  Work();
  EXPECT_TRUE(group->waits());
  for (int i = 0; i < 5; ++i) Wait(milliseconds(200));
  EXPECT_EQ(group->first_seq, 4u);
  EXPECT_EQ(RingTexts().back(), "4");
  ExpectRecovery(4);
}

TEST_F(FailingDisk, AGroupThatIsRefusedAfterFailedSyncsIsNotKept) {
  disk_.FailSyncs(1'000);
  const auto group = Submit({Message("lost"), Message("lost")});
  for (int i = 0; i < 10; ++i) Wait(milliseconds(500));
  EXPECT_EQ(group->refused, Refusal::kNotCommitting);
  disk_.FailSyncs(0);
  ExpectRecovery(3);
  EXPECT_EQ(RingTexts().size(), 4u);
}

// What is left of them in the write-ahead log, behind what has been committed since, is no damage.
TEST_F(FailingDisk, GroupsThatWereRefusedAfterFailedSyncsAreNoDamageAfterACrash) {
  for (const size_t size : {800'000, 400'000, 200'000}) {
    disk_.FailSyncs(1'000);
    const auto group = Submit(std::string(size, 'x'));
    for (int i = 0; i < 10; ++i) Wait(milliseconds(500));
    EXPECT_EQ(group->refused, Refusal::kNotCommitting);
    disk_.FailSyncs(0);
    Wait(seconds(2));
    EXPECT_TRUE(tape_->committing());
  }
  ExpectRecovery(3);
}

TEST_F(FailingDisk, ReadersKeepTheWriteAheadLogInUseAndNothingChanges) {
  // With another connection open, what a failed commit wrote is not read back when reopening.
  tape_->Stop();
  Open();
  tape_->Start();
  EXPECT_EQ(FetchAll(0).size(), 3u);
  disk_.FailSyncs(1);
  const auto group = Submit("4");
  while (tape_->head() < 4) {
    clock_.Advance(milliseconds(20));
    std::this_thread::yield();
  }
  tape_->Stop();
  EXPECT_EQ(group->first_seq, 4u);
  Reopen();
  EXPECT_EQ(RingTexts().back(), "4");
  EXPECT_EQ(tape_->head(), 4u);
}

TEST_F(FailingDisk, AShortWriteIsTriedAgain) {
  disk_.ShortenWrites(1);
  const auto group = Submit(std::string(20'000, 'x'));
  Work();
  EXPECT_TRUE(group->waits());
  Wait(milliseconds(60));
  EXPECT_EQ(group->first_seq, 4u);
  ExpectRecovery(4);
}

TEST_F(FailingDisk, RetriesBackOffToASecond) {
  disk_.SetFull(true);
  Submit("x");
  Work();
  const uint64_t before = disk_.writes();
  for (int i = 0; i < 1000; ++i) Wait(milliseconds(10));  // ten seconds
  // 50, 100, ... 800 ms, then each second; a retry writes a handful of times.
  EXPECT_LE(disk_.writes() - before, 20u * 10);
  EXPECT_GE(disk_.writes() - before, 10u);
}

TEST_F(FailingDisk, StopDuringAFailureRefuses) {
  disk_.SetFull(true);
  const auto group = Submit("lost");
  Work();
  tape_->Stop();
  EXPECT_EQ(group->refused, Refusal::kStopping);
  disk_.SetFull(false);
  Open();
  EXPECT_EQ(tape_->head(), 3u);
}

TEST_F(FailingDisk, AStopAnswersWhatADiskDoesNotTakeThatHadJustComeBack) {
  disk_.FailSyncs(1);
  const auto group = Submit("4");
  Work();
  ASSERT_TRUE(group->waits());
  const auto behind = SubmitToBeKept(std::string(400'000, 'x'));
  // Enough for the group, and not for what is behind it.
  disk_.ShortenWrites(1'000, 60);
  tape_->Stop();
  EXPECT_EQ(group->first_seq, 4u);
  EXPECT_EQ(behind->refused, Refusal::kStopping);
}

TEST_F(FailingDisk, OpeningOnAFullDiskSaysSo) {
  Close();
  disk_.SetFull(true);
  const auto opened = TryOpen(options_.folder);
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message.find("disk is full"), std::string::npos)
      << opened.error().message;
  disk_.SetFull(false);
  Open();
  EXPECT_EQ(tape_->head(), 3u);
}

TEST_F(FailingDisk, RecordsThatCannotBeReadNowAreNotPassedOver) {
  Close();
  options_.ring_records = 2;
  Open();
  Publish(5);
  tape_->Start();
  disk_.SetUnreadable(true);
  const auto fetched = FetchFrom(
      {.after = 0, .bytes_max = 1000, .matches = nullptr, .may_match = nullptr, .done = nullptr});
  EXPECT_FALSE(fetched.gone);
  EXPECT_EQ(fetched.through, 0u);
  EXPECT_TRUE(fetched.records.empty());
  EXPECT_FALSE(Seek(clock_.Wall()));
  disk_.SetUnreadable(false);
  EXPECT_TRUE(Seek(clock_.Wall()));
  EXPECT_EQ(FetchAll(0).size(), 8u);
}

TEST_F(FailingDisk, ASlowSyncGathersWhatArrivesMeanwhile) {
  tape_->Start();
  disk_.HoldSyncs();
  const uint64_t syncs = disk_.syncs();
  const auto first = Submit("first");
  while (disk_.syncs() == syncs) std::this_thread::yield();  // its commit is under way
  std::vector<std::shared_ptr<Outcome>> others;
  others.reserve(100);
  for (int i = 0; i < 100; ++i) others.push_back(Submit("x"));
  EXPECT_TRUE(first->waits());
  const uint64_t before = disk_.syncs();
  disk_.LetSyncsGo();
  tape_->Stop();
  EXPECT_EQ(first->first_seq, 4u);
  EXPECT_EQ(others.back()->first_seq, 104u);
  EXPECT_LE(disk_.syncs() - before, 8u);  // one for all, and what closing takes
}

}  // namespace
}  // namespace livetape::tape
