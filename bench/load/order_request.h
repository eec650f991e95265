#pragma once

// The POSTs that place orders, for a PublisherFleet. Pure functions of plain values.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "load/publish_request.h"

namespace livetape::bench {

// How the answer to an order that was accepted begins.
inline constexpr std::string_view kOrderAccepted = R"({"id":")";

struct OrderShape {
  std::string host;
  std::string account;  // the beginning of the accounts' names: ACCOUNT-0, ...
  size_t accounts = 1;
  std::vector<std::string> symbols;  // at least one
  std::string run;                   // the beginning of the client order ids; other for each run
};

// Market orders for 1, each under a name of its own. All accounts in turn buy, each another symbol,
// until each has all; then they sell again. So the first `accounts` x N orders open N positions in
// each account, spread over all symbols.
std::vector<PublishRequest> MakeOrders(const OrderShape& shape);

}  // namespace livetape::bench
