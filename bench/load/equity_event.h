#pragma once

// EquityEvent: what the bench reads of an event of /api/events/equity. Pure functions.

#include <optional>
#include <string_view>

namespace livetape::bench {

struct EquityEvent {
  double equity = 0, balance = 0;
  double market_value = 0;                // of all positions that it lists
  std::optional<std::string_view> probe;  // the value of the probe's position, as it is written
};

// Nothing if `event` is no such event. `probe`: a symbol.
std::optional<EquityEvent> ReadEquityEvent(std::string_view event, std::string_view probe);

}  // namespace livetape::bench
