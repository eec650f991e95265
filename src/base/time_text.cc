#include "base/time_text.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <optional>

namespace livetape::base {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::nanoseconds;
using std::chrono::year_month_day;

struct Parts {
  year_month_day date;
  unsigned hour, minute, second, micros;
};

Parts Split(WallTime time) {
  const auto day = floor<days>(time);
  const int64_t ns = (time - day).count();
  const auto seconds = static_cast<unsigned>(ns / 1'000'000'000);
  return {year_month_day{day}, seconds / 3600, seconds / 60 % 60, seconds % 60,
          static_cast<unsigned>(ns % 1'000'000'000 / 1000)};
}

void AppendDigits(std::string& out, unsigned value, int width) {
  std::array<char, 10> digits;
  for (int i = width - 1; i >= 0; --i) {
    digits[static_cast<size_t>(i)] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  out.append(digits.data(), static_cast<size_t>(width));
}

// Takes exactly `width` digits off the front of `text`.
bool TakeDigits(std::string_view& text, size_t width, int& value) {
  if (text.size() < width) return false;
  value = 0;
  for (size_t i = 0; i < width; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(width);
  return true;
}

bool TakeChar(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

bool TakeFraction(std::string_view& text, int64_t& ns) {
  ns = 0;
  if (!TakeChar(text, '.')) return true;
  int64_t unit = 100'000'000;
  size_t digits = 0;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    if (++digits > 9) return false;
    ns += (text.front() - '0') * unit;
    unit /= 10;
    text.remove_prefix(1);
  }
  return digits > 0;
}

// `blank_is_plus`: a '+' that nobody has escaped in a query has become a space.
bool TakeOffset(std::string_view& text, bool blank_is_plus, int64_t& seconds) {
  seconds = 0;
  if (TakeChar(text, 'Z') || TakeChar(text, 'z')) return true;
  const bool plus = TakeChar(text, '+') || (blank_is_plus && TakeChar(text, ' '));
  const int sign = plus ? 1 : TakeChar(text, '-') ? -1 : 0;
  int hours = 0, minutes = 0;
  if (sign == 0 || !TakeDigits(text, 2, hours) || !TakeChar(text, ':') ||
      !TakeDigits(text, 2, minutes) || hours > 23 || minutes > 59) {
    return false;
  }
  seconds = sign * (hours * 3600 + minutes * 60);
  return true;
}

// The years that a WallTime holds as a whole.
constexpr int kFirstYear = 1678;
constexpr int kLastYear = 2261;

struct Parsed {
  WallTime time;   // the nearest that there is
  int beyond = 0;  // -1: the text names an earlier one; 1: a later one
};

std::optional<Parsed> Parse(std::string_view text, bool blank_is_plus) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  int64_t ns = 0, offset_s = 0;
  if (!TakeDigits(text, 4, year) || !TakeChar(text, '-') || !TakeDigits(text, 2, month) ||
      !TakeChar(text, '-') || !TakeDigits(text, 2, day)) {
    return std::nullopt;
  }
  const year_month_day date{std::chrono::year(year),
                            std::chrono::month(static_cast<unsigned>(month)),
                            std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  if (!text.empty()) {
    if (!TakeChar(text, 'T') && !TakeChar(text, 't') && !TakeChar(text, ' ')) return std::nullopt;
    if (!TakeDigits(text, 2, hour) || !TakeChar(text, ':') || !TakeDigits(text, 2, minute) ||
        !TakeChar(text, ':') || !TakeDigits(text, 2, second) || !TakeFraction(text, ns) ||
        !TakeOffset(text, blank_is_plus, offset_s) || !text.empty()) {
      return std::nullopt;
    }
    if (hour > 23 || minute > 59 || second > 60) return std::nullopt;
  }
  const auto new_year = [](int of) {
    return WallTime{std::chrono::sys_days{std::chrono::year(of) / std::chrono::January / 1}};
  };
  if (year < kFirstYear) return Parsed{new_year(kFirstYear), -1};
  if (year > kLastYear) return Parsed{new_year(kLastYear + 1) - nanoseconds(1), 1};
  const int64_t seconds = hour * 3600 + minute * 60 + second - offset_s;
  return Parsed{WallTime{std::chrono::sys_days{date}} + std::chrono::seconds(seconds) +
                nanoseconds(ns)};
}

std::unexpected<Error> NoTime(std::string_view text) {
  return Fail(fmt::format(
      "'{}' is not a time; expected RFC 3339 such as 2026-11-20T15:04:05Z, or a date", text));
}

}  // namespace

void AppendRfc3339(std::string& out, WallTime time) {
  const Parts p = Split(time);
  AppendDigits(out, static_cast<unsigned>(static_cast<int>(p.date.year())), 4);
  out += '-';
  AppendDigits(out, static_cast<unsigned>(p.date.month()), 2);
  out += '-';
  AppendDigits(out, static_cast<unsigned>(p.date.day()), 2);
  out += 'T';
  AppendDigits(out, p.hour, 2);
  out += ':';
  AppendDigits(out, p.minute, 2);
  out += ':';
  AppendDigits(out, p.second, 2);
  out += '.';
  AppendDigits(out, p.micros, 6);
  out += 'Z';
}

std::string FormatRfc3339(WallTime time) {
  std::string out;
  AppendRfc3339(out, time);
  return out;
}

Result<WallTime> ParseRfc3339(std::string_view text) {
  const auto parsed = Parse(text, false);
  if (!parsed || parsed->beyond != 0) return NoTime(text);
  return parsed->time;
}

Result<WallTime> ParseRfc3339Bound(std::string_view text) {
  const auto parsed = Parse(text, true);
  if (!parsed) return NoTime(text);
  return parsed->time;
}

std::string FormatAsctime(WallTime time) {
  static constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const Parts p = Split(time);
  const std::chrono::weekday weekday{floor<days>(time)};
  return fmt::format("{} {} {:2} {:02}:{:02}:{:02} {}", kDays[weekday.c_encoding()],
                     kMonths[static_cast<unsigned>(p.date.month()) - 1],
                     static_cast<unsigned>(p.date.day()), p.hour, p.minute, p.second,
                     static_cast<int>(p.date.year()));
}

}  // namespace livetape::base
