#include "app/jobs/job_registry.h"

#include <gtest/gtest.h>

#include <future>
#include <optional>
#include <stop_token>
#include <thread>

#include "api/publishing/tape_folds.h"
#include "base/temporary_folder.h"
#include "hub/testing.h"
#include "sqlite/fault_vfs.h"

namespace livetape::app {
namespace {

using model::Job;
using model::JobState;

// Nobody publishes ticks.
class NoFloor final : public api::TickFloor {
 public:
  bool Reserve(size_t) override { return true; }
  void Release(size_t) override {}
  void Put(std::vector<model::PublishedTick>, std::move_only_function<void()> taken) override {
    taken();
  }
  bool HasRoomForSymbols(size_t) const override { return true; }
};

class JobRegistryTest : public testing::Test {
 protected:
  JobRegistryTest() {
    tape::Tape::Options options;
    options.folder = folder_.path();
    auto tape = tape::Tape::Open(options, clock_, base::Random(1), metrics_, log_);
    EXPECT_TRUE(tape) << tape.error().message;
    tape_ = *std::move(tape);
    EXPECT_TRUE(folds_.Restore(*tape_, clock_.Wall()));
    tape_->SetFollower([this](auto records) { folds_.Follow(records); });
    publisher_.emplace(api::Publisher::Surroundings{
        *tape_, state_, folds_.idempotency(), floor_, clock_, {&mailbox_}});
    tape_->Start();
  }
  ~JobRegistryTest() override {
    disk_.SetFull(false);
    registry_.reset();
    tape_->Stop();
  }

  std::unique_ptr<store::JobBooks> Books() {
    auto books = store::JobBooks::Open(folder_.path(), disk_.name());
    EXPECT_TRUE(books) << books.error().message;
    return *std::move(books);
  }
  // As the pool finds them.
  std::vector<Job> Open() {
    registry_.emplace(
        JobRegistry::Surroundings{
            .books = Books(),
            .publisher = *publisher_,
            .loops = {&mailbox_},
            .log = log_,
            .kept =
                [this](const Job& job, const model::JobEnd* end) {
                  if (end == nullptr) return states_.push_back(job.state);
                  ended_.push_back(end->result);
                },
            .forgotten = [this](const Job& job) { forgotten_.push_back(job.request); },
            .room = [this]() -> base::Result<void> {
              if (room_) return {};
              return base::Fail("nothing is left");
            }},
        metrics_);
    auto jobs = registry_->Recover();
    EXPECT_TRUE(jobs);
    return *std::move(jobs);
  }
  static Job Named(std::string id, JobState state) {
    return {.id = std::move(id), .state = state, .request = R"({"upload":"u"})"};
  }

