#pragma once

// MarketEvent: what a source says, in its order. The input of the floor.

#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/decimal.h"
#include "model/bar.h"
#include "model/book_level.h"
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

// A BookUpdate (model/book_level.h) comes before the quote that it makes. Its levels are as the feed
// tells them: in any order, of two for one price the last counts. The first of a book is a snapshot;
// a snapshot without levels says that the book is not known any more. A book may be crossed (bid >
// ask) for a while; no quote is made of it then.
struct MarketEvent {
  base::WallTime time;  // the source's clock
  std::variant<InstrumentListed, QuoteUpdate, TradeTick, BarHistory, BookUpdate> what;
};

}  // namespace livetape::model
