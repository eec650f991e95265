#pragma once

// Bars for the tests of training: a seeded random walk, and one that can be foretold.

#include <chrono>
#include <cmath>
#include <vector>

#include "base/random.h"
#include "base/time_text.h"
#include "model/bar.h"

namespace livetape::jobs {

inline model::Bar DayBar(size_t day, double close, double volume) {
  model::Bar bar;
  bar.start = *base::ParseRfc3339("2020-01-01") + std::chrono::days(day);
  const auto price = [](double value) {
    return base::Price::FromUnits(static_cast<int64_t>(std::llround(value * 1e6)) * 1000);
  };
  bar.open = bar.close = price(close);
  bar.high = price(close * 1.01);
  bar.low = price(close * 0.99);
  bar.volume = base::Amount::From(price(volume));
  return bar;
}

// One bar a day from 1 January 2020.
inline std::vector<model::Bar> RandomWalk(size_t bars, uint64_t seed) {
  base::Random random(seed);
  std::vector<model::Bar> walk;
  double close = 100;
  for (size_t day = 0; day < bars; ++day) {
    close *= std::exp(0.02 * random.Normal());
    walk.push_back(DayBar(day, close, 1000 + 500 * random.Unit()));
  }
  return walk;
}

// The day after a rise falls and the day after a fall rises, nine times in ten: there is something to
// learn.
inline std::vector<model::Bar> ZigZag(size_t bars, uint64_t seed) {
  base::Random random(seed);
  std::vector<model::Bar> walk;
  double close = 100;
  bool up = true;
  for (size_t day = 0; day < bars; ++day) {
    up = random.Below(10) == 0 ? up : !up;
    const double step = 0.005 + 0.01 * random.Unit();
    close *= up ? 1 + step : 1 / (1 + step);
    walk.push_back(DayBar(day, close, 1000 + 500 * random.Unit()));
  }
  return walk;
}

}  // namespace livetape::jobs
