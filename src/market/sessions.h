#pragma once

// Sessions: when the market opens and closes and the day of all accounts rolls, by market.hours
// (docs/trading.md, "Prices, clocks, days"). Immutable; any thread. SessionCursor walks along them; one thread owns it.
//
// Always: nothing opens or closes; the day rolls at each 00:00 UTC. Exchange: on each trading day of
// the New York Stock Exchange opens at 09:30, closes at 16:00 or on half days at 13:00, and rolls at
// 16:00, all New York's time. What happens at one moment comes in the order of SessionEventKind, so
// that the day rolls over a closed market.

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>

#include "base/clock.h"

namespace livetape::market {

enum class Hours : uint8_t { kAlways, kExchange };

enum class SessionEventKind : uint8_t { kOpen, kClose, kDayRoll };

struct SessionAt {
  base::WallTime time;
  SessionEventKind kind = SessionEventKind::kDayRoll;

  friend auto operator<=>(const SessionAt&, const SessionAt&) = default;
};

class Sessions {
 public:
  explicit Sessions(Hours hours) : hours_(hours) {}

  Hours hours() const { return hours_; }

  // The first event later than `time`, or the one that follows `event`, which need not be one. From
  // December 2261 on, where nanoseconds end, there is none: its time is WallTime::max().
  SessionAt NextAfter(base::WallTime time) const {
    return NextAfter({time, SessionEventKind::kDayRoll});
  }
  SessionAt NextAfter(const SessionAt& event) const;

  // Does us_equity trade? From the moment of opening to just before that of closing.
  bool IsOpen(base::WallTime time) const;
  // The first ones later than `time`. Always: the next 00:00 UTC for both, where a day of trading
  // ends and the next begins.
  base::WallTime NextOpen(base::WallTime time) const;
  base::WallTime NextClose(base::WallTime time) const;
  // The newest event of that kind that is not later than `time`; nothing if none was within the two
  // weeks before it.
  std::optional<base::WallTime> Last(SessionEventKind kind, base::WallTime time) const;

 private:
  base::WallTime Next(SessionEventKind kind, base::WallTime time) const;

  const Hours hours_;
};

// Invariants:
//  1. Events are given in order, each at most once; none that was due at the start.
//  2. open() is what the last event given, or else the start, says.
class SessionCursor {
 public:
  // A clock that jumps further than this past the next event makes it catch up: of all that came to
  // pass it tells the newest event of each kind.
  static constexpr std::chrono::days kJump{7};

  // `sessions` outlives it.
  SessionCursor(const Sessions& sessions, base::WallTime start);

  // The next event that is not later than `now`, if there is one. To be called until there is none.
  std::optional<SessionAt> TakeUntil(base::WallTime now);
  // When there will be one.
  base::WallTime next() const { return next_.time; }
  bool open() const { return open_; }

 private:
  void CatchUp(base::WallTime now);

  const Sessions& sessions_;
  SessionAt next_;
  bool open_;
};

}  // namespace livetape::market
