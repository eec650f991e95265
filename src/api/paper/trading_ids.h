#pragma once

// TradingIds: the UUIDs by which the outside knows orders, fills, accounts and assets. They are made
// of numbers and a seed, which is the tape's for its whole life, and back (RFC 9562, version 8):
// nothing has to be remembered, and the same input gives the same ids. Immutable; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/order.h"

namespace livetape::api {

class TradingIds {
 public:
  explicit TradingIds(uint64_t seed) : seed_(seed) {}

  std::string Order(model::OrderId id) const;
  // Nothing: no order's UUID of this server.
  std::optional<model::OrderId> ParseOrder(std::string_view uuid) const;
  std::string Execution(uint64_t fill) const;
  // Nothing: no fill's UUID of this server.
  std::optional<uint64_t> ParseExecution(std::string_view uuid) const;
  std::string Account(std::string_view name) const;
  std::string Asset(std::string_view symbol) const;

 private:
  const uint64_t seed_;
};

}  // namespace livetape::api
