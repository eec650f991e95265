#include "jobs/backtest/day_cursor.h"

#include <chrono>

namespace livetape::jobs {

using market::SessionEventKind;

bool DayCursor::Roll(base::WallTime time) {
  const bool first = next_ == base::WallTime::min();
  if (sessions_.hours() == market::Hours::kAlways) {
    constexpr auto kDay = std::chrono::days(1);
    // Mostly it is the next one.
    const bool next = !first && time - next_ < kDay;
    rolled_at_ = next ? next_ : std::chrono::floor<std::chrono::days>(time);
    next_ = rolled_at_ + kDay;
    return !first;
  }
  // No holidays are longer than the two weeks that Last looks back.
  rolled_at_ = sessions_.Last(SessionEventKind::kDayRoll, time).value_or(time);
  next_ = NextSessionRoll(time);
  return !first;
}

base::WallTime DayCursor::NextSessionRoll(base::WallTime time) const {
  market::SessionAt event = sessions_.NextAfter(time);
  while (event.kind != SessionEventKind::kDayRoll && event.time != base::WallTime::max()) {
    event = sessions_.NextAfter(event);
  }
  return event.time;
}

}  // namespace livetape::jobs
