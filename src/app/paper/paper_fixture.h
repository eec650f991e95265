#pragma once

// PaperFixture: a trading floor over a real tape and store in a folder of their own, worked by hand.
// For tests.

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/streams/tape_records.h"
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

  void Start() { ASSERT_EQ(TryStart(), ""); }
  // What keeps it from starting.
  std::string TryStart() {
    auto storage = OpenStorage(config_, clock_, *metrics_, log_, [](const std::string&) {});
    if (!storage) return storage.error().message;
    storage_ = *std::move(storage);
    instruments_ = std::make_unique<market::Instruments>();
    bars_ = std::make_unique<market::BarHistory>();
    mailbox_ = std::make_unique<api::Mailbox>([](const std::function<void()>& task) { task(); });
    records_.emplace(*storage_.tape, *mailbox_);
    shard_ = std::make_unique<hub::Shard>(hub::Shard::Options(), *records_, sockets_, clock_,
                                          *metrics_, [] {});
    state_.emplace(std::vector<hub::Shard*>{shard_.get()}, *metrics_,
                   api::PublishedState::Limits{.keys = state_keys_max_});
    access_.emplace(config_.auth, *storage_.verifier, storage_.folds->revoked(), clock_);
    paper_ = std::make_unique<PaperTrading>(PaperTrading::Ground{.config = config_,
                                                                 .clock = clock_,
                                                                 .log = log_,
                                                                 .metrics = *metrics_,
                                                                 .storage = storage_,
                                                                 .access = *access_,
                                                                 .state = *state_,
                                                                 .instruments = *instruments_,
                                                                 .loops = {mailbox_.get()}});
    floor_ = std::make_unique<FloorAgent>(time_is_wall_,
                                          FloorAgent::Surroundings{.instruments = *instruments_,
                                                                   .bars = *bars_,
                                                                   .paper = paper_->floor(),
                                                                   .sessions = paper_->sessions(),
                                                                   .tape = *storage_.tape,
                                                                   .clock = clock_},
                                          std::vector<hub::Shard*>{shard_.get()}, *metrics_);
    storage_.tape->SetFollower([this](std::span<const tape::RecordRef> records) {
      paper_->projector().Follow(records);
      for (const tape::RecordRef& record : records) kept_.push_back(*record);
    });
    Prepare();
    const auto recovered = paper_->Recover(*floor_);
    if (!recovered) return recovered.error().message;
    if (projecting_) paper_->projector().Start();
    return "";
  }
  // What the source tells before anything is restored; from the second start on.
  virtual void Prepare() {}
  // All is gone that is not on disk. What the projector has been told of is, if it runs.
  void Crash() {
    floor_.reset();
    paper_.reset();
    access_.reset();
    state_.reset();
    shard_.reset();
    records_.reset();
    storage_ = Storage();
    mailbox_.reset();
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
  // What a request does, and all that follows.
  void Ask(api::DeskWork work, const std::string& account = "paper") {
    EXPECT_TRUE(floor_->Put(DeskRequest{.account = account,
                                        .create = true,
                                        .work = std::move(work),
                                        .responder = std::nullopt,
                                        .loop = 0}));
    Work();
  }
  void Price(const std::string& symbol, std::string_view price) {
    model::PublishedTick tick;
    tick.symbol = symbol;
    tick.price = *base::Price::Parse(price);
    tick.asset_class = model::AssetClass::kUsEquity;
    ASSERT_TRUE(floor_->Reserve(1));
    floor_->Put(std::vector<model::PublishedTick>{std::move(tick)}, [] {});
    Work();
  }
  // A market order, or a limit.
  void Place(model::Side side, std::string_view quantity, const std::string& symbol,
             std::string_view limit = "", const std::string& account = "paper") {
    Ask(
        [&](api::Desk& desk) -> api::DeskAnswer {
          floor::OrderRequest order;
          order.instrument = *desk.FindInstrument(symbol);
          order.side = side;
          order.quantity = *base::Quantity::Parse(quantity);
          if (!limit.empty()) {
            order.type = model::OrderType::kLimit;
            order.limit = *base::Price::Parse(limit);
          }
          EXPECT_TRUE(desk.floor().Place(desk.now(), desk.account(), order));
          return http::Response();
        },
        account);
  }
  const floor::Account& AccountOf(std::string_view name = "paper") {
    return paper_->floor().floor().account(*paper_->floor().FindAccount(name));
  }
  // Cash, realized profit and each position.
  std::string BookOf(std::string_view name = "paper") {
    const floor::Account& account = AccountOf(name);
    std::string text = account.cash().ToString() + " " + account.realized().ToString();
    for (const auto& [id, position] : account.positions()) {
      text += " " + instruments_->All()[id.value()].symbol + ":" + position.quantity.ToString() +
              "@" + position.cost.ToString();
    }
    for (const model::Order* order :
         paper_->floor().floor().OpenOrders(*paper_->floor().FindAccount(name))) {
      text += " open:" + order->leaves().ToString();
    }
    return text;
  }

  void Pass(std::chrono::milliseconds time) {
    clock_.Advance(time);
    Work();
  }

  tape::TemporaryFolder folder_;
  base::ManualClock clock_;
  config::Config config_;
  std::unique_ptr<metrics::Registry> metrics_ = std::make_unique<metrics::Registry>();
  std::vector<std::string> warnings_;
  base::Log log_{base::LogLevel::kWarning,
                 [this](base::LogLevel, std::string_view line) { warnings_.emplace_back(line); }};
  std::vector<tape::Record> kept_;  // by the tape, in this run or an earlier one
  bool time_is_wall_ = true;        // from the next start on
  bool projecting_ = true;          // the projector's thread runs
  hub::testing::FakeSockets sockets_;
  Storage storage_;
  std::unique_ptr<market::Instruments> instruments_;
  std::unique_ptr<market::BarHistory> bars_;
  std::unique_ptr<hub::Shard> shard_;
  std::optional<api::PublishedState> state_;
  size_t state_keys_max_ = api::PublishedState::kKeysMax;  // from the next start on
  std::optional<api::Access> access_;
  std::unique_ptr<api::Mailbox> mailbox_;
  std::optional<api::TapeRecords> records_;
  std::unique_ptr<PaperTrading> paper_;
  std::unique_ptr<FloorAgent> floor_;
};

}  // namespace livetape::app
