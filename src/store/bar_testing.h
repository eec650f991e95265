#pragma once

// Bars for the tests of the store.

#include <fmt/format.h>

#include <string>
#include <vector>

#include "store/testing.h"

namespace livetape::store {

// Several of one time differ in `value`.
inline model::Bar SomeBar(base::WallTime start, int64_t value = 1) {
  const auto price = [&](int64_t more) {
    return base::Price::FromUnits((100 + value + more) * 10'000'000);
  };
  return {.start = start,
          .open = price(0),
          .high = price(5),
          .low = price(-5),
          .close = price(2),
          .volume = base::Amount::FromUnits(base::Int128{value} * 1'000'000'000'000'000'000),
          .trades = value % 3 == 0 ? 7u : 0u,
          .synthetic = value % 5 == 0};
}

inline BarRows SomeBars(std::string symbol, int from, int count, int64_t value = 1) {
  BarRows rows{.symbol = std::move(symbol), .timeframe = model::Timeframe::k1m};
  for (int i = 0; i < count; ++i) rows.bars.push_back(SomeBar(kNoon + minutes(from + i), value));
  return rows;
}

// Every field of each, to compare.
inline std::vector<std::string> Texts(const std::vector<model::Bar>& bars) {
  std::vector<std::string> texts;
  texts.reserve(bars.size());
  for (const model::Bar& bar : bars) {
    texts.push_back(fmt::format("{} {} {} {} {} {} {} {}", bar.start.time_since_epoch().count(),
                                bar.open.ToString(), bar.high.ToString(), bar.low.ToString(),
                                bar.close.ToString(), bar.volume.ToString(), bar.trades,
                                bar.synthetic));
  }
  return texts;
}

}  // namespace livetape::store
