#include "api/alpaca_data/bar_frame.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <optional>
#include <vector>

namespace livetape::api {
namespace {

using base::WallTime;
using std::chrono::days;
using std::chrono::floor;
using std::chrono::months;
using std::chrono::nanoseconds;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::year_month_day;

struct UnitText {
  std::string_view name, letter;
  BarUnit unit;
};
constexpr std::array kUnits = {
    UnitText{"Sec", "S", BarUnit::kSecond}, UnitText{"Min", "T", BarUnit::kMinute},
    UnitText{"Hour", "H", BarUnit::kHour},  UnitText{"Day", "D", BarUnit::kDay},
    UnitText{"Week", "W", BarUnit::kWeek},  UnitText{"Month", "M", BarUnit::kMonth},
};

bool Allowed(unsigned count, BarUnit unit) {
  switch (unit) {
    case BarUnit::kMinute:
      return count >= 1 && count <= 59;
    case BarUnit::kHour:
      return count >= 1 && count <= 23;
    case BarUnit::kMonth:
      return count >= 1 && count <= 12 && 12 % count == 0;
    case BarUnit::kSecond:
    case BarUnit::kDay:
    case BarUnit::kWeek:
      break;
  }
  return count == 1;
}

std::optional<BarFrame> Parse(std::string_view text) {
  unsigned count = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, code] = std::from_chars(text.data(), end, count);
  if (code != std::errc()) return std::nullopt;
  const std::string_view name(rest, end);
  for (const UnitText& unit : kUnits) {
    if (name != unit.name && name != unit.letter) continue;
    if (!Allowed(count, unit.unit)) return std::nullopt;
    return BarFrame{count, unit.unit};
  }
  return std::nullopt;
}

// Of the units that are shorter than a day.
nanoseconds LengthInDay(BarFrame frame) {
  const seconds unit(frame.unit == BarUnit::kHour ? 3600 : frame.unit == BarUnit::kMinute ? 60 : 1);
  return frame.count * unit;
}

}  // namespace

base::Result<BarFrame> ParseBarFrame(std::string_view text) {
  if (const auto frame = Parse(text)) return *frame;
  return base::Fail(
      fmt::format("invalid timeframe: '{}' is not one of 1Min to 59Min, 1Hour to 23Hour, 1Day, "
                  "1Week, 1Month, 2Month, 3Month, 4Month, 6Month, 12Month, 1Sec",
                  text));
}

model::Timeframe SourceOf(BarFrame frame) {
  switch (frame.unit) {
    case BarUnit::kSecond:
      return model::Timeframe::k1s;
    case BarUnit::kMinute:
      // These lengths divide an hour, so buckets counted from midnight begin with one of theirs.
      return frame.count % 15 == 0  ? model::Timeframe::k15m
             : frame.count % 5 == 0 ? model::Timeframe::k5m
                                    : model::Timeframe::k1m;
    case BarUnit::kHour:
      return model::Timeframe::k1h;
    case BarUnit::kDay:
    case BarUnit::kWeek:
    case BarUnit::kMonth:
      break;
  }
  return model::Timeframe::k1d;
}

WallTime BucketStart(BarFrame frame, WallTime time) {
  const sys_days day = floor<days>(time);
  switch (frame.unit) {
    case BarUnit::kSecond:
    case BarUnit::kMinute:
    case BarUnit::kHour:
      break;
    case BarUnit::kDay:
      return day;
    case BarUnit::kWeek:
      return day - (std::chrono::weekday(day) - std::chrono::Monday);
    case BarUnit::kMonth: {
      const year_month_day date{day};
      const unsigned month = static_cast<unsigned>(date.month()) - 1;
      return sys_days{date.year() / std::chrono::month(month - month % frame.count + 1) / 1};
    }
  }
  const nanoseconds length = LengthInDay(frame), into = time - day;
  return day + into / length * length;
}

WallTime NextBucketStart(BarFrame frame, WallTime time) {
  const WallTime start = BucketStart(frame, time);
  switch (frame.unit) {
    case BarUnit::kSecond:
    case BarUnit::kMinute:
    case BarUnit::kHour:
      break;
    case BarUnit::kDay:
      return start + days(1);
    case BarUnit::kWeek:
      return start + days(7);
    case BarUnit::kMonth: {
      const year_month_day date{floor<days>(start)};
      return sys_days{date + months(static_cast<int>(frame.count))};
    }
  }
  const sys_days day = floor<days>(start);
  return std::min<WallTime>(start + LengthInDay(frame), day + days(1));
}

}  // namespace livetape::api
