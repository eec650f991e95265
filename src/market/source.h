#pragma once

// Source: where market data comes from. One interface for synthetic, replayed and later live
// feeds; a source does not know who listens, and never sleeps: pacing is the Pacer's.
//
// One thread owns a source and calls it.

#include <cstdint>

#include "base/result.h"
#include "model/market_event.h"

namespace livetape::market {

class Source {
 public:
  virtual ~Source() = default;

  // The next event in `event`; false at the end of the feed. Times do not decrease except where
  // the recorded feed itself does. An error ends the feed: it says file and line, or what failed.
  virtual base::Result<bool> Next(model::MarketEvent& event) = 0;

  // How often the feed has begun again, up to the event that Next gave last. Times jump there, and
  // nobody waits for that.
  virtual uint64_t rounds() const { return 0; }

  // Malformed input that was reported, counted and skipped so far.
  virtual uint64_t skipped() const { return 0; }
};

}  // namespace livetape::market
