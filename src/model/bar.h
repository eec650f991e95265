#pragma once

// Bar: open, high, low, close and volume of one bucket of time.

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/decimal.h"

namespace livetape::model {

enum class Timeframe : uint8_t { k1s, k1m, k5m, k15m, k1h, k1d };

inline constexpr std::array kTimeframes = {Timeframe::k1s,  Timeframe::k1m, Timeframe::k5m,
                                           Timeframe::k15m, Timeframe::k1h, Timeframe::k1d};

constexpr std::chrono::seconds Length(Timeframe timeframe) {
  constexpr std::array<int, 6> kSeconds = {1, 60, 300, 900, 3600, 86400};
  return std::chrono::seconds(kSeconds[static_cast<size_t>(timeframe)]);
}

constexpr std::string_view Name(Timeframe timeframe) {
  constexpr std::array<std::string_view, 6> kNames = {"1s", "1m", "5m", "15m", "1h", "1d"};
  return kNames[static_cast<size_t>(timeframe)];
}

constexpr std::optional<Timeframe> ParseTimeframe(std::string_view text) {
  for (const Timeframe timeframe : kTimeframes) {
    if (Name(timeframe) == text) return timeframe;
  }
  return std::nullopt;
}

struct Bar {
  base::WallTime start;  // of the bucket, aligned to its length in UTC
  base::Price open, high, low, close;
  base::Amount volume;     // sum of trade sizes
  uint64_t trades = 0;     // 0: made from mids or read from a file that does not tell
  bool synthetic = false;  // made history, never traded
};

}  // namespace livetape::model
