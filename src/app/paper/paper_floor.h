#pragma once

// PaperFloor: the paper accounts on the floor: which accounts there are, what requests do to them,
// and all that follows, on its way to the tape. Owned by the floor's thread; restored by the main
// thread before that runs.
//
// Invariants: (1) what has happened on the floor is handed over by the next Submit, in order;
// (2) state of an account is handed over behind the records that it follows from; (3) the opening of
// an account is on the tape before anything else of it, and before that of later accounts: those of
// the configuration are told when something happens to one of them, so that a server without trades
// writes nothing.

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "api/paper/account_directory.h"
#include "api/paper/floor_desk.h"
#include "api/paper/trading_ids.h"
#include "app/paper/floor_output.h"
#include "app/paper/floor_recorder.h"
#include "base/log.h"
#include "base/result.h"
#include "floor/trading_floor.h"
#include "market/instruments.h"
#include "metrics/registry.h"
#include "tape/tape.h"

namespace livetape::app {

// One request of an account's, or of the server's own.
struct DeskRequest {
  std::string account;
  bool create = false;  // open the account if there is none
  api::DeskWork work;
  // Whom to answer; nothing: nobody waits.
  std::optional<http::Responder> responder;
  size_t loop = 0;
};

class PaperFloor final : private floor::FloorObserver, private api::Desk {
 public:
  struct Surroundings {
    tape::Tape& tape;
    bool auth;  // accounts belong to users
    const api::TradingIds& ids;
    const market::Instruments& instruments;
    base::Log& log;
    FloorOutput::Surroundings output;
  };
  // `usual`: what an account is like that is made by asking for it; its name is the default
  // account's.
  PaperFloor(const floor::TradingFloor::Options& options, api::AccountProfile usual,
             Surroundings surroundings, metrics::Registry& metrics);
  ~PaperFloor() override;

  floor::TradingFloor& floor() override { return floor_; }

  // Never changes, but for its limits, which are the floor's thread's.
  const api::AccountProfile& usual() const { return usual_; }

  // --- restoring, main thread: snapshots by number, then records in order
  base::Result<void> Restore(const store::AccountRow& row);
  base::Result<void> Replay(const tape::Record& record);
  // The tape keeps no record before `oldest`, and the store lacks snapshots: what is replayed may be
  // of accounts and orders that nothing tells of. Then an account begins with the default account's
  // settings, and fills of such an order are passed over; the log says which.
  void ExpectGaps(uint64_t oldest) { oldest_replayed_ = oldest; }
  // An instrument that comes with them is made if it is new: `add` makes it.
  void SetAddInstrument(std::function<model::InstrumentId(model::Instrument)> add) {
    add_instrument_ = std::move(add);
  }
  // The accounts of these names have these fees, keys and limits from now on; opened where there is
  // none. Keys may change hands among them; one that an account has which is not among them stays
  // its, and the log says who gets none.
  void Configure(std::vector<api::AccountProfile> profiles, base::WallTime now);
  // Before all else: what the floor is told, and what the names are, goes to `recorder`, which
  // outlives it.
  void SetRecorder(FloorRecorder& recorder) {
    recorder_ = &recorder;
    floor_.SetInputListener(recorder);
  }
  // The limits of risk are the configuration's, for every account, with what requests have changed;
  // from then on they are looked at.
  void BeginRisk(const api::RiskSettings& configured, api::RiskOverrides overrides,
                 base::WallTime now);
  std::optional<model::AccountId> FindAccount(std::string_view name) const;
  void ForEachOpenOrder(
      const std::function<void(const model::Order& order, const std::string& account,
                               const model::Instrument& instrument)>& take) const;

  // --- the floor's thread
  // Each instrument, in order of ids.
  void AddInstrument(model::Instrument instrument);
  void Serve(DeskRequest request, base::WallTime now);
  // A window has ended; `dashboard`: those of a quarter second too.
  void EndWindow(base::WallTime now, bool dashboard);
  // Some quote has changed.
  void NoteQuote() { quotes_fresh_ = true; }
  // A second has: snapshots of what has changed.
  void Checkpoint(base::WallTime now);
  // Hands over what has gathered.
  void Submit();
  // Records that have gathered.
  size_t gathered() const { return output_->records.size(); }

