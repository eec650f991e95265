#pragma once

// MarketEvent: what a source says, in its order. The input of the floor.

#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/decimal.h"
#include "model/bar.h"
#include "model/instrument.h"

namespace livetape::model {

// Introduces the next instrument; the first one has id 0, and so on.
struct InstrumentListed {
  Instrument instrument;
};

// Best bid and ask. Both prices are positive and bid <= ask; a size of 0 means unknown.
struct QuoteUpdate {
  InstrumentId instrument;
  base::Price bid, ask;
  base::Quantity bid_size, ask_size;
};

// A trade; price > 0, size >= 0 (0: unknown).
struct TradeTick {
  InstrumentId instrument;
  base::Price price;
  base::Quantity size;
};

// Closed bars from before the feed begins, oldest first.
struct BarHistory {
  InstrumentId instrument;
  Timeframe timeframe = Timeframe::k1d;
  std::vector<Bar> bars;
};

struct MarketEvent {
  base::WallTime time;  // the source's clock
  std::variant<InstrumentListed, QuoteUpdate, TradeTick, BarHistory> what;
};

}  // namespace livetape::model
