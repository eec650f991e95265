#pragma once

// Pacer: says when an event of a recorded or synthetic feed is due. One thread owns it.
//
// The first event is due at once and fixes the relation between feed time and real time, unless
// Begin has; an event d after it is due d / speed after that moment. Who falls behind finds events due at once until
// it has caught up: nothing is dropped, and lateness does not add up.

#include <chrono>
#include <optional>

#include "base/clock.h"

namespace livetape::market {

class Pacer {
 public:
  // Speed 1 is the feed's own, N is N times that, 0 as fast as possible; not negative, and finite.
  // `clock` outlives the pacer.
  Pacer(const base::Clock& clock, double speed);

  // `feed_time` is now: for a feed whose times are the wall's, however late it is asked first.
  void Begin(base::WallTime feed_time) {
    start_ = Start{feed_time, clock_.Mono()};
    wall_begin_ = clock_.Wall();
  }
  // The time of an event that is due. After Begin it follows the wall's clock ahead by whole steps of
  // a second and more, as when that is set or the machine has slept, and never back; else it is the
  // event's own.
  base::WallTime Stamp(base::WallTime event_time);

  // The feed begins again with this event: it is due a second of the feed's time after the newest that
  // was asked for, or sooner if their times say so.
  void BeginAgain(base::WallTime event_time);

  // How long to wait for the event; zero when it is due or overdue. At most a day: ask again then.
  std::chrono::nanoseconds UntilDue(base::WallTime event_time);
  // How long the event that was last asked for has been due: zero if it is not, or nothing ever is.
  std::chrono::nanoseconds late() const { return late_; }

 private:
  struct Start {
    base::WallTime event;
    base::MonoTime real;
  };
  const base::Clock& clock_;
  const double speed_;
  std::chrono::nanoseconds late_{};
  std::optional<Start> start_;
  std::optional<base::WallTime> wall_begin_;       // of a feed whose times are the wall's
  std::chrono::nanoseconds ahead_{0};              // of its own times
  base::WallTime newest_ = base::WallTime::min();  // asked for
};

}  // namespace livetape::market
