#include "market/time_field.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

#include "base/time_text.h"

namespace livetape::market {
namespace {

using base::WallTime;
using std::chrono::nanoseconds;

bool AllDigits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Digits with an optional fraction: a count since 1970.
std::optional<WallTime> FromEpoch(std::string_view text) {
  const size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  int64_t count = 0;
  const auto [rest, code] = std::from_chars(whole.data(), whole.data() + whole.size(), count);
  if (code != std::errc()) return std::nullopt;
  int64_t unit = 1;  // in ns
  if (count < 100'000'000'000) {
    unit = 1'000'000'000;
  } else if (count < 100'000'000'000'000) {
    unit = 1'000'000;
  } else if (count < 100'000'000'000'000'000) {
    unit = 1'000;
  }
  int64_t ns = 0;
  if (__builtin_mul_overflow(count, unit, &ns)) return std::nullopt;
  if (point != std::string_view::npos) {
    const std::string_view fraction = text.substr(point + 1);
    if (!AllDigits(fraction)) return std::nullopt;
    for (const char digit : fraction) {
      if ((unit /= 10) == 0) break;  // finer than a nanosecond: cut
      if (__builtin_add_overflow(ns, (digit - '0') * unit, &ns)) return std::nullopt;
    }
  }
  return WallTime{nanoseconds(ns)};
}

// The RFC 3339 form of what is nearly one: a date without dashes gets them, a time of day without
// seconds or offset gets ":00" and "Z".
std::string Completed(std::string_view text) {
  std::string out(text);
  if (out.size() >= 8 && AllDigits(text.substr(0, 8)) && (out.size() == 8 || out[8] == ' ')) {
    out.insert(6, "-");
    out.insert(4, "-");
  }
  if (out.size() <= 10) return out;
  if (out.size() == 16) out += ":00";
  const bool offset = out.find_first_of("Zz+-", 11) != std::string::npos;
  if (!offset) out += 'Z';
  return out;
}

}  // namespace

bool InFeedRange(WallTime time) {
  using namespace std::chrono_literals;
  return time >= WallTime{} && time < WallTime{std::chrono::sys_days{2201y / 1 / 1}};
}

base::Result<WallTime> ParseTimeField(std::string_view text) {
  std::optional<WallTime> time;
  if (AllDigits(text.substr(0, text.find('.'))) && text.size() != 8) {
    time = FromEpoch(text);
  } else if (text.size() <= 40) {
    if (const auto parsed = base::ParseRfc3339(Completed(text))) time = *parsed;
  }
  if (!time || !InFeedRange(*time)) {
    return base::Fail(
        fmt::format("'{}' is not a time of the years 1970 to 2200; expected RFC 3339 such as "
                    "2026-11-20T15:04:05Z, a date, or a number of seconds, ms, us or ns since 1970",
                    text.substr(0, 64)));
  }
  return *time;
}

}  // namespace livetape::market
