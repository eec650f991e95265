#pragma once

// Is a request for an order the one that has been made already? Pure functions.

#include <string>
#include <string_view>
#include <vector>

#include "floor/order_request.h"
#include "model/order.h"

namespace livetape::api {

// An order as it is now, with the legs that it came with.
struct FirstOrder {
  model::Order order;
  std::string symbol;
  std::vector<model::Order> legs;
};

// Compares what was asked for, not what has become of it. `symbol` is the instrument's own.
bool AskedForTheSame(const floor::OrderRequest& request, std::string_view symbol,
                     const FirstOrder& first);

}  // namespace livetape::api
