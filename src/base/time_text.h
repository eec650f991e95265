#pragma once

// Times as text: RFC 3339 in UTC with microseconds, as the wire contract writes every time, and
// the C library's asctime form of the clock stream. Pure functions.

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace livetape::base {

// "2026-11-20T15:04:05.123456Z"; nanoseconds are cut, not rounded. Years 0000 to 9999.
std::string FormatRfc3339(WallTime time);
// The same, appended: for hot paths.
void AppendRfc3339(std::string& out, WallTime time);

// Reads RFC 3339 with any offset and 0 to 9 fractional digits, and a bare date ("2026-11-20",
// midnight UTC). The error says what form is expected.
Result<WallTime> ParseRfc3339(std::string_view text);
// The same for one end of a span, as a query brings it: a year that no WallTime can hold ("always"
// before 1678, "never" from 2262 on) is the nearest time, and the + of an offset may be a space.
Result<WallTime> ParseRfc3339Bound(std::string_view text);

// "Fri Nov 20 15:04:05 2026", UTC.
std::string FormatAsctime(WallTime time);

}  // namespace livetape::base
