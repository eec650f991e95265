#pragma once

// Pace: when a job that runs is to say how far it has come, and whether it is to stop. One thread
// owns it; the stop may be asked for from any.

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <utility>

#include "base/clock.h"

namespace livetape::jobs {

class Pace {
 public:
  // At most one report in `interval`. `clock` outlives it.
  Pace(const base::Clock& clock, std::chrono::nanoseconds interval, std::stop_token stop)
      : clock_(clock), interval_(interval), stop_(std::move(stop)), last_(clock.Mono()) {}

  // To be asked after each small piece of work: one read of memory.
  bool stopped() const { return stop_.stop_requested(); }

  // Is a report due? Reads the clock on one call of kCallsPerLook only, so that it may be asked after
  // each small piece of work.
  bool Due() {
    if (++calls_ % kCallsPerLook != 0) return false;
    const base::MonoTime now = clock_.Mono();
    if (now - last_ < interval_) return false;
    last_ = now;
    return true;
  }

 private:
  static constexpr uint32_t kCallsPerLook = 64;

  const base::Clock& clock_;
  const std::chrono::nanoseconds interval_;
  const std::stop_token stop_;
  base::MonoTime last_;
  uint32_t calls_ = 0;
};

}  // namespace livetape::jobs
