#include "app/paper/floor_recorder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <latch>
#include <mutex>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "base/temporary_folder.h"
#include "floor/recording/recording_fixture.h"

namespace livetape::app {
namespace {

using floor::RecordingEnd;

// A disk in memory that fails, or waits, when a test says so.
struct Disk {
  std::string bytes;
  size_t room = SIZE_MAX;
  std::latch* held = nullptr;  // appends after the header wait for it
  bool discarded = false;
};

class DiskSink final : public RecordingSink {
 public:
  explicit DiskSink(Disk& disk) : disk_(disk) {}
  base::Result<void> Append(std::string_view bytes) override {
    if (disk_.held != nullptr && !disk_.bytes.empty()) disk_.held->wait();
    if (disk_.bytes.size() + bytes.size() > disk_.room) return base::Fail("the disk is full");
    disk_.bytes += bytes;
    return {};
  }
  base::Result<void> Finish() override { return {}; }
  void Discard() override { disk_.discarded = true; }

 private:
  Disk& disk_;
};

class FloorRecorderTest : public testing::Test {
 protected:
  FloorRecorder& Record(FloorRecorder::Limits limits) {
    recorder_.emplace(std::make_unique<DiskSink>(disk_), limits, log_, metrics_);
    recorder_->Begin({});
    return *recorder_;
  }
  FloorRecorder& Record() { return Record({.file_bytes = 1 << 30}); }
  static void Tell(FloorRecorder& recorder, size_t inputs) {
    for (size_t i = 0; i < inputs; ++i) {
      recorder.OnInput(floor::WindowEnded{base::WallTime(std::chrono::milliseconds(i))});
    }
  }
  // Inputs of what is on the disk; fails when it cannot be read.
  size_t Inputs(std::optional<RecordingEnd> end) {
    std::istringstream in(disk_.bytes);
    auto reader = floor::RecordingReader::Open(in);
    EXPECT_TRUE(reader);
    floor::InputDecoder decoder;
    std::optional<RecordingEnd> found;
    size_t count = 0;
    for (auto block = reader->Next(); block && *block; block = reader->Next()) {
      EXPECT_TRUE(decoder.Begin(**block));
      floor::FloorInput input;
      for (auto more = decoder.Next(input); more && *more; more = decoder.Next(input)) {
        if (std::holds_alternative<floor::WindowEnded>(input)) ++count;
        if (const auto* last = std::get_if<floor::RecordingEnded>(&input)) found = last->why;
      }
    }
    EXPECT_EQ(found, end);
    EXPECT_FALSE(reader->cut_off());
    return count;
  }
  bool Logged(std::string_view text) const {
    const std::scoped_lock lock(mutex_);
    return std::any_of(lines_.begin(), lines_.end(), [&](const std::string& line) {
      return line.find(text) != std::string::npos;
    });
  }

  Disk disk_;
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
  base::Log log_{base::LogLevel::kInfo, [this](base::LogLevel, std::string_view line) {
                   const std::scoped_lock lock(mutex_);
                   lines_.emplace_back(line);
                 }};
  metrics::Registry metrics_;
  std::optional<FloorRecorder> recorder_;
};

TEST_F(FloorRecorderTest, KeepsEveryInputInOrder) {
  FloorRecorder& recorder = Record();
  recorder.GoLive();
  Tell(recorder, 200'000);
  recorder.Stop();
  EXPECT_EQ(Inputs(RecordingEnd::kStop), 200'000U);
  EXPECT_FALSE(disk_.discarded);
  recorder_.reset();
  EXPECT_FALSE(disk_.discarded);
}

TEST_F(FloorRecorderTest, AStartThatFailsLeavesNothing) {
  Tell(Record(), 10);
  recorder_.reset();
  EXPECT_TRUE(disk_.discarded);
}

TEST_F(FloorRecorderTest, AFullDiskEndsTheRecordingOnly) {
  disk_.room = 300 << 10;
  FloorRecorder& recorder = Record();
  recorder.GoLive();
  Tell(recorder, 500'000);
  recorder.Stop();
  EXPECT_TRUE(Logged("the disk is full; the recording ends here, trading goes on"));
  EXPECT_GT(Inputs(std::nullopt), 0U);
  EXPECT_NE(metrics_.Text().find("livetape_recording_failures_total 1\n"), std::string::npos);
  EXPECT_NE(metrics_.Text().find("livetape_recording 0\n"), std::string::npos);
}

TEST_F(FloorRecorderTest, ADiskThatTakesNothingIsToldOnce) {
  disk_.room = 0;
  FloorRecorder& recorder = Record();
  recorder.GoLive();
  Tell(recorder, 10);
  recorder.Stop();
  EXPECT_TRUE(Logged("the disk is full"));
}

TEST_F(FloorRecorderTest, EndsAtItsLimit) {
  FloorRecorder& recorder = Record({.file_bytes = 1 << 20});
  recorder.GoLive();
  Tell(recorder, 1'000'000);
  recorder.Stop();
  EXPECT_LE(disk_.bytes.size(), size_t{1} << 20);
  EXPECT_TRUE(Logged("has reached 1 MiB, its limit"));
  EXPECT_GT(Inputs(RecordingEnd::kLimit), 0U);
}

TEST_F(FloorRecorderTest, ASlowDiskEndsTheRecordingAndNeverWaits) {
  std::latch held(1);
  disk_.held = &held;
  FloorRecorder& recorder = Record({.file_bytes = 1 << 30, .waiting_bytes = 1 << 20});
  recorder.GoLive();
  // Nothing is written meanwhile: what waits is bounded.
  Tell(recorder, 2'000'000);
  EXPECT_TRUE(Logged("too slow for the recording"));
  held.count_down();
  recorder.Stop();
  const size_t kept = Inputs(RecordingEnd::kBehind);
  EXPECT_GT(kept, 0U);
  EXPECT_LT(kept, 2'000'000U);
}

TEST_F(FloorRecorderTest, WhatIsRestoredWaitsForTheDisk) {
  FloorRecorder& recorder = Record({.file_bytes = 1 << 30, .waiting_bytes = 1});
  Tell(recorder, 500'000);
  recorder.GoLive();
  recorder.Stop();
  EXPECT_EQ(Inputs(RecordingEnd::kStop), 500'000U);
}

TEST(RecordingFile, IsNewAndItsOwners) {
  const base::TemporaryFolder folder;
  const std::string path = folder.path() / "session.rec";
  {
    auto file = MakeRecordingFile(path);
    ASSERT_TRUE(file);
    EXPECT_TRUE((*file)->Append("abc"));
    EXPECT_TRUE((*file)->Append("def"));
    EXPECT_TRUE((*file)->Finish());
  }
  std::ifstream in(path, std::ios::binary);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), "abcdef");
  EXPECT_EQ(std::filesystem::status(path).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  const auto again = MakeRecordingFile(path);
  ASSERT_FALSE(again);
  EXPECT_NE(again.error().message.find("exists already"), std::string::npos);
  const auto nowhere = MakeRecordingFile(folder.path() / "no" / "such");
  ASSERT_FALSE(nowhere);
  EXPECT_NE(nowhere.error().message.find("No such file"), std::string::npos);
}

TEST(RecordingFile, DiscardedIsGone) {
  const base::TemporaryFolder folder;
  const std::string path = folder.path() / "session.rec";
  auto file = MakeRecordingFile(path);
  ASSERT_TRUE(file);
  (*file)->Discard();
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace livetape::app
