#include "store/job_books.h"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>

#include "base/temporary_folder.h"
#include "sqlite/fault_vfs.h"

namespace livetape::store {
namespace {

using model::Job;
using model::JobEnd;
using model::JobState;

base::WallTime At(int64_t seconds) { return base::WallTime(std::chrono::seconds(seconds)); }

class Books : public ::testing::Test {
 protected:
  void SetUp() override { Reopen(); }
  void Reopen(const std::string& vfs = "") {
    books_.reset();
    auto opened = JobBooks::Open(folder_.path(), vfs);
    ASSERT_TRUE(opened) << opened.error().message;
    books_ = *std::move(opened);
  }
  void Save(const Job& job, const JobEnd* end = nullptr) {
    const auto saved = books_->Save(job, end);
    ASSERT_TRUE(saved) << saved.error().message;
  }
  JobBooks::Kept All() {
    auto kept = books_->All();
    EXPECT_TRUE(kept);
    return *std::move(kept);
  }
  static Job Queued(std::string id) {
    Job job;
    job.id = std::move(id);
    job.kind = model::JobKind::kTraining;
    job.owner = "alice";
    job.request = R"({"rounds":3})";
    job.created = At(1000);
    return job;
  }
  static Job Completed(Job job) {
    job.state = JobState::kCompleted;
    job.started = At(1001);
    job.ended = At(1002);
    job.progress = 100;
    job.result = R"({"loss":0.5})";
    return job;
  }
  static model::ResultRows Trades(size_t first, size_t count) {
    model::ResultRows rows{.name = "trades", .first = first};
    for (size_t i = first; i < first + count; ++i) {
      rows.rows.push_back("{\"n\":" + std::to_string(i) + "}");
    }
    return rows;
  }
  void SaveTrades(const std::string& id, size_t first, size_t count) {
    const auto saved = books_->SaveRows(id, Trades(first, count));
    ASSERT_TRUE(saved) << saved.error().message;
  }
  uint64_t TradesOf(const std::string& id) {
    const auto page = books_->List(id, "trades", 10, 0);
    EXPECT_TRUE(page);
    return page->total;
  }
  static JobEnd EndWith(size_t points) {
    JobEnd end{.state = JobState::kCompleted};
    for (size_t i = 0; i < points; ++i) {
      end.curve.push_back({At(static_cast<int64_t>(i)), 0.1 * static_cast<double>(i)});
    }
    return end;
  }

