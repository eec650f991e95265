#pragma once

// StalledQuotes: the market while the disk takes nothing and the floor must not trade. Quotes go on
// to be shown; for the floor they are merged, at most one of each instrument, and given to it when
// the disk takes again: a path from the price before over the nearer extreme and the other one to
// the last (docs/trading.md, "Prices, clocks, days"). Owned by the floor's thread.

#include <cstdint>
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
  // Gives `floor` what was merged; its quotes are as they were shown.
  void End(floor::TradingFloor& floor);

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
    base::Quantity size;                      // their sum
    bool quote_is_last = false;
    std::optional<base::Quantity> volume;
  };
  static void Replay(floor::TradingFloor& floor, model::InstrumentId instrument,
                     const Merged& merged);

  std::optional<floor::QuoteBoard> board_;
  std::map<model::InstrumentId, Merged> merged_;
};

}  // namespace livetape::app
