#pragma once

// TapeFixture: a tape in a folder of its own, worked by hand, that can crash, lose its disk and be
// opened again. For tests.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/temporary_folder.h"
#include "metrics/registry.h"
#include "sqlite/fault_vfs.h"
#include "tape/tape.h"

namespace livetape::tape {

// What became of a submission.
struct Outcome {
  std::optional<uint64_t> first_seq;
  std::optional<Refusal> refused;
  bool waits() const { return !first_seq && !refused; }
};

// Notes its outcome. Kept alive by whoever looks.
class NotedSubmission : public Submission {
 public:
  explicit NotedSubmission(std::shared_ptr<Outcome> outcome) : outcome_(std::move(outcome)) {}
  void OnCommitted(uint64_t first_seq, base::WallTime) override { outcome_->first_seq = first_seq; }
  void OnRefused(Refusal why) override { outcome_->refused = why; }

 private:
  std::shared_ptr<Outcome> outcome_;
};

inline NewRecord Message(std::string data, std::string topic = "t/a") {
  return {.topic = std::move(topic), .type = "message", .data = std::move(data)};
}

using base::TemporaryFolder;

class TapeFixture : public testing::Test {
 protected:
  TapeFixture() { options_.folder = folder_.path() / "tape"; }
  ~TapeFixture() override { disk_.LetSyncsGo(); }

  base::Result<std::unique_ptr<Tape>> TryOpen(std::filesystem::path folder) {
    options_.vfs = disk_.name();
    Tape::Options options = options_;
    options.folder = std::move(folder);
    return Tape::Open(std::move(options), clock_, base::Random(++seed_), metrics_, log_);
  }
  void Open() {
    auto opened = TryOpen(options_.folder);
    ASSERT_TRUE(opened) << opened.error().message;
    tape_ = *std::move(opened);
  }
  void Close() { tape_.reset(); }
  void Reopen() {
    Close();
    Open();
  }
  // What is in the folder now is what the next process finds.
  void Crash() {
    const auto image = folder_.path() / ("crash-" + std::to_string(++crashes_));
    CopyFolder(image);
    Close();
    options_.folder = image;
    Open();
  }
  void CopyFolder(const std::filesystem::path& to) {
    std::filesystem::create_directory(to);
    for (const char* const name : {"tape.db", "tape.db-wal"}) {
      if (std::filesystem::exists(options_.folder / name)) {
        std::filesystem::copy_file(options_.folder / name, to / name);
      }
    }
  }
  std::filesystem::path file() const { return options_.folder / "tape.db"; }

  std::shared_ptr<Outcome> Submit(std::vector<NewRecord> records) {
    auto outcome = std::make_shared<Outcome>();
    std::unique_ptr<Submission> submission = std::make_unique<NotedSubmission>(outcome);
    submission->records = std::move(records);
    outcome->refused = tape_->Submit(submission);
    return outcome;
  }
  std::shared_ptr<Outcome> Submit(std::string data) { return Submit({Message(std::move(data))}); }
  std::shared_ptr<Outcome> SubmitToBeKept(std::string data) {
    auto outcome = std::make_shared<Outcome>();
    std::unique_ptr<Submission> submission = std::make_unique<NotedSubmission>(outcome);
    submission->records = {Message(std::move(data))};
    submission->must_be_kept = true;
    outcome->refused = tape_->Submit(submission);
    return outcome;
  }
  std::shared_ptr<Outcome> SubmitBulky(int count) {
    auto outcome = std::make_shared<Outcome>();
    std::unique_ptr<Submission> submission = std::make_unique<NotedSubmission>(outcome);
    for (int i = 0; i < count; ++i) submission->records.push_back(Message("bulky"));
    submission->bulky = true;
    outcome->refused = tape_->Submit(submission);
    return outcome;
  }
  void Work() {
    while (tape_->DoWork()) {
    }
  }
  // One group of `count` records, their own numbers as data.
  void Publish(int count, const std::string& topic = "t/a") {
    std::vector<NewRecord> records;
    for (int i = 1; i <= count; ++i) {
      records.push_back(Message(std::to_string(tape_->head() + static_cast<uint64_t>(i)), topic));
    }
    const auto outcome = Submit(std::move(records));
    Work();
    ASSERT_TRUE(outcome->first_seq);
  }
  void Wait(std::chrono::nanoseconds time) {
    clock_.Advance(time);
    Work();
  }

  // From disk; the tape is started.
  Tape::Fetched FetchFrom(Tape::Fetch fetch) {
    std::promise<Tape::Fetched> promise;
    auto fetched = promise.get_future();
    fetch.done = [&promise](Tape::Fetched got) { promise.set_value(std::move(got)); };
    tape_->FetchOlder(std::move(fetch));
    return fetched.get();
  }
  base::Result<Tape::Sought> SeekTime(base::WallTime time) {
    std::promise<base::Result<Tape::Sought>> promise;
    auto sought = promise.get_future();
    tape_->SeekTime(
        time, [&promise](const base::Result<Tape::Sought>& found) { promise.set_value(found); });
    return sought.get();
  }
  base::Result<uint64_t> Seek(base::WallTime time) {
    const auto sought = SeekTime(time);
    if (!sought) return std::unexpected(sought.error());
    return sought->last_before;
  }
  // Everything on disk after `after`, in as many fetches as it takes.
  std::vector<RecordRef> FetchAll(uint64_t after, size_t bytes_max = 4096) {
    std::vector<RecordRef> records;
    while (after < tape_->head()) {
      auto fetched = FetchFrom({.after = after,
                                .bytes_max = bytes_max,
                                .matches = nullptr,
                                .may_match = nullptr,
                                .done = nullptr});
      EXPECT_GT(fetched.through, after);
      after = fetched.through;
      for (auto& record : fetched.records) records.push_back(std::move(record));
    }
    return records;
  }
  std::vector<std::string> RingTexts() const {
    std::vector<RecordRef> records;
    std::vector<std::string> texts;
    tape_->ring().Read(tape_->ring().oldest() - 1, tape_->ring().head(), records);
    texts.reserve(records.size());
    for (const auto& record : records) texts.push_back(record->data);
    return texts;
  }

  TemporaryFolder folder_;
  sqlite::FaultVfs disk_{"faults"};
  base::ManualClock clock_{base::WallTime(std::chrono::hours(500'000))};
  metrics::Registry metrics_;
  std::vector<std::string> said_;
  base::Log log_{base::LogLevel::kDebug,
                 [this](base::LogLevel, std::string_view line) { said_.emplace_back(line); }};
  Tape::Options options_;
  std::unique_ptr<Tape> tape_;  // goes first

 private:
  uint64_t seed_ = 0;
  int crashes_ = 0;
};

}  // namespace livetape::tape
