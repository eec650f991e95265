#pragma once

// PaperFixture: a trading floor over a real tape and store in a folder of their own, worked by hand.
// For tests.

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/floor_agent.h"
#include "app/paper/paper_trading.h"
#include "app/storage.h"
#include "base/time_text.h"
#include "hub/testing.h"
#include "tape/testing.h"

namespace livetape::app {

class PaperFixture : public testing::Test {
 protected:
  PaperFixture() : clock_(*base::ParseRfc3339("2026-11-20T23:59:58Z")) {
    config_.server.data_dir = (folder_.path() / "data").string();
    config_.paper.strategy = config::PaperStrategy::kNone;
    Start();
  }
  ~PaperFixture() override { Crash(); }

  void Start() {
    auto storage = OpenStorage(config_, clock_, *metrics_, log_, [](const std::string&) {});
    ASSERT_TRUE(storage) << storage.error().message;
    storage_ = *std::move(storage);
    instruments_ = std::make_unique<market::Instruments>();
    bars_ = std::make_unique<market::BarHistory>();
    shard_ = std::make_unique<hub::Shard>(hub::Shard::Options(), records_, sockets_, clock_,
                                          *metrics_, [] {});
    state_.emplace(std::vector<hub::Shard*>{shard_.get()}, *metrics_);
    access_.emplace(config_.auth, *storage_.verifier, storage_.folds->revoked(), clock_);
    mailbox_ = std::make_unique<api::Mailbox>([](const std::function<void()>& task) { task(); });
    paper_ = std::make_unique<PaperTrading>(PaperTrading::Ground{.config = config_,
                                                                 .clock = clock_,
                                                                 .log = log_,
                                                                 .metrics = *metrics_,
                                                                 .storage = storage_,
                                                                 .access = *access_,
                                                                 .state = *state_,
                                                                 .instruments = *instruments_,
                                                                 .loops = {mailbox_.get()}});
    floor_ = std::make_unique<FloorAgent>(true,
                                          FloorAgent::Surroundings{.instruments = *instruments_,
                                                                   .bars = *bars_,
                                                                   .paper = paper_->floor(),
                                                                   .sessions = paper_->sessions(),
                                                                   .tape = *storage_.tape,
                                                                   .clock = clock_},
                                          std::vector<hub::Shard*>{shard_.get()}, *metrics_);
    const auto recovered = paper_->Recover(*floor_);
    ASSERT_TRUE(recovered) << recovered.error().message;
  }
  // All is gone that is not on disk.
  void Crash() {
    floor_.reset();
    paper_.reset();
    mailbox_.reset();
    access_.reset();
    state_.reset();
    shard_.reset();
    storage_ = Storage();
    metrics_ = std::make_unique<metrics::Registry>();
  }

  void Work() {
    while (floor_->DoWork()) {
    }
    while (storage_.tape->DoWork()) {
    }
    while (shard_->DoWork()) {
    }
  }
  void Pass(std::chrono::milliseconds time) {
    clock_.Advance(time);
    Work();
  }

  tape::TemporaryFolder folder_;
  base::ManualClock clock_;
  config::Config config_;
  std::unique_ptr<metrics::Registry> metrics_ = std::make_unique<metrics::Registry>();
  base::Log log_{base::LogLevel::kError, [](base::LogLevel, std::string_view) {}};
  hub::testing::FakeLog records_;
  hub::testing::FakeSockets sockets_;
  Storage storage_;
  std::unique_ptr<market::Instruments> instruments_;
  std::unique_ptr<market::BarHistory> bars_;
  std::unique_ptr<hub::Shard> shard_;
  std::optional<api::PublishedState> state_;
  std::optional<api::Access> access_;
  std::unique_ptr<api::Mailbox> mailbox_;
  std::unique_ptr<PaperTrading> paper_;
  std::unique_ptr<FloorAgent> floor_;
};

}  // namespace livetape::app