 private:
  // What a screen has been told of a position.
  struct Shown {
    base::Quantity quantity;
    base::Amount cost;
    base::Price mark;
    friend bool operator==(const Shown&, const Shown&) = default;
  };
  struct Named {
    api::AccountProfile profile;
    std::map<model::InstrumentId, Shown> shown;
    base::WallTime active{};  // of its newest order event or change
    bool to_show = true, to_checkpoint = true, to_dashboard = true, orders_changed = true;
  };
  struct Serving {
    model::AccountId account;
    base::WallTime now;
    std::vector<floor::OrderEvent> events;
  };

  // floor::FloorObserver
  void OnOrderEvent(const floor::OrderEvent& event) override;
  void OnRuined(model::AccountId account, base::WallTime time) override;
  void OnRiskAlert(const floor::RiskAlert& alert) override;
  void OnRiskAction(model::AccountId account, base::WallTime time) override;

  // api::Desk
  base::WallTime now() const override { return serving_.now; }
  model::AccountId account() const override { return serving_.account; }
  const std::string& account_name() const override;
  std::optional<model::InstrumentId> FindInstrument(std::string_view symbol) const override;
  const model::Instrument& instrument(model::InstrumentId id) const override;
  std::span<const floor::OrderEvent> events() const override { return serving_.events; }
  std::optional<api::AccountProfile> Profile(std::string_view account) const override;
  Opened OpenAccount(const api::AccountProfile& profile) override;
  void SetState(floor::AccountState state) override;
  void Reset() override;
  void ChangeProfile(const api::AccountProfile& profile) override;
  api::RiskSettings risk_settings() const override {
    return api::WithOverrides(configured_risk_, risk_overrides_);
  }
  const api::RiskOverrides& risk_overrides() const override { return risk_overrides_; }
  void ChangeRisk(api::RiskOverrides overrides) override;

  void SetRisk(base::WallTime now);
  Opened Open(const api::AccountProfile& profile, base::WallTime now);
  void ConfigureOne(api::AccountProfile profile, base::WallTime now);
  bool IsKeyOfAnother(const api::AccountProfile& profile) const;
  void TellOpenings(model::AccountId through);
  void Tell(api::AccountChange change);
  void TellState(model::AccountId account, base::WallTime time);
  base::Result<void> Apply(const api::AccountChange& change);
  // The account of a replayed record.
  base::Result<model::AccountId> AccountOf(const std::string& name, base::WallTime time);
  void Refresh();
  store::AccountRow RowOf(model::AccountId id, base::WallTime now) const;
  void Note(std::string_view account, base::WallTime active);
  void ShowEquity(model::AccountId id, base::WallTime now);
  void ShowPositions(model::AccountId id);
  void ShowDashboard(model::AccountId id, base::WallTime now);
  void ShowMarket(model::AccountId id);
  std::vector<model::InstrumentId> WatchedBy(model::AccountId id) const;
  void Put(std::string topic, std::string_view type, std::string key, std::string json);

  const Surroundings around_;
  api::AccountProfile usual_;  // its limits change
  api::RiskSettings configured_risk_;
  api::RiskOverrides risk_overrides_;
  floor::TradingFloor floor_;
  std::function<model::InstrumentId(model::Instrument)> add_instrument_;
  FloorRecorder* recorder_ = nullptr;
  std::deque<model::Instrument> instruments_;  // by id
  std::vector<Named> accounts_;                // by id
  size_t told_ = 0;                            // of them, the openings that are on the tape
  std::unordered_map<std::string, model::AccountId> by_name_;
  std::unique_ptr<FloorOutput> output_;  // what gathers
  Serving serving_;
  bool replaying_ = false;
  std::optional<uint64_t> oldest_replayed_;  // gaps are expected before it
  bool quotes_fresh_ = false;                // since the last dashboard
  std::vector<model::AccountId> changed_;    // scratch
  uint32_t refreshed_ = 0;  // the account whose snapshot was renewed last without need
  metrics::Counter &orders_, &fills_, &rejected_, &requests_;
  metrics::Gauge& account_count_;
};

}  // namespace livetape::app
