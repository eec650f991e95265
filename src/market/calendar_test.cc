#include "market/calendar.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/time_text.h"
#include "market/shared_recordings.h"

namespace livetape::market {
namespace {

using std::chrono::days;
using std::chrono::year;

Day DayAt(std::string_view text) {
  return Day(std::chrono::floor<days>(*base::ParseRfc3339(text)).time_since_epoch());
}
std::string TextOf(Day day) {
  std::string text;
  AppendDay(text, day);
  return text;
}

struct Year {
  std::vector<std::string> closed;  // weekdays without a session, as "06-19"
  std::vector<std::string> half;    // until 13:00
  int trading_days = 0;
};
Year Walk(int number) {
  Year found;
  for (Day day{year(number) / 1 / 1}; day < Day{year(number + 1) / 1 / 1}; day += days(1)) {
    const auto close = NyseCloseOf(day);
    const std::chrono::weekday on{day};
    const bool weekend = on == std::chrono::Saturday || on == std::chrono::Sunday;
    EXPECT_FALSE(weekend && close) << TextOf(day);
    if (!close && !weekend) found.closed.push_back(TextOf(day).substr(5));
    if (close == kNyseEarlyClose) found.half.push_back(TextOf(day).substr(5));
    if (close) ++found.trading_days;
  }
  return found;
}

using Days = std::vector<std::string>;

// The lists that the exchange published for these years.
TEST(Calendar, YearsAreAsTheExchangeAnnouncedThem) {
  struct Known {
    int year;
    Days closed, half;
  };
  const Known years[] = {
      {2021,
       {"01-01", "01-18", "02-15", "04-02", "05-31", "07-05", "09-06", "11-25", "12-24"},
       {"11-26"}},
      {2022,
       {"01-17", "02-21", "04-15", "05-30", "06-20", "07-04", "09-05", "11-24", "12-26"},
       {"11-25"}},
      {2023,
       {"01-02", "01-16", "02-20", "04-07", "05-29", "06-19", "07-04", "09-04", "11-23", "12-25"},
       {"07-03", "11-24"}},
      {2024,
       {"01-01", "01-15", "02-19", "03-29", "05-27", "06-19", "07-04", "09-02", "11-28", "12-25"},
       {"07-03", "11-29", "12-24"}},
      {2025,
       {"01-01", "01-09", "01-20", "02-17", "04-18", "05-26", "06-19", "07-04", "09-01", "11-27",
        "12-25"},
       {"07-03", "11-28", "12-24"}},
      {2026,
       {"01-01", "01-19", "02-16", "04-03", "05-25", "06-19", "07-03", "09-07", "11-26", "12-25"},
       {"11-27", "12-24"}},
      {2027,
       {"01-01", "01-18", "02-15", "03-26", "05-31", "06-18", "07-05", "09-06", "11-25", "12-24"},
       {"11-26"}},
  };
  for (const Known& known : years) {
    SCOPED_TRACE(known.year);
    const Year found = Walk(known.year);
    EXPECT_EQ(found.closed, known.closed);
    EXPECT_EQ(found.half, known.half);
  }
}

TEST(Calendar, YearsWithSpecialClosings) {
  EXPECT_EQ(Walk(2001).closed, (Days{"01-01", "01-15", "02-19", "04-13", "05-28", "07-04", "09-03",
                                     "09-11", "09-12", "09-13", "09-14", "11-22", "12-25"}));
  EXPECT_EQ(Walk(2012).closed, (Days{"01-02", "01-16", "02-20", "04-06", "05-28", "07-04", "09-03",
                                     "10-29", "10-30", "11-22", "12-25"}));
  EXPECT_EQ(Walk(1994).closed,
            (Days{"02-21", "04-01", "04-27", "05-30", "07-04", "09-05", "11-24", "12-26"}));
  for (const char* mourning : {"2004-06-11", "2007-01-02", "2018-12-05"}) {
    EXPECT_FALSE(IsTradingDay(DayAt(mourning))) << mourning;
  }
}

TEST(Calendar, HolidaysBeginInTheirYear) {
  EXPECT_TRUE(IsTradingDay(DayAt("1997-01-20"))) << "Martin Luther King's day, a year early";
  EXPECT_FALSE(IsTradingDay(DayAt("1998-01-19")));
  EXPECT_TRUE(IsTradingDay(DayAt("2021-06-18"))) << "Juneteenth, a year early";
  EXPECT_FALSE(IsTradingDay(DayAt("2022-06-20")));
}

TEST(Calendar, NewYearOnASaturdayIsNotKept) {
  for (const char* day : {"1993-12-31", "1999-12-31", "2004-12-31", "2010-12-31", "2021-12-31"}) {
    EXPECT_TRUE(IsTradingDay(DayAt(day))) << day;
  }
  EXPECT_FALSE(IsTradingDay(DayAt("2017-01-02"))) << "a Monday after a Sunday";
}

TEST(Calendar, HalfDaysAreThoseOfTheirTime) {
  EXPECT_EQ(Walk(2001).half, (Days{"07-03", "11-23", "12-24"}));
  EXPECT_EQ(Walk(2002).half, (Days{"07-05", "11-29", "12-24"})) << "the Friday after a Thursday";
  EXPECT_EQ(Walk(2013).half, (Days{"07-03", "11-29", "12-24"})) << "now the Wednesday before it";
  EXPECT_EQ(Walk(2003).half, (Days{"07-03", "11-28", "12-24", "12-26"}));
  EXPECT_EQ(Walk(1999).half, (Days{"11-26", "12-31"}));
  EXPECT_EQ(Walk(2011).half, (Days{"11-25"})) << "Christmas Eve was a Saturday";
  EXPECT_EQ(NyseCloseOf(DayAt("1990-12-24")), std::chrono::minutes(14 * 60));
  EXPECT_EQ(NyseCloseOf(DayAt("1992-11-27")), std::chrono::minutes(14 * 60));
  EXPECT_EQ(NyseCloseOf(DayAt("1990-11-23")), kNyseClose);
}

TEST(Calendar, YearsHaveAsManyTradingDaysAsTheyHad) {
  const std::vector<int> from_1990 = {
      253, 253, 254, 253, 252, 252, 254, 253, 252, 252, 252, 248, 252, 252, 252, 252, 251, 251, 253,
      252, 252, 252, 250, 252, 252, 252, 252, 251, 251, 252, 253, 252, 251, 250, 252, 250, 251};
  for (size_t i = 0; i < from_1990.size(); ++i) {
    const int number = 1990 + static_cast<int>(i);
    EXPECT_EQ(Walk(number).trading_days, from_1990[i]) << number;
  }
}

TEST(Calendar, GoodFridayIsTwoDaysBeforeEaster) {
  // Easters from the tables of the Church: the earliest and latest of the time, and its end.
  for (const char* easter :
       {"2008-03-23", "2011-04-24", "2038-04-25", "2049-04-18", "2076-04-19", "2100-03-28"}) {
    EXPECT_FALSE(IsTradingDay(DayAt(easter) - days(2))) << easter;
    EXPECT_TRUE(IsTradingDay(DayAt(easter) - days(3))) << easter;
    EXPECT_TRUE(IsTradingDay(DayAt(easter) + days(1))) << easter;
  }
}

TEST(Calendar, TradingDaysFollowEachOther) {
  EXPECT_EQ(NextTradingDay(DayAt("2001-09-10")), DayAt("2001-09-17"));
  EXPECT_EQ(PreviousTradingDay(DayAt("2001-09-17")), DayAt("2001-09-10"));
  EXPECT_EQ(NextTradingDay(DayAt("2026-07-02")), DayAt("2026-07-06"));
  EXPECT_EQ(PreviousTradingDay(DayAt("2026-07-05")), DayAt("2026-07-02"));
}

TEST(Calendar, TradesSettleByTheRuleOfTheirTime) {
  EXPECT_EQ(SettlementDay(DayAt("2024-05-24")), DayAt("2024-05-29")) << "the last of two days";
  EXPECT_EQ(SettlementDay(DayAt("2024-05-28")), DayAt("2024-05-29")) << "the first of one";
  EXPECT_EQ(SettlementDay(DayAt("2025-07-03")), DayAt("2025-07-07"));
  EXPECT_EQ(SettlementDay(DayAt("2017-09-01")), DayAt("2017-09-07")) << "the last of three days";
  EXPECT_EQ(SettlementDay(DayAt("2017-09-05")), DayAt("2017-09-07")) << "the first of two";
  EXPECT_EQ(SettlementDay(DayAt("1995-06-06")), DayAt("1995-06-13")) << "the last of five days";
  EXPECT_EQ(SettlementDay(DayAt("1995-06-07")), DayAt("1995-06-12")) << "the first of three";
}

// Twenty years of daily prices of the S&P 500.
TEST(Calendar, HasTheDaysOnWhichPricesWereMade) {
  const auto path = SharedRecording("vega_sp500_daily_2000_2020.csv");
  if (!path) GTEST_SKIP() << "no recording of the S&P 500 here";
  std::ifstream file(*path);
  std::string line;
  std::getline(file, line);
  std::set<Day> traded;
  while (std::getline(file, line)) traded.insert(DayAt(line.substr(0, 10)));
  ASSERT_GT(traded.size(), 5000u);
  for (Day day = *traded.begin(); day <= *traded.rbegin(); day += days(1)) {
    EXPECT_EQ(IsTradingDay(day), traded.contains(day)) << TextOf(day);
  }
}

}  // namespace
}  // namespace livetape::market
