#pragma once

// Times of a CSV feed. Pure functions.

#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace livetape::market {

// Accepts, all in UTC unless an offset is written:
//   RFC 3339 ("2026-11-20T15:04:05.5Z"), also with a space and without an offset or seconds;
//   a date ("2026-11-20" or "20261120"), alone (midnight) or before a time of day
//   ("20261120 15:04");
//   a number: seconds (up to 9 decimals), milliseconds, microseconds or nanoseconds since 1970,
//   told apart by size: below 10^11, 10^14, 10^17, above. Eight digits are a date.
// Years 1970 to 2200, so that a looped feed has room. The error says what is expected.
base::Result<base::WallTime> ParseTimeField(std::string_view text);

// False when `time` is outside the years 1970 to 2200.
bool InFeedRange(base::WallTime time);

}  // namespace livetape::market
