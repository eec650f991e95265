#pragma once

// DayCursor: where the day of an account rolls in the simulated time of a backtest: at 00:00 UTC or,
// with the exchange's hours, at 16:00 New York on trading days. One thread owns it.

#include <optional>

#include "base/clock.h"
#include "market/sessions.h"

namespace livetape::jobs {

class DayCursor {
 public:
  explicit DayCursor(market::Hours hours) : sessions_(hours) {}

  // Times do not go backwards. True: since the last one the day has rolled, at rolled_at(); of
  // several rolls that is the newest.
  bool Enter(base::WallTime time) { return time >= next_ && Roll(time); }
  base::WallTime rolled_at() const { return rolled_at_; }

 private:
  bool Roll(base::WallTime time);
  base::WallTime NextSessionRoll(base::WallTime time) const;

  const market::Sessions sessions_;
  base::WallTime next_ = base::WallTime::min();
  base::WallTime rolled_at_;
};

}  // namespace livetape::jobs
