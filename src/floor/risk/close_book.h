#pragma once

// CloseBook: daily closes of every instrument, and what a portfolio would have returned on the days
// that its parts have in common (docs/risk.md). Part of the deterministic core; owned by the
// TradingFloor.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/clock.h"
#include "base/decimal.h"
#include "model/bar.h"
#include "model/instrument.h"

namespace livetape::floor {

inline constexpr size_t kReturnsMax = 252;  // the last so many count
inline constexpr size_t kReturnsMin = 20;   // with fewer nothing is said
inline constexpr size_t kClosesMax = 1000;  // kept of an instrument, the newest

struct DailyClose {
  int32_t day = 0;  // since 1970
  base::Price close;
};

// The day that a time is in, UTC.
inline int32_t DayOf(base::WallTime time) {
  return static_cast<int32_t>(
      std::chrono::floor<std::chrono::days>(time.time_since_epoch()).count());
}

// Of daily bars, ascending: those of days before `today`.
std::vector<DailyClose> ClosesOf(std::span<const model::Bar> bars, int32_t today);

class CloseBook {
 public:
  // The closes of an instrument by day, ascending, each positive, take the place of all that is known
  // of it.
  void Replace(model::InstrumentId instrument, std::span<const DailyClose> closes);
  // One more day, later than the others; otherwise nothing happens.
  void Add(model::InstrumentId instrument, const DailyClose& close);
  bool Knows(model::InstrumentId instrument) const;

  // Enough of them that it may count.
  bool Covers(model::InstrumentId instrument) const;
  // Changes with every change.
  uint64_t generation() const { return generation_; }

  // Returns of the last kReturnsMax days that all of these have in common, one row an instrument,
  // all of the same length, which may be 0. The instruments are covered.
  std::vector<std::vector<double>> CommonReturns(
      std::span<const model::InstrumentId> instruments) const;

 private:
  const std::vector<DailyClose>* Of(model::InstrumentId instrument) const;

  std::vector<std::vector<DailyClose>> closes_;  // by instrument
  uint64_t generation_ = 1;
};

}  // namespace livetape::floor
