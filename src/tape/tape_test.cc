#include "tape/tape.h"

#include <gtest/gtest.h>

#include <thread>

#include "tape/testing.h"

namespace livetape::tape {
namespace {

using std::chrono::seconds;

class TapeTest : public TapeFixture {};

TEST_F(TapeTest, NumbersInOrderOfSubmissionAndAnswersAfterTheCommit) {
  Open();
  const auto first = Submit({Message("1"), Message("2")}), second = Submit("3");
  EXPECT_TRUE(first->waits());
  EXPECT_EQ(tape_->head(), 0u);
  Work();
  EXPECT_EQ(first->first_seq, 1u);
  EXPECT_EQ(second->first_seq, 3u);
  EXPECT_EQ(tape_->head(), 3u);
  EXPECT_EQ(RingTexts(), (std::vector<std::string>{"1", "2", "3"}));
}

TEST_F(TapeTest, WhatQueuesTogetherIsOneSync) {
  Open();
  for (int i = 0; i < 2; ++i) Publish(1);  // the log has begun, and begun anew
  const uint64_t before = disk_.syncs();
  for (int i = 0; i < 100; ++i) Submit("x");
  Work();
  EXPECT_EQ(tape_->head(), 102u);
  EXPECT_EQ(disk_.syncs(), before + 1);
}

TEST_F(TapeTest, ALargeSubmissionIsOneTransactionOfSeveralBlocks) {
  Open();
  Publish(1);
  const auto outcome = Submit(std::vector<NewRecord>(10'000, Message(std::string(300, 'x'))));
  const uint64_t before = disk_.syncs();
  EXPECT_TRUE(tape_->DoWork());
  EXPECT_EQ(outcome->first_seq, 2u);
  EXPECT_EQ(tape_->head(), 10'001u);
  EXPECT_LE(disk_.syncs(), before + 2);
}

TEST_F(TapeTest, AnEmptySubmissionKeepsItsPlaceAndWritesNothing) {
  Open();
  Publish(2);
  const uint64_t before = disk_.writes();
  const auto outcome = Submit(std::vector<NewRecord>());
  Work();
  EXPECT_EQ(outcome->first_seq, 3u);
  EXPECT_EQ(disk_.writes(), before);
}

TEST_F(TapeTest, WhatIsNotAdmittedLeavesNothing) {
  class Unwanted : public NotedSubmission {
   public:
    using NotedSubmission::NotedSubmission;
    bool Admit() override { return false; }
  };
  Open();
  const auto before = Submit("1");
  auto outcome = std::make_shared<Outcome>();
  std::unique_ptr<Submission> submission = std::make_unique<Unwanted>(outcome);
  submission->records.push_back(Message("no"));
  ASSERT_EQ(tape_->Submit(submission), std::nullopt);
  const auto after = Submit("2");
  Work();
  EXPECT_EQ(outcome->refused, Refusal::kNotAdmitted);
  EXPECT_EQ(before->first_seq, 1u);
  EXPECT_EQ(after->first_seq, 2u);
  EXPECT_EQ(RingTexts(), (std::vector<std::string>{"1", "2"}));
}

TEST_F(TapeTest, AFullQueueLeavesTheSubmissionWithItsOwner) {
  options_.queue_records = 10;
  Open();
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(Submit("x")->waits());
  std::unique_ptr<Submission> submission =
      std::make_unique<NotedSubmission>(std::make_shared<Outcome>());
  submission->records.push_back(Message("x"));
  EXPECT_EQ(tape_->Submit(submission), Refusal::kFull);
  ASSERT_TRUE(submission);
  EXPECT_EQ(submission->records.size(), 1u);
  Work();
  EXPECT_EQ(tape_->Submit(submission), std::nullopt);
}

TEST_F(TapeTest, AQueueIsFullByBytesToo) {
  options_.queue_bytes = 2000;
  Open();
  EXPECT_TRUE(Submit(std::string(1800, 'x'))->waits());
  EXPECT_EQ(Submit(std::string(500, 'x'))->refused, Refusal::kFull);
}

TEST_F(TapeTest, TheFollowerHearsOfRecordsInTheRingBeforeTheirSubmissionsDo) {
  Open();
  std::shared_ptr<Outcome> outcome;
  std::vector<uint64_t> heard;
  tape_->SetFollower([&](std::span<const RecordRef> records) {
    EXPECT_TRUE(outcome->waits());
    EXPECT_EQ(tape_->ring().head(), records.back()->seq);
    for (const auto& record : records) heard.push_back(record->seq);
  });
  outcome = Submit({Message("1"), Message("2")});
  Work();
  EXPECT_EQ(heard, (std::vector<uint64_t>{1, 2}));
  EXPECT_FALSE(outcome->waits());
}

TEST_F(TapeTest, WaitsForTheSlowestReader) {
  options_.ring_records = 100;
  Open();
  uint64_t slowest = 0;
  tape_->SetSlowestReader([&] { return slowest; });
  Publish(76);
  const auto outcome = Submit("x");
  EXPECT_FALSE(tape_->DoWork());
  EXPECT_TRUE(outcome->waits());
  slowest = 10;
  EXPECT_TRUE(tape_->DoWork());
  EXPECT_EQ(outcome->first_seq, 77u);
}

TEST_F(TapeTest, AReaderThatStandsStillIsToldLikeADiskThatDoesNotCommit) {
  options_.ring_records = 100;
  Open();
  uint64_t slowest = 0;
  tape_->SetSlowestReader([&] { return slowest; });
  Publish(80);
  Work();
  const auto waits = Submit("x");
  const auto kept = SubmitToBeKept("kept");
  Wait(seconds(1));
  slowest = 1;  // slow, but it moves
  Wait(seconds(1));
  Wait(seconds(1));
  EXPECT_TRUE(tape_->committing());
  EXPECT_TRUE(waits->waits());
  Wait(seconds(1));
  EXPECT_FALSE(tape_->committing());
  EXPECT_EQ(waits->refused, Refusal::kNotCommitting);
  EXPECT_EQ(Submit("y")->refused, Refusal::kNotCommitting);
  EXPECT_TRUE(kept->waits());
  slowest = 3;
  Wait(seconds(1));
  EXPECT_FALSE(tape_->committing()) << "most of the ring is unread still";
  slowest = 50;
  Work();
  EXPECT_TRUE(tape_->committing());
  EXPECT_EQ(kept->first_seq, 81u);
  EXPECT_EQ(Submit("z")->refused, std::nullopt);
  EXPECT_EQ(SubmitBulky(10)->refused, Refusal::kNotCommitting);
  slowest = 60;
  Work();
  EXPECT_EQ(SubmitBulky(10)->refused, std::nullopt);
}

TEST_F(TapeTest, BulkySubmissionsAreRefusedFirstWhereAReaderStandsStill) {
  options_.ring_records = 100;
  Open();
  tape_->SetSlowestReader([] { return uint64_t{0}; });
  Publish(50);
  const auto bulky = SubmitBulky(10);
  Work();
  Wait(seconds(1));
  EXPECT_TRUE(bulky->waits());
  Wait(seconds(1));
  EXPECT_EQ(bulky->refused, Refusal::kNotCommitting);
  EXPECT_TRUE(tape_->committing());
  // A disk that fails meanwhile changes nothing about the reader.
  disk_.SetFull(true);
  const auto one = Submit("51");
  Work();
  EXPECT_FALSE(tape_->committing());
  disk_.SetFull(false);
  Wait(std::chrono::milliseconds(60));
  EXPECT_EQ(one->first_seq, 51u);
  EXPECT_TRUE(tape_->committing());
  EXPECT_EQ(SubmitBulky(10)->refused, Refusal::kNotCommitting);
  Publish(30);
  EXPECT_FALSE(tape_->committing()) << "it has stood still for longer than it may";
}

TEST_F(TapeTest, BulkySubmissionsKeepCloseToTheSlowestReader) {
  options_.ring_records = 100;
  Open();
  uint64_t slowest = 0;
  tape_->SetSlowestReader([&] { return slowest; });
  Publish(26);
  const auto bulky = SubmitBulky(10);
  EXPECT_FALSE(tape_->DoWork()) << "more than a quarter of the ring is unread";
  const auto small = Submit("x");
  EXPECT_TRUE(tape_->DoWork());
  EXPECT_EQ(small->first_seq, 27u);
  EXPECT_TRUE(bulky->waits());
  slowest = 10;
  EXPECT_TRUE(tape_->DoWork());
  EXPECT_EQ(bulky->first_seq, 28u);
}

TEST_F(TapeTest, StopCommitsBulkySubmissionsHoweverFarReadersAre) {
  options_.ring_records = 100;
  Open();
  tape_->SetSlowestReader([] { return uint64_t{0}; });
  Publish(76);
  const auto bulky = SubmitBulky(10);
  EXPECT_FALSE(tape_->DoWork());
  Close();
  EXPECT_EQ(bulky->first_seq, 77u);
}

TEST_F(TapeTest, TimesNeverGoBackwards) {
  Open();
  Publish(1);
  clock_.StepWall(-seconds(100));
  Publish(1);
  std::vector<RecordRef> records;
  tape_->ring().Read(0, 10, records);
  EXPECT_EQ(records[0]->time, records[1]->time);
  Reopen();
  Publish(1);
  records.clear();
  tape_->ring().Read(0, 10, records);
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[0]->time, records[2]->time);
}

TEST_F(TapeTest, StopCommitsWhatIsQueuedAndRefusesTheRest) {
  Open();
  const auto queued = Submit("1");
  tape_->Stop();
  EXPECT_EQ(queued->first_seq, 1u);
  EXPECT_EQ(Submit("2")->refused, Refusal::kStopping);
  Reopen();
  EXPECT_EQ(RingTexts(), (std::vector<std::string>{"1"}));
}

TEST_F(TapeTest, RetentionByCountDeletesWholeBlocks) {
  options_.keep_records = 100;
  options_.ring_records = 10;
  Open();
  for (int i = 0; i < 50; ++i) Publish(10);
  Wait(seconds(2));
  EXPECT_EQ(tape_->head(), 500u);
  EXPECT_EQ(tape_->oldest(), 401u);
  EXPECT_EQ(tape_->Resolve("earliest").after, 400u);
  Reopen();
  EXPECT_EQ(tape_->oldest(), 401u);
}

TEST_F(TapeTest, RetentionKeepsWhatIsStillNeeded) {
  options_.keep_records = 10;
  Open();
  uint64_t needed = 5;
  tape_->SetKeepFrom([&] { return needed; });
  for (int i = 0; i < 100; ++i) Publish(1);
  Wait(seconds(2));
  EXPECT_EQ(tape_->oldest(), 5u);
  needed = UINT64_MAX;
  Wait(seconds(2));
  EXPECT_EQ(tape_->oldest(), 91u);
}

TEST_F(TapeTest, RetentionByAgeKeepsTheNewestBlock) {
  options_.keep_age = std::chrono::hours(1);
  Open();
  Publish(5);
  Publish(5);
  Wait(std::chrono::hours(2));
  EXPECT_EQ(tape_->oldest(), 6u);
  Reopen();
  Publish(1);
  EXPECT_EQ(tape_->head(), 11u);
}

TEST_F(TapeTest, RetentionByBytesBoundsTheFile) {
  options_.keep_bytes = 4 << 20;
  Open();
  const std::string text(60'000, 'x');
  for (int i = 0; i < 400; ++i) {
    Submit(text);
    tape_->DoWork();
    if (i % 50 == 49) Wait(seconds(2));
  }
  for (int i = 0; i < 5; ++i) Wait(seconds(2));
  EXPECT_GT(tape_->oldest(), 300u);
  Close();
  EXPECT_LT(std::filesystem::file_size(file()), 12u << 20);  // 24 MB went through it
}

TEST_F(TapeTest, TheWriteAheadLogStaysBounded) {
  const auto publish_100_mb = [this] {
    std::shared_ptr<Outcome> last;
    for (int i = 0; i < 200; ++i) {
      do {
        last = Submit(std::vector<NewRecord>(10, Message(std::string(50'000, 'x'))));
        std::this_thread::yield();
      } while (last->refused);  // the queue is full
    }
  };
  options_.queue_bytes = 4 << 20;
  Open();
  tape_->Start();  // copied beside the commits
  publish_100_mb();
  EXPECT_LT(std::filesystem::file_size(file().string() + "-wal"), 90u << 20);
  Reopen();
  for (int i = 0; i < 100; ++i) {  // copied between them
    Submit(std::vector<NewRecord>(10, Message(std::string(50'000, 'x'))));
    Work();
  }
  EXPECT_LT(std::filesystem::file_size(file().string() + "-wal"), 25u << 20);
}

TEST_F(TapeTest, FoldGivesTheKindsAskedForOldestFirst) {
  Open();
  const auto job = [](std::string data) {
    return NewRecord{.topic = "jobs/training/1",
                     .type = "training_progress",
                     .data = std::move(data),
                     .kind = RecordKind::kJob};
  };
  Submit({Message("1"), job("2")});
  Work();
  Wait(seconds(100));
  const auto since = clock_.Wall();
  Publish(100);
  Submit({job("a"),
          Message("x"),
          {.topic = "", .type = "", .data = "sid", .kind = RecordKind::kRevocation}});
  Work();
  Reopen();
  const auto fold = [&](KindSet kinds, base::WallTime from) {
    std::vector<std::string> texts;
    const auto done =
        tape_->Fold(kinds, from, [&](const Record& record) { texts.push_back(record.data); });
    EXPECT_TRUE(done);
    return texts;
  };
  EXPECT_EQ(fold({RecordKind::kJob}, {}), (std::vector<std::string>{"2", "a"}));
  EXPECT_EQ(fold({RecordKind::kJob}, since), (std::vector<std::string>{"a"}));
  EXPECT_EQ(fold({RecordKind::kJob, RecordKind::kRevocation}, since),
            (std::vector<std::string>{"a", "sid"}));
}

TEST_F(TapeTest, ManyThreadsSubmitAndEachKeepsItsOrder) {
  constexpr int kThreads = 4, kEach = 500;
  Open();
  tape_->Start();
  std::vector<std::vector<std::shared_ptr<Outcome>>> outcomes(kThreads);
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        outcomes[static_cast<size_t>(t)].push_back(
            Submit(std::to_string(t) + "-" + std::to_string(i)));
      }
    });
  }
  for (auto& thread : threads) thread.join();
  tape_->Stop();
  const auto texts = RingTexts();
  ASSERT_EQ(texts.size(), size_t{kThreads * kEach});
  for (int t = 0; t < kThreads; ++t) {
    uint64_t last = 0;
    for (int i = 0; i < kEach; ++i) {
      const auto& outcome = *outcomes[static_cast<size_t>(t)][static_cast<size_t>(i)];
      ASSERT_TRUE(outcome.first_seq);
      ASSERT_GT(*outcome.first_seq, last);
      last = *outcome.first_seq;
      ASSERT_EQ(texts[last - 1], std::to_string(t) + "-" + std::to_string(i));
    }
  }
}

}  // namespace
}  // namespace livetape::tape
