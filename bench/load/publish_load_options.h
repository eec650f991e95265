#pragma once

// PublishLoadOptions: what livetape-publish-load was asked to do. Read once at start.

#include <chrono>
#include <expected>

#include "load/order_request.h"
#include "load/publisher_fleet.h"

namespace livetape::bench {

struct PublishLoadOptions {
  PublisherPlan plan;  // without requests
  RequestShape records;
  OrderShape orders;                   // placed instead if it has symbols
  std::chrono::nanoseconds warm_up{};  // publishing, before the measurement
  std::chrono::nanoseconds measure{};  // it ends earlier when all requests are answered

  bool places_orders() const { return !orders.symbols.empty(); }
};

// The options, or the exit status after --help (0) or an error told on stderr (2).
std::expected<PublishLoadOptions, int> ReadPublishLoadOptions(int argc, const char* const* argv);

}  // namespace livetape::bench
