#pragma once

// NewYork: the time of day in New York, by the daylight-saving rules of the United States.
// Pure functions; they need no database of time zones (docs/decisions/0012-new-york-time.md).
//
// Standard time is UTC-5, daylight time UTC-4; both changes are at 02:00 of the clock that ends.
// Right from 1967 on; earlier years are taken as standard time all year. The rule in force since
// 2007 is taken to hold for ever.

#include <chrono>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace livetape::market {

// A date on the wall in New York, without a time zone.
using Day = std::chrono::local_days;

struct NewYorkTime {
  Day day;
  std::chrono::nanoseconds time_of_day;  // as the clock on the wall shows it, from 00:00
};

// What is added to UTC: minus five or minus four hours.
std::chrono::hours NewYorkOffset(base::WallTime time);

NewYorkTime ToNewYork(base::WallTime time);

// The moment at which New York's clock shows `time_of_day` (from 00:00 to under 24:00). Of the two
// moments in the hour that comes twice, the first; a time in the hour that is left out counts from
// the clock before the change, which is an hour later on the clock after it.
base::WallTime FromNewYork(Day day, std::chrono::minutes time_of_day);

// "2026-11-20T09:30:00-05:00"; with six decimals, cut, if there are microseconds to tell.
void AppendNewYorkRfc3339(std::string& out, base::WallTime time);

// "2026-11-20".
void AppendDay(std::string& out, Day day);

// "09:30", or what else is to stand in `between`.
void AppendClock(std::string& out, std::chrono::minutes time_of_day, std::string_view between);

}  // namespace livetape::market