  const base::TemporaryFolder folder_;
  sqlite::FaultVfs disk_{"job-registry-test"};
  base::ManualClock clock_{base::WallTime(std::chrono::hours(500'000))};
  base::Log log_{base::LogLevel::kError, [](base::LogLevel, std::string_view) {}};
  metrics::Registry metrics_;
  hub::testing::FakeLog records_;
  hub::testing::FakeSockets sockets_;
  hub::Shard shard_{{}, records_, sockets_, clock_, metrics_, [] {}};
  api::PublishedState state_{{&shard_}, metrics_, {.keys = 1}};
  NoFloor floor_;
  api::Mailbox mailbox_{[](const std::function<void()>&) {}};
  api::TapeFolds folds_{[](const std::string&) {}};
  std::unique_ptr<tape::Tape> tape_;
  std::optional<api::Publisher> publisher_;
  std::vector<std::string> forgotten_;  // the registry's thread
  std::vector<std::string> ended_;      // likewise
  std::vector<JobState> states_;        // without an end; likewise
  bool room_ = true;
  std::optional<JobRegistry> registry_;
};

TEST_F(JobRegistryTest, OnceSettledWhatACrashLeftIsKeptAndTold) {
  {
    const auto books = Books();
    ASSERT_TRUE(books->Save(Named("ran", JobState::kRunning), nullptr));
    ASSERT_TRUE(books->Save(Named("done", JobState::kCompleted), nullptr));
  }
  const std::vector<Job> jobs = Open();
  ASSERT_EQ(jobs.size(), 2);
  registry_->Start();
  Job failed = jobs.front();
  failed.state = JobState::kFailed;
  registry_->Keep(failed, nullptr, [] {}, [] {});
  registry_->Settle();
  EXPECT_EQ(tape_->head(), 2);
  registry_.reset();
  const auto kept = Books()->All();
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->jobs.front().state, JobState::kFailed);
  EXPECT_TRUE(kept->untold.empty());
}

TEST_F(JobRegistryTest, SettlingWaitsForNoDiskThatTakesNothing) {
  Open();
  registry_->Start();
  disk_.SetFull(true);
  registry_->Keep(Named("one", JobState::kFailed), nullptr, [] {}, [] {});
  registry_->Settle();
  EXPECT_EQ(tape_->head(), 0);
}

TEST_F(JobRegistryTest, RowsOfAResultAreThereOnceItsJobHasCompleted) {
  Open();
  registry_->Start();
  registry_->Keep(Named("one", JobState::kRunning), nullptr, [] {}, [] {});
  ASSERT_TRUE(registry_->KeepRows("one", {.name = "trades", .rows = {"{}", "{}"}}, {}));
  ASSERT_TRUE(registry_->KeepRows("one", {.name = "trades", .first = 2, .rows = {"{}"}}, {}));
  registry_->Keep(Named("one", JobState::kCompleted), nullptr, [] {}, [] {});
  registry_->Settle();
  registry_.reset();
  EXPECT_EQ(Books()->List("one", "trades", 10, 0)->total, 3U);
}

TEST_F(JobRegistryTest, TooManyRowsAreAnError) {
  Open();
  registry_->Start();
  const size_t most = store::JobBooks::kRowsMax;
  EXPECT_TRUE(
      registry_->KeepRows("one", {.name = "trades", .first = most - 1, .rows = {"{}"}}, {}));
  EXPECT_FALSE(registry_->KeepRows("one", {.name = "trades", .first = most, .rows = {"{}"}}, {}));
}

TEST_F(JobRegistryTest, ALongResultLeavesTheLastOfTheDisk) {
  Open();
  registry_->Start();
  room_ = false;
  EXPECT_TRUE(registry_->KeepRows("one", {.name = "rounds", .rows = {"{}"}}, {})) << "a short one";
  const auto kept = registry_->KeepRows("one", {.name = "rounds", .first = 1, .rows = {"{}"}}, {});
  ASSERT_FALSE(kept);
  EXPECT_EQ(kept.error().message, "its result cannot be kept: nothing is left");
}

TEST_F(JobRegistryTest, ALongResultTakesTheRoomOfOneThatIsGone) {
  Open();
  registry_->Start();
  const auto part = [this](const std::string& job, uint64_t first) -> bool {
    return !!registry_->KeepRows(
        job, {.name = "trades", .first = first, .rows = {std::string(1 << 20, 'x')}}, {});
  };
  for (uint64_t i = 0; i < 16; ++i) ASSERT_TRUE(part("one", i));
  room_ = false;
  EXPECT_FALSE(part("two", 1)) << "it is not gone yet";
  registry_->Keep(Named("one", JobState::kFailed), nullptr, [] {}, [] {});
  uint64_t parts = 1;
  while (part("two", parts)) ++parts;
  EXPECT_GT(parts, 4U);
  EXPECT_LT(parts, 16U);
}

TEST_F(JobRegistryTest, AJobThatIsCancelledWaitsForNoDiskThatTakesNothing) {
  Open();
  registry_->Start();
  disk_.SetFull(true);
  std::stop_source cancel;
  std::thread canceller([&] {
    registry_->Settle();  // it has met the full disk
    cancel.request_stop();
  });
  const auto kept =
      registry_->KeepRows("one", {.name = "trades", .rows = {"{}"}}, cancel.get_token());
  canceller.join();
  EXPECT_FALSE(kept);
}

TEST_F(JobRegistryTest, WhatARunHasNeededGoesOnceItsEndIsKept) {
  Open();
  registry_->Start();
  disk_.SetFull(true);
  const auto end =
      std::make_shared<model::JobEnd>(model::JobEnd{.state = JobState::kCompleted, .result = "{}"});
  std::promise<size_t> gone;
  registry_->Keep(Named("one", JobState::kRunning), nullptr, [] {}, [] {});
  registry_->Keep(
      Named("one", JobState::kCompleted), end, [&] { gone.set_value(ended_.size()); }, [] {});
  registry_->Settle();  // it has met the full disk
  EXPECT_TRUE(ended_.empty());
  EXPECT_TRUE(states_.empty());
  disk_.SetFull(false);
  EXPECT_EQ(gone.get_future().get(), 1U) << "before anybody is told";
  EXPECT_EQ(states_, std::vector{JobState::kRunning});
}

TEST_F(JobRegistryTest, WhatElseWasKeptOfAJobGoesWithIt) {
  Open();
  registry_->Start();
  const Job job = Named("one", JobState::kFailed);
  registry_->Keep(job, nullptr, [] {}, [] {});
  registry_->Forget(job);
  registry_->Settle();
  registry_.reset();
  EXPECT_EQ(forgotten_, (std::vector<std::string>{R"({"upload":"u"})"}));
  EXPECT_TRUE(Books()->All()->jobs.empty());
}

}  // namespace
}  // namespace livetape::app
