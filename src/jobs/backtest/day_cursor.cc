#include "jobs/backtest/day_cursor.h"

#include <chrono>

namespace livetape::jobs {

using market::SessionEventKind;

bool DayCursor::Roll(base::WallTime time) {
  const bool first = next_ == base::WallTime::min();
  if (sessions_.hours() == market::Hours::kAlways) {
    rolled_at_ = std::chrono::floor<std::chrono::days>(time);
    next_ = rolled_at_ + std::chrono::days(1);
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
