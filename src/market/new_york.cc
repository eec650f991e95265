#include "market/new_york.h"

#include <array>

namespace livetape::market {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::month;
using std::chrono::Sunday;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

constexpr hours kStandard{-5};
constexpr hours kDaylight{-4};

// The Sunday of a month at which a change is: its number from 1, or the last one.
struct ChangeDay {
  month in;
  unsigned sunday = 0;  // 0: the last
};

// Uniform Time Act of 1966, its amendment of 1986, Energy Policy Act of 2005.
struct Rule {
  int since;
  ChangeDay start, end;
};
constexpr std::array kRules = {
    Rule{2007, {std::chrono::March, 2}, {std::chrono::November, 1}},
    Rule{1987, {std::chrono::April, 1}, {std::chrono::October, 0}},
    Rule{1967, {std::chrono::April, 0}, {std::chrono::October, 0}},
};

sys_days DayOf(int in_year, ChangeDay change) {
  if (change.sunday == 0) return sys_days{year(in_year) / change.in / Sunday[std::chrono::last]};
  return sys_days{year(in_year) / change.in / Sunday[change.sunday]};
}

sys_days StartDay(int in_year, const Rule& rule) {
  // The two winters of the oil embargo.
  if (in_year == 1974) return sys_days{year(1974) / 1 / 6};
  if (in_year == 1975) return sys_days{year(1975) / 2 / 23};
  return DayOf(in_year, rule.start);
}

// By hand: a calendar has tens of thousands of dates.
void AppendDigits(std::string& out, unsigned value, size_t width) {
  const size_t begin = out.size();
  out.append(width, '0');
  for (size_t at = begin + width; at > begin; value /= 10) {
    out[--at] = static_cast<char>('0' + value % 10);
  }
}

}  // namespace

hours NewYorkOffset(base::WallTime time) {
  const int in_year = static_cast<int>(year_month_day{floor<days>(time)}.year());
  for (const Rule& rule : kRules) {
    if (in_year < rule.since) continue;
    // 02:00 of the clock that ends, in UTC.
    const base::WallTime start = StartDay(in_year, rule) + hours(2) - kStandard;
    const base::WallTime end = DayOf(in_year, rule.end) + hours(2) - kDaylight;
    return time >= start && time < end ? kDaylight : kStandard;
  }
  return kStandard;
}

NewYorkTime ToNewYork(base::WallTime time) {
  const auto local = time.time_since_epoch() + NewYorkOffset(time);
  const auto day = floor<days>(local);
  return {Day(day), local - day};
}

base::WallTime FromNewYork(Day day, std::chrono::minutes time_of_day) {
  const base::WallTime as_utc = sys_days(day.time_since_epoch()) + time_of_day;
  const base::WallTime daylight = as_utc - kDaylight;
  return NewYorkOffset(daylight) == kDaylight ? daylight : as_utc - kStandard;
}

void AppendDay(std::string& out, Day day) {
  const year_month_day date{day};
  AppendDigits(out, static_cast<unsigned>(static_cast<int>(date.year())), 4);
  out += '-';
  AppendDigits(out, static_cast<unsigned>(date.month()), 2);
  out += '-';
  AppendDigits(out, static_cast<unsigned>(date.day()), 2);
}

void AppendClock(std::string& out, std::chrono::minutes time_of_day, std::string_view between) {
  AppendDigits(out, static_cast<unsigned>(time_of_day.count() / 60), 2);
  out += between;
  AppendDigits(out, static_cast<unsigned>(time_of_day.count() % 60), 2);
}

void AppendNewYorkRfc3339(std::string& out, base::WallTime time) {
  const NewYorkTime local = ToNewYork(time);
  const auto minute = floor<std::chrono::minutes>(local.time_of_day);
  const auto micros = static_cast<unsigned>((local.time_of_day - minute).count() / 1000);
  AppendDay(out, local.day);
  out += 'T';
  AppendClock(out, minute, ":");
  out += ':';
  AppendDigits(out, micros / 1'000'000, 2);
  if (micros % 1'000'000 != 0) {
    out += '.';
    AppendDigits(out, micros % 1'000'000, 6);
  }
  out += NewYorkOffset(time) == kDaylight ? "-04:00" : "-05:00";
}

}  // namespace livetape::market
