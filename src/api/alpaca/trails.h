#pragma once

// Where stops stand: the best price and the stop of a trail move with the market, a stop-limit order
// is reached by it, and neither is on a record. So the store's form of such an order is as it began,
// and the floor tells the rest.

#include <map>
#include <string>

#include "api/paper/floor_desk.h"
#include "base/decimal.h"
#include "model/order.h"

namespace livetape::api {

struct Trail {
  base::Price hwm, stop;   // of a trailing stop; else 0
  bool triggered = false;  // a stop-limit order that rests at its limit
};
using Trails = std::map<model::OrderId, Trail>;

// Of all open stops of the request's account that have moved or been reached; the floor's thread.
Trails TrailsOf(Desk& desk);
// Of this order, if it is one.
Trails TrailOf(Desk& desk, model::OrderId id);

// Alpaca's Order object `json` with `trail` in it.
void SetTrail(std::string& json, const Trail& trail);

}  // namespace livetape::api
