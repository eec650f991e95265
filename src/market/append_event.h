#pragma once

// Append: adds one event to a list of them.

#include <utility>
#include <vector>

#include "model/market_event.h"

namespace livetape::market {

// Built in its place, not moved there: an event is large, and a feed has millions of them.
template <typename What>
void Append(std::vector<model::MarketEvent>& events, base::WallTime time, What what) {
  model::MarketEvent& event = events.emplace_back();
  event.time = time;
  event.what.emplace<What>(std::move(what));
}

}  // namespace livetape::market
