#pragma once

// PaperTrading: all parts of paper trading, made and joined. Owned by the main thread.

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "api/paper/account_directory.h"
#include "api/paper/trading_backend.h"
#include "api/paper/trading_ids.h"
#include "api/publishing/published_state.h"
#include "app/floor_agent.h"
#include "app/paper/demo_trader.h"
#include "app/paper/paper_floor.h"
#include "app/paper/projector.h"
#include "app/storage.h"
#include "config/config.h"
#include "market/sessions.h"

namespace livetape::app {

class PaperTrading {
 public:
  // What it stands on; outlives it.
  struct Ground {
    const config::Config& config;
    const base::Clock& clock;
    base::Log& log;
    metrics::Registry& metrics;
    const Storage& storage;
    const api::Access& access;
    api::PublishedState& state;
    market::Instruments& instruments;
    std::vector<api::Mailbox*> loops;
    BarQueue* bars = nullptr;           // what else the store's writer writes
    FloorRecorder* recorder = nullptr;  // null: nothing is recorded
  };
  explicit PaperTrading(const Ground& ground);

  PaperFloor& floor() { return floor_; }
  const market::Sessions& sessions() const { return sessions_; }
  const api::AccountDirectory& directory() const { return directory_; }
  const api::TradingIds& ids() const { return ids_; }
  Projector& projector() { return projector_; }

  // Before the start: the accounts as they were, and those of the configuration.
  base::Result<void> Recover(FloorAgent& agent);
  // Null: nobody trades the default account by itself.
  DemoTrader* demo() { return demo_ ? &*demo_ : nullptr; }

 private:
  base::Result<void> KeepClock();
  void WarnOfTwice(base::WallTime begin, base::WallTime lived);

  const Ground ground_;
  const api::TradingIds ids_;
  const market::Sessions sessions_;
  api::AccountDirectory directory_;
  Projector projector_;
  PaperFloor floor_;
  std::optional<DemoTrader> demo_;
};

}  // namespace livetape::app
