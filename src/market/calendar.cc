#include "market/calendar.h"

#include <algorithm>
#include <array>

namespace livetape::market {
namespace {

using std::chrono::days;
using std::chrono::Friday;
using std::chrono::minutes;
using std::chrono::Monday;
using std::chrono::month;
using std::chrono::Saturday;
using std::chrono::Sunday;
using std::chrono::Thursday;
using std::chrono::Tuesday;
using std::chrono::Wednesday;
using std::chrono::weekday;
using std::chrono::year;
using std::chrono::year_month_day;

constexpr Day DateOf(int in_year, unsigned in_month, unsigned day) {
  return Day{year(in_year) / month(in_month) / std::chrono::day(day)};
}

// Days on which the exchange did not open although no rule says so.
constexpr std::array kClosings = {
    DateOf(1994, 4, 27),                                              // mourning: Nixon
    DateOf(2001, 9, 11),  DateOf(2001, 9, 12),  DateOf(2001, 9, 13),  // the attacks
    DateOf(2001, 9, 14),  DateOf(2004, 6, 11),                        // mourning: Reagan
    DateOf(2007, 1, 2),                                               // mourning: Ford
    DateOf(2012, 10, 29), DateOf(2012, 10, 30),                       // hurricane Sandy
    DateOf(2018, 12, 5),                                              // mourning: G. H. W. Bush
    DateOf(2025, 1, 9),                                               // mourning: Carter
};

// Announced early closes that no rule says.
constexpr std::array kEarlyCloses = {DateOf(1997, 12, 26), DateOf(1999, 12, 31),
                                     DateOf(2003, 12, 26)};

// Sunday of Easter in the Gregorian calendar (Meeus, Jones, Butcher).
Day Easter(int in_year) {
  const int a = in_year % 19, b = in_year / 100, c = in_year % 100;
  const int d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
  const int h = (19 * a + b - d - g + 15) % 30, i = c / 4, k = c % 4;
  const int l = (32 + 2 * e + 2 * i - h - k) % 7, m = (a + 11 * h + 22 * l) / 451;
  const int sum = h + l - 7 * m + 114;
  return DateOf(in_year, static_cast<unsigned>(sum / 31), static_cast<unsigned>(sum % 31 + 1));
}

// A holiday that falls on a Saturday is kept on the Friday before, on a Sunday on the Monday after.
Day Observed(Day holiday) {
  const weekday on{holiday};
  if (on == Saturday) return holiday - days(1);
  if (on == Sunday) return holiday + days(1);
  return holiday;
}

Day Thanksgiving(year in_year) { return Day{in_year / std::chrono::November / Thursday[4]}; }

// `day` is no Saturday or Sunday.
bool IsHoliday(Day day) {
  const year_month_day date{day};
  const year y = date.year();
  const int number = static_cast<int>(y);
  switch (static_cast<unsigned>(date.month())) {
    case 1:
      // On a Saturday it is not kept at all: the Friday before ends the year's books.
      if (day == DateOf(number, 1, 1)) return true;
      if (day == DateOf(number, 1, 2) && weekday{day} == Monday) return true;
      return number >= 1998 && day == Day{y / 1 / Monday[3]};  // Martin Luther King
    case 2:
      return day == Day{y / 2 / Monday[3]};  // Washington
    case 3:
    case 4:
      return day == Easter(number) - days(2);
    case 5:
      return day == Day{y / 5 / Monday[std::chrono::last]};  // Memorial
    case 6:
      return number >= 2022 && day == Observed(DateOf(number, 6, 19));
    case 7:
      return day == Observed(DateOf(number, 7, 4));
    case 9:
      return day == Day{y / 9 / Monday[1]};  // Labor
    case 11:
      return day == Thanksgiving(y);
    case 12:
      return day == Observed(DateOf(number, 12, 25));
    default:
      return false;
  }
}

// `day` is a trading day around the 4th of July.
bool IsShortForIndependence(Day day, int in_year) {
  if (in_year < 1995) return false;
  const weekday on{day};
  const Day fourth = DateOf(in_year, 7, 4);
  if (day == fourth - days(1)) {
    // Before a Thursday the exchange used to give the Friday after instead.
    return on == Monday || on == Tuesday || on == Thursday || (on == Wednesday && in_year >= 2013);
  }
  return day == fourth + days(1) && on == Friday && in_year < 2013;
}

// `day` is a trading day.
minutes CloseOf(Day day) {
  const year_month_day date{day};
  const int in_year = static_cast<int>(date.year());
  const Day after_thanksgiving = Thanksgiving(date.year()) + days(1);
  const bool christmas_eve = day == DateOf(in_year, 12, 24);
  if (in_year < 1993) {
    const bool early = christmas_eve || (day == after_thanksgiving && in_year == 1992);
    return early ? minutes(14 * 60) : kNyseClose;
  }
  const bool early = christmas_eve || day == after_thanksgiving ||
                     IsShortForIndependence(day, in_year) ||
                     std::ranges::find(kEarlyCloses, day) != kEarlyCloses.end();
  return early ? kNyseEarlyClose : kNyseClose;
}

}  // namespace

std::optional<minutes> NyseCloseOf(Day day) {
  const weekday on{day};
  if (on == Saturday || on == Sunday || IsHoliday(day)) return std::nullopt;
  if (std::ranges::find(kClosings, day) != kClosings.end()) return std::nullopt;
  return CloseOf(day);
}

Day NextTradingDay(Day day) {
  do {
    day += days(1);
  } while (!IsTradingDay(day));
  return day;
}

Day PreviousTradingDay(Day day) {
  do {
    day -= days(1);
  } while (!IsTradingDay(day));
  return day;
}

Day SettlementDay(Day day) {
  const int later = day >= DateOf(2024, 5, 28)  ? 1
                    : day >= DateOf(2017, 9, 5) ? 2
                    : day >= DateOf(1995, 6, 7) ? 3
                                                : 5;
  for (int i = 0; i < later; ++i) day = NextTradingDay(day);
  return day;
}

}  // namespace livetape::market
