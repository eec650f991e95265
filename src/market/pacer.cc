#include "market/pacer.h"

#include <algorithm>
#include <cmath>

#include "base/assert.h"

namespace livetape::market {

Pacer::Pacer(const base::Clock& clock, double speed) : clock_(clock), speed_(speed) {
  LT_ASSERT(std::isfinite(speed) && speed >= 0, "speed {}", speed);
}

base::WallTime Pacer::Stamp(base::WallTime event_time) {
  if (!wall_begin_) return event_time;
  constexpr std::chrono::seconds kStep{1};
  const auto moved = (clock_.Wall() - *wall_begin_) - (clock_.Mono() - start_->real);
  if (moved > ahead_ + kStep) ahead_ = moved;
  return event_time + ahead_;
}

void Pacer::BeginAgain(base::WallTime event_time) {
  if (!start_ || newest_ == base::WallTime::min()) return;
  constexpr std::chrono::seconds kPause{1};
  const base::WallTime due = newest_ + kPause;
  if (event_time > due) start_->event += event_time - due;
}

std::chrono::nanoseconds Pacer::UntilDue(base::WallTime event_time) {
  using std::chrono::nanoseconds;
  if (speed_ == 0) return nanoseconds(0);
  const base::MonoTime now = clock_.Mono();
  if (!start_) start_ = Start{event_time, now};
  newest_ = std::max(newest_, event_time);
  // A long double holds all 63 bits of a difference exactly.
  const auto feed = static_cast<long double>((event_time - start_->event).count());
  const auto real = static_cast<long double>((now - start_->real).count());
  const long double wait = feed / static_cast<long double>(speed_) - real;
  constexpr nanoseconds kDay = std::chrono::days(1);
  late_ = nanoseconds(
      static_cast<int64_t>(std::clamp(-wait, 0.0L, static_cast<long double>(kDay.count()))));
  if (wait <= 0) return nanoseconds(0);
  if (wait >= static_cast<long double>(kDay.count())) return kDay;
  return nanoseconds(static_cast<int64_t>(std::ceil(wait)));
}

}  // namespace livetape::market
