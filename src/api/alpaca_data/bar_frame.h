#pragma once

// BarFrame: a timeframe in Alpaca's spelling, and where its buckets begin. Pure functions.
//
// Buckets of seconds, minutes and hours are counted from 00:00 UTC of each day, so the last one of a
// day is shorter where the day is no multiple of them; weeks begin on Monday, months are counted
// from January, all in UTC.

#include <cstdint>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "model/bar.h"

namespace livetape::api {

enum class BarUnit : uint8_t { kSecond, kMinute, kHour, kDay, kWeek, kMonth };

struct BarFrame {
  unsigned count = 1;
  BarUnit unit = BarUnit::kMinute;

  friend bool operator==(const BarFrame&, const BarFrame&) = default;
};

// "1Min" to "59Min" (or T), "1Hour" to "23Hour" (H), "1Day" (D), "1Week" (W), 1, 2, 3, 4, 6 or 12
// "Month" (M), and ours: "1Sec" (S). The error names what is allowed.
base::Result<BarFrame> ParseBarFrame(std::string_view text);

// The longest timeframe kept of which bars of `frame` can be made.
model::Timeframe SourceOf(BarFrame frame);

// The start of the bucket that `time` is in, and of the one after it. Times from 1678 to 2261.
base::WallTime BucketStart(BarFrame frame, base::WallTime time);
base::WallTime NextBucketStart(BarFrame frame, base::WallTime time);

}  // namespace livetape::api
