#pragma once

// StalledQuotes: the market while the disk takes nothing and the floor must not trade. Quotes go on
// to be shown; for the floor they are merged, at most one of each instrument, and given to it when
// the disk takes again: a path from the price before over the nearer extreme and the other one to
// the last (docs/trading.md, "Prices, clocks, days"). What came before the first end of a session or
// a day is merged by itself, so that no order meets prices from after its day. Owned by the floor's
// thread.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>

#include "base/clock.h"
#include "floor/quote_board.h"
#include "floor/trading_floor.h"
#include "model/market_event.h"

namespace livetape::app {

class StalledQuotes {
 public:
  bool on() const { return board_.has_value(); }
  // From here on, beginning with what the floor knows.
  void Begin(const floor::QuoteBoard& quotes) { board_ = quotes; }
  // A session or a day has ended, which the floor is told between what came before and after it. Of
  // several the first counts: what comes between them is after all of them.
  void Part();
  // Off. Gives `floor` what was merged, and calls `between` where it was parted; its quotes are as they
  // were shown.
  void End(floor::TradingFloor& floor, const std::function<void()>& between);

  // While on.
  const floor::QuoteBoard& quotes() const { return *board_; }
  void AddInstrument() { board_->Add(); }
  // As the floor's.
  bool OnQuote(base::WallTime time, const model::QuoteUpdate& update);
  void OnTrade(base::WallTime time, const model::TradeTick& trade);
  void OnVolume(base::WallTime time, model::InstrumentId instrument, base::Quantity volume);

 private:
  struct Merged {
    base::WallTime time;
    std::optional<model::QuoteUpdate> quote;  // the newest
    base::Price low, high, last;              // of the trades; 0: none
    base::Quantity size;                      // their sum since `volume`
    bool quote_is_last = false;
    bool quote_stands = false;             // no trade was outside it
    std::optional<base::Quantity> volume;  // the newest
  };
  using MergedById = std::map<model::InstrumentId, Merged>;
  static void Replay(floor::TradingFloor& floor, model::InstrumentId instrument,
                     const Merged& merged);

  std::optional<floor::QuoteBoard> board_;
  MergedById merged_;
  std::optional<MergedById> before_;  // what was merged before the part
};

}  // namespace livetape::app
