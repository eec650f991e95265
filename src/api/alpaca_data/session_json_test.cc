#include "api/alpaca_data/session_json.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "base/time_text.h"

namespace livetape::api {
namespace {

base::WallTime At(std::string_view text) { return *base::ParseRfc3339(text); }
market::Day DayAt(std::string_view text) {
  return market::Day(std::chrono::floor<std::chrono::days>(At(text)).time_since_epoch());
}

TEST(ClockJson, TellsNewYorksTimeAndTheNextSession) {
  const market::Sessions exchange(market::Hours::kExchange);
  EXPECT_EQ(ClockJson(exchange, At("2024-03-08T15:00:00.25Z")),
            R"({"timestamp":"2024-03-08T10:00:00.250000-05:00","is_open":true,)"
            R"("next_open":"2024-03-11T09:30:00-04:00","next_close":"2024-03-08T16:00:00-05:00"})");
  EXPECT_EQ(ClockJson(exchange, At("2024-07-03T17:00:00Z")),
            R"({"timestamp":"2024-07-03T13:00:00-04:00","is_open":false,)"
            R"("next_open":"2024-07-05T09:30:00-04:00","next_close":"2024-07-05T16:00:00-04:00"})");
}

TEST(ClockJson, AlwaysOpenUntilMidnightUtc) {
  const market::Sessions always(market::Hours::kAlways);
  EXPECT_EQ(ClockJson(always, At("2024-12-25T03:00:00Z")),
            R"({"timestamp":"2024-12-24T22:00:00-05:00","is_open":true,)"
            R"("next_open":"2024-12-25T19:00:00-05:00","next_close":"2024-12-25T19:00:00-05:00"})");
}

TEST(CalendarJson, TellsEachTradingDay) {
  EXPECT_EQ(CalendarJson(DayAt("2024-07-03"), DayAt("2024-07-07"), CalendarDate::kTrading),
            R"([{"date":"2024-07-03","open":"09:30","close":"13:00","session_open":"0400",)"
            R"("session_close":"1700","settlement_date":"2024-07-05"},)"
            R"({"date":"2024-07-05","open":"09:30","close":"16:00","session_open":"0400",)"
            R"("session_close":"2000","settlement_date":"2024-07-08"}])");
  EXPECT_EQ(CalendarJson(DayAt("2024-07-06"), DayAt("2024-07-07"), CalendarDate::kTrading), "[]");
  EXPECT_EQ(CalendarJson(DayAt("2024-07-06"), DayAt("2024-07-05"), CalendarDate::kTrading), "[]");
}

TEST(CalendarJson, MayGoByTheDayOfSettlement) {
  const auto days = boost::json::parse(
      CalendarJson(DayAt("2024-05-29"), DayAt("2024-05-30"), CalendarDate::kSettlement));
  std::string dates;
  for (const auto& day : days.as_array()) {
    dates += std::string(day.at("date").as_string()) + ' ';
    EXPECT_GE(day.at("settlement_date").as_string(), "2024-05-29");
    EXPECT_LE(day.at("settlement_date").as_string(), "2024-05-30");
  }
  EXPECT_EQ(dates, "2024-05-24 2024-05-28 2024-05-29 ") << "two days became one";
}

TEST(CalendarJson, EndsWhereTheCalendarEnds) {
  const auto all = boost::json::parse(
      CalendarJson(DayAt("1700-01-01"), DayAt("2200-01-01"), CalendarDate::kTrading));
  EXPECT_EQ(all.as_array().front().at("date").as_string(), "1990-01-02");
  EXPECT_EQ(all.as_array().back().at("date").as_string(), "2100-12-31");
}

}  // namespace
}  // namespace livetape::api