  base::TemporaryFolder folder_;
  std::unique_ptr<JobBooks> books_;
};

TEST_F(Books, AJobIsThereAfterARestartAsItWasLast) {
  Save(Queued("a"));
  const JobEnd end = EndWith(1);
  Save(Completed(Queued("a")), &end);
  Reopen();
  const auto kept = All();
  ASSERT_EQ(kept.jobs.size(), 1u);
  const Job& job = kept.jobs[0];
  EXPECT_EQ(job.id, "a");
  EXPECT_EQ(job.kind, model::JobKind::kTraining);
  EXPECT_EQ(job.state, JobState::kCompleted);
  EXPECT_EQ(job.owner, "alice");
  EXPECT_EQ(job.request, R"({"rounds":3})");
  EXPECT_EQ(job.created, At(1000));
  EXPECT_EQ(job.started, At(1001));
  EXPECT_EQ(job.ended, At(1002));
  EXPECT_EQ(job.progress, 100);
  EXPECT_EQ(job.result, R"({"loss":0.5})");
  EXPECT_EQ(kept.untold, std::vector<std::string>{"a"});
}

TEST_F(Books, WhatHasBeenToldIsUntoldAgainAfterAChange) {
  Save(Queued("a"));
  ASSERT_TRUE(books_->NoteTold("a"));
  EXPECT_TRUE(All().untold.empty());
  Save(Completed(Queued("a")));
  EXPECT_EQ(All().untold.size(), 1u);
}

TEST_F(Books, JobsAreInTheOrderInWhichTheyWereQueuedLast) {
  for (const char* const id : {"a", "b", "c"}) Save(Queued(id));
  Save(Completed(Queued("a")));
  Save(Completed(Queued("b")));
  Save(Queued("a"));
  const auto kept = All();
  EXPECT_EQ(kept.jobs[0].id, "b");
  EXPECT_EQ(kept.jobs[1].id, "c");
  EXPECT_EQ(kept.jobs[2].id, "a");
}

TEST_F(Books, PagesOfAListAreWhatWasSavedAcrossPartsAndChunks) {
  Save(Queued("a"));
  SaveTrades("a", 0, 700);
  SaveTrades("a", 700, 3);
  SaveTrades("a", 703, 531);
  Save(Completed(Queued("a")));
  for (const auto& [limit, offset] : {std::pair<size_t, size_t>{10, 0},
                                      {10, 495},
                                      {700, 499},
                                      {100, 1200},
                                      {5, 1234},
                                      {5, 99999}}) {
    const auto page = books_->List("a", "trades", limit, offset);
    ASSERT_TRUE(page) << page.error().message;
    EXPECT_EQ(page->total, 1234u);
    const size_t expected = offset >= 1234 ? 0 : std::min(limit, 1234 - offset);
    ASSERT_EQ(page->rows.size(), expected) << offset;
    for (size_t i = 0; i < expected; ++i) {
      EXPECT_EQ(page->rows[i], "{\"n\":" + std::to_string(offset + i) + "}");
    }
  }
  EXPECT_EQ(books_->List("a", "fills", 10, 0)->total, 0u);
  EXPECT_EQ(books_->List("b", "trades", 10, 0)->total, 0u);
}

TEST_F(Books, ACurveIsWhatWasSaved) {
  const JobEnd end = EndWith(1000);
  Save(Completed(Queued("a")), &end);
  const auto curve = books_->Curve("a");
  ASSERT_TRUE(curve);
  ASSERT_EQ(curve->size(), 1000u);
  EXPECT_EQ((*curve)[999].time, At(999));
  EXPECT_EQ((*curve)[999].value, 0.1 * 999);
  EXPECT_TRUE(books_->Curve("b")->empty());
}

TEST_F(Books, AListIsThereOnceItsJobHasCompleted) {
  Job job = Queued("a");
  Save(job);
  job.state = JobState::kRunning;
  Save(job);
  SaveTrades("a", 0, 10);
  EXPECT_EQ(TradesOf("a"), 0u);
  Save(Completed(job));
  EXPECT_EQ(TradesOf("a"), 10u);
}

TEST_F(Books, APartThatIsTriedAgainIsThereOnce) {
  Save(Queued("a"));
  SaveTrades("a", 0, 10);
  SaveTrades("a", 0, 10);
  Save(Completed(Queued("a")));
  EXPECT_EQ(TradesOf("a"), 10u);
}

// A disk that syncs nothing takes the rows, and does not let the write-ahead log be copied.
TEST_F(Books, TryingAgainAddsNothingToALogThatCannotBeCopied) {
  sqlite::FaultVfs disk("job-books-test");
  Reopen(disk.name());
  Save(Queued("a"));
  disk.FailSyncs(1'000'000);
  const auto put = [this](uint64_t first) {
    return books_->SaveRows(
        "a", {.name = "trades", .first = first, .rows = {std::string(1'000'000, 'x')}});
  };
  uint64_t rows = 0;
  while (put(rows)) ASSERT_LT(++rows, 100u) << "it was copied: this showed nothing";
  const auto log_bytes = [this] {
    return std::filesystem::file_size(folder_.path() / "jobs.db-wal");
  };
  const uint64_t before = log_bytes();
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(put(rows));
  EXPECT_EQ(log_bytes(), before);
  disk.FailSyncs(0);
  EXPECT_TRUE(put(rows));
  Save(Completed(Queued("a")));
  EXPECT_EQ(TradesOf("a"), rows + 1);
  books_.reset();
}

TEST_F(Books, AStateThatIsKeptIsNoErrorThoughTheLogCannotBeCopied) {
  sqlite::FaultVfs disk("job-books-test");
  Reopen(disk.name());
  for (uint64_t i = 0; i < 5; ++i) {
    ASSERT_TRUE(books_->SaveRows(
        "a", {.name = "trades", .first = i, .rows = {std::string(1'000'000, 'x')}}));
  }
  Job job = Queued("a");
  job.message = std::string(5'000'000, 'x');
  // Its own comes first.
  disk.FailSyncs(1'000'000, 2);
  EXPECT_TRUE(books_->Save(job, nullptr));
  disk.FailSyncs(0);
  Reopen();
  EXPECT_EQ(All().jobs.size(), 1u);
}

TEST_F(Books, WhatWasKeptOfARunThatFailedIsGone) {
  Save(Queued("a"));
  SaveTrades("a", 0, 10);
  Job failed = Queued("a");
  failed.state = JobState::kFailed;
  Save(failed);
  Save(Completed(Queued("a")));
  EXPECT_EQ(TradesOf("a"), 0u);
}

TEST_F(Books, StartedAgainItsOldResultIsGone) {
  const JobEnd end = EndWith(10);
  SaveTrades("a", 0, 10);
  Save(Completed(Queued("a")), &end);
  Save(Queued("a"));
  Save(Completed(Queued("a")));
  EXPECT_EQ(TradesOf("a"), 0u);
  EXPECT_TRUE(books_->Curve("a")->empty());
}

TEST_F(Books, ForgottenItIsGoneWithItsResult) {
  const JobEnd end = EndWith(10);
  for (const char* const id : {"a", "b"}) {
    SaveTrades(id, 0, 10);
    Save(Completed(Queued(id)), &end);
  }
  ASSERT_TRUE(books_->Forget("a"));
  EXPECT_EQ(All().jobs.size(), 1u);
  Save(Completed(Queued("a")));
  EXPECT_EQ(TradesOf("a"), 0u);
  EXPECT_EQ(TradesOf("b"), 10u);
}

TEST_F(Books, AnotherFileIsRefused) {
  books_.reset();
  std::filesystem::remove(folder_.path() / "jobs.db-wal");
  std::ofstream(folder_.path() / "jobs.db") << std::string(4096, 'x');
  const auto opened = JobBooks::Open(folder_.path());
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message.find("jobs.db"), std::string::npos) << opened.error().message;
}

}  // namespace
}  // namespace livetape::store
