#include "api/alpaca_data/session_json.h"

#include <algorithm>
#include <string_view>

#include "market/new_york.h"

namespace livetape::api {
namespace {

using market::Day;
using std::chrono::days;
using std::chrono::minutes;

// Trading before and after the regular session; on short days it ends three hours earlier too.
constexpr minutes kExtendedOpen{4 * 60};
constexpr minutes kExtendedAfterClose{4 * 60};

// A trade is settled within this many days of the calendar.
constexpr days kSettlementMost{14};

void AppendTime(std::string& out, std::string_view name, base::WallTime time) {
  out += ",\"";
  out += name;
  out += "\":\"";
  market::AppendNewYorkRfc3339(out, time);
  out += '"';
}

void AppendTradingDay(std::string& out, Day day, minutes close, Day settlement) {
  out += out.back() == '[' ? "{\"date\":\"" : ",{\"date\":\"";
  market::AppendDay(out, day);
  out += "\",\"open\":\"";
  market::AppendClock(out, market::kNyseOpen, ":");
  out += "\",\"close\":\"";
  market::AppendClock(out, close, ":");
  out += "\",\"session_open\":\"";
  market::AppendClock(out, kExtendedOpen, "");
  out += "\",\"session_close\":\"";
  market::AppendClock(out, close + kExtendedAfterClose, "");
  out += "\",\"settlement_date\":\"";
  market::AppendDay(out, settlement);
  out += "\"}";
}

}  // namespace

std::string ClockJson(const market::Sessions& sessions, base::WallTime now) {
  std::string out = "{\"timestamp\":\"";
  market::AppendNewYorkRfc3339(out, now);
  out += sessions.IsOpen(now) ? "\",\"is_open\":true" : "\",\"is_open\":false";
  AppendTime(out, "next_open", sessions.NextOpen(now));
  AppendTime(out, "next_close", sessions.NextClose(now));
  out += '}';
  return out;
}

std::string CalendarJson(Day first, Day last, CalendarDate by) {
  const bool settled = by == CalendarDate::kSettlement;
  const Day from = std::max(first, market::kCalendarFirst);
  const Day to = std::min(last, market::kCalendarLast);
  std::string out = "[";
  for (Day day = settled ? from - kSettlementMost : from; day <= to; day += days(1)) {
    const auto close = market::NyseCloseOf(day);
    if (!close) continue;
    const Day settlement = market::SettlementDay(day);
    if (settled && (settlement < from || settlement > to)) continue;
    AppendTradingDay(out, day, *close, settlement);
  }
  return out + "]";
}

}  // namespace livetape::api
