#pragma once

// Quote: what the market says of one instrument now.

#include <type_traits>

#include "base/clock.h"
#include "base/decimal.h"

namespace livetape::model {

// Plain bytes: a quote travels through the hub as its memory.
struct Quote {
  base::Price price;  // the last trade's; before the first, (bid + ask) / 2
  base::Price bid, ask;
  base::Quantity bid_size, ask_size;  // 0: unknown
  base::Price reference;              // last price before the day roll, or the first price seen
  base::WallTime time;                // of the last change of any kind
  base::WallTime price_time;          // of the last trade, or of the last mid while there was none
  base::Amount volume;                // traded since the day roll
};
static_assert(std::is_trivially_copyable_v<Quote>);

}  // namespace livetape::model
