#pragma once

// Where trailing stops stand: their best price and stop move with the market and are on no record,
// so the store's form of such an order is as it began, and the floor tells the rest.

#include <map>
#include <string>

#include "api/paper/floor_desk.h"
#include "base/decimal.h"
#include "model/order.h"

namespace livetape::api {

struct Trail {
  base::Price hwm, stop;
};
using Trails = std::map<model::OrderId, Trail>;

// Of all open trailing stops of the request's account; the floor's thread.
Trails TrailsOf(Desk& desk);
// Of this order, if it is one.
Trails TrailOf(Desk& desk, model::OrderId id);

// Alpaca's Order object `json` with `trail` in it.
void SetTrail(std::string& json, const Trail& trail);

}  // namespace livetape::api
