#include "market/sessions.h"

#include <algorithm>
#include <array>
#include <vector>

#include "market/calendar.h"
#include "market/new_york.h"

namespace livetape::market {
namespace {

using base::WallTime;
using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year;

// Room on both sides for a time zone and for the longest row of days without a session.
constexpr WallTime kFirst{sys_days{year(1678) / 1 / 1}};
constexpr WallTime kLast{sys_days{year(2261) / 12 / 1}};

// The three of a trading day, in order.
std::array<SessionAt, 3> EventsOf(Day day, std::chrono::minutes close) {
  return {{{FromNewYork(day, kNyseOpen), SessionEventKind::kOpen},
           {FromNewYork(day, close), SessionEventKind::kClose},
           {FromNewYork(day, kNyseClose), SessionEventKind::kDayRoll}}};
}

SessionAt NextOfExchange(const SessionAt& event) {
  Day day = ToNewYork(event.time).day;
  while (true) {
    if (const auto close = NyseCloseOf(day)) {
      for (const SessionAt& found : EventsOf(day, *close)) {
        if (found > event) return found;
      }
    }
    day += days(1);
  }
}

}  // namespace

SessionAt Sessions::NextAfter(const SessionAt& event) const {
  if (event.time >= kLast) return {WallTime::max(), SessionEventKind::kDayRoll};
  if (event.time < kFirst) return NextAfter({kFirst, SessionEventKind::kOpen});
  if (hours_ == Hours::kExchange) return NextOfExchange(event);
  const SessionAt today{std::chrono::floor<days>(event.time), SessionEventKind::kDayRoll};
  return today > event ? today : SessionAt{today.time + days(1), SessionEventKind::kDayRoll};
}

bool Sessions::IsOpen(WallTime time) const {
  if (hours_ == Hours::kAlways) return true;
  if (time < kFirst || time >= kLast) return false;
  const Day day = ToNewYork(time).day;
  const auto close = NyseCloseOf(day);
  return close && time >= FromNewYork(day, kNyseOpen) && time < FromNewYork(day, *close);
}

WallTime Sessions::NextOpen(WallTime time) const { return Next(SessionEventKind::kOpen, time); }

WallTime Sessions::NextClose(WallTime time) const { return Next(SessionEventKind::kClose, time); }

WallTime Sessions::Next(SessionEventKind kind, WallTime time) const {
  SessionAt next = NextAfter(time);
  if (hours_ == Hours::kAlways) return next.time;
  while (next.kind != kind && next.time < WallTime::max()) next = NextAfter(next);
  return next.time;
}

std::optional<WallTime> Sessions::Last(SessionEventKind kind, WallTime time) const {
  if (hours_ == Hours::kAlways && kind != SessionEventKind::kDayRoll) return std::nullopt;
  std::optional<WallTime> last;
  for (WallTime next = Next(kind, time - std::chrono::weeks(2)); next <= time;
       next = Next(kind, next)) {
    last = next;
  }
  return last;
}

SessionCursor::SessionCursor(const Sessions& sessions, WallTime start)
    : sessions_(sessions), next_(sessions.NextAfter(start)), open_(sessions.IsOpen(start)) {}

std::optional<SessionAt> SessionCursor::TakeUntil(WallTime now) {
  if (now < next_.time || next_.time == WallTime::max()) return std::nullopt;
  if (now - kJump > next_.time) CatchUp(now);
  const SessionAt taken = next_;
  if (taken.kind != SessionEventKind::kDayRoll) open_ = taken.kind == SessionEventKind::kOpen;
  next_ = sessions_.NextAfter(taken);
  return taken;
}

// The kinds come in turns, so the newest of each are the newest few.
void SessionCursor::CatchUp(WallTime now) {
  const size_t kinds = sessions_.hours() == Hours::kAlways ? 1 : 3;
  // No three events are further apart: the longest row of days without a session had six.
  const WallTime from = std::min(now, kLast) - 2 * kJump;
  SessionAt event = from > next_.time ? sessions_.NextAfter(from) : next_;
  std::vector<SessionAt> newest;
  for (; event.time <= now && event.time < WallTime::max(); event = sessions_.NextAfter(event)) {
    newest.push_back(event);
  }
  next_ = newest[newest.size() - std::min(kinds, newest.size())];
}

}  // namespace livetape::market
