#pragma once

// Rate: how fast a job goes and how long it still takes. One thread owns a meter.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace livetape::jobs {

struct Rate {
  uint64_t done = 0;
  std::optional<uint64_t> total;
  double percent = 0;                    // 0 while the total is not known
  double per_second = 0;                 // since the beginning
  std::optional<double> seconds_left{};  // nothing: not known yet
};

class RateMeter {
 public:
  explicit RateMeter(const base::Clock& clock) : clock_(clock), began_(clock.Mono()) {}

  Rate At(uint64_t done, std::optional<uint64_t> total) const {
    Rate rate{.done = done, .total = total};
    const double seconds = std::chrono::duration<double>(clock_.Mono() - began_).count();
    if (seconds > 0) rate.per_second = static_cast<double>(done) / seconds;
    if (!total || *total == 0) return rate;
    const double part = static_cast<double>(done) / static_cast<double>(*total);
    rate.percent = 100 * std::min(1.0, part);
    if (done > 0) rate.seconds_left = seconds * std::max(0.0, 1 / part - 1);
    return rate;
  }

 private:
  const base::Clock& clock_;
  const base::MonoTime began_;
};

// "1200000 of 5000000 bars, 400000 bars/s, 10 s left"
inline std::string RateText(const Rate& rate, std::string_view unit) {
  std::string text = rate.total ? fmt::format("{} of {} {}", rate.done, *rate.total, unit)
                                : fmt::format("{} {}", rate.done, unit);
  text += fmt::format(", {:.0f} {}/s", rate.per_second, unit);
  if (rate.seconds_left) text += fmt::format(", {:.0f} s left", *rate.seconds_left);
  return text;
}

// "rate":400000,"rate_unit":"bars/s","time_left_s":10.0
inline std::string RateMembers(const Rate& rate, std::string_view unit) {
  std::string members = fmt::format(R"("rate":{:.0f},"rate_unit":"{}/s")", rate.per_second, unit);
  if (rate.seconds_left) members += fmt::format(R"(,"time_left_s":{:.1f})", *rate.seconds_left);
  return members;
}

}  // namespace livetape::jobs
