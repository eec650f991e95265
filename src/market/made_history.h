#pragma once

// MadeHistory: bars from before a synthetic feed began, so that no first screen is empty.
// Pure function of spec, seed and start.

#include <vector>

#include "base/clock.h"
#include "market/symbol_spec.h"
#include "model/bar.h"

namespace livetape::market {

inline constexpr size_t kMadeDays = 400;
inline constexpr size_t kMadeMinutes = 5 * 24 * 60;

// Both rows are gapless, oldest first, marked synthetic, and end with the bucket that holds the
// last nanosecond before the start, closing at the start price. That bucket may still be running:
// live trades then go on in it. Where minutes exist, the day's bar is made of them.
struct MadeHistory {
  std::vector<model::Bar> daily;    // kMadeDays
  std::vector<model::Bar> minutes;  // kMadeMinutes
};

MadeHistory MakeHistory(const SymbolSpec& spec, uint64_t seed, base::WallTime start);

}  // namespace livetape::market
