#pragma once

// The clock and the calendar of the exchange as Alpaca's clients read them. Pure functions.

#include <string>

#include "base/clock.h"
#include "market/calendar.h"
#include "market/sessions.h"

namespace livetape::api {

// {"timestamp","is_open","next_open","next_close"}, times with New York's offset.
std::string ClockJson(const market::Sessions& sessions, base::WallTime now);

// Which of a trading day's two dates is meant.
enum class CalendarDate { kTrading, kSettlement };

// [{"date","open","close","session_open","session_close","settlement_date"}] for the trading days
// whose date is in [first, last]; never beyond market::kCalendarFirst and kCalendarLast.
std::string CalendarJson(market::Day first, market::Day last, CalendarDate by);

}  // namespace livetape::api
