#pragma once

// Market: what the floor keeps of one instrument besides its quote: whether it trades, its depth and
// the orders that wait on it. Part of the deterministic core; owned by the TradingFloor.

#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "floor/book_depth.h"
#include "floor/match_queue.h"
#include "floor/open_orders.h"
#include "model/instrument.h"
#include "model/order.h"

namespace livetape::floor {

struct Market {
  model::InstrumentId id;
  model::AssetClass asset_class = model::AssetClass::kCrypto;
  bool open = true;       // it trades now
  bool begins = false;    // a session or a day has: something waits for the next quote
  bool by_bars = false;   // the last price came from a bar
  bool changed = false;   // since TakeChanged
  base::WallTime opened;  // when the session or day began: opg orders from before are due

  // By Line; kNowhere stays empty.
  std::array<MatchQueue, kLines> queues;
  size_t standing = 0;  // orders in all of them
  // Trailing stops by their mark: of sells those that a higher price raises, of buys those that a
  // lower one sinks.
  MatchQueue rising, sinking;

  std::unique_ptr<BookDepth> depth;       // once there has been a book
  std::vector<model::AccountId> holders;  // of a position, ascending

  MatchQueue& queue(Line line) { return queues[static_cast<size_t>(line)]; }
  const MatchQueue& queue(Line line) const { return queues[static_cast<size_t>(line)]; }

  // What an order of `side` trades against if depth limits it; else nullptr.
  DepthSide* DepthFor(model::Side side) const {
    if (!depth || by_bars) return nullptr;
    DepthSide& against = depth->Against(side);
    return against.limits() ? &against : nullptr;
  }
};

}  // namespace livetape::floor
