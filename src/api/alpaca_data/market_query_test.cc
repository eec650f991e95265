#include "api/alpaca_data/market_query.h"

#include <gtest/gtest.h>

#include "base/time_text.h"

namespace livetape::api {
namespace {

base::WallTime At(std::string_view text) { return *base::ParseRfc3339(text); }
std::string DayText(market::Day day) {
  std::string text;
  market::AppendDay(text, day);
  return text;
}

constexpr std::string_view kNow = "2024-05-15T20:00:00Z";

AlpacaField<BarQuery> Bars(std::string_view query) {
  return BarQueryOf(http::Query::Parse(query), At(kNow));
}
// The body of the refusal.
std::string Refused(const auto& field) {
  if (field) return "accepted";
  EXPECT_EQ(field.error().status, 422u);
  return field.error().body;
}
std::string BarsRefused(std::string_view query) { return Refused(Bars(query)); }

TEST(BarQuery, WithoutParametersTodaysMinutes) {
  const auto query = Bars("");
  ASSERT_TRUE(query);
  EXPECT_EQ(query->frame, (BarFrame{1, BarUnit::kMinute}));
  EXPECT_EQ(query->start, At("2024-05-15"));
  EXPECT_GT(query->end, At(kNow));
  EXPECT_EQ(query->limit, 1000u);
  EXPECT_FALSE(query->newest_first);
  EXPECT_FALSE(query->after);
}

TEST(BarQuery, TakesWhatClientsSend) {
  const auto query = Bars(
      "timeframe=1Hour&start=2024-05-01T09:30:00-04:00&end=2024-05-02T00:00:00.5Z&limit=10000&"
      "sort=desc&page_token=&adjustment=raw&feed=iex&asof=&currency=USD");
  ASSERT_TRUE(query) << query.error().body;
  EXPECT_EQ(query->frame, (BarFrame{1, BarUnit::kHour}));
  EXPECT_EQ(query->start, At("2024-05-01T13:30:00Z"));
  EXPECT_EQ(query->end, At("2024-05-02T00:00:00.5Z"));
  EXPECT_EQ(query->limit, 10'000u);
  EXPECT_TRUE(query->newest_first);
}

TEST(BarQuery, ADateAtTheEndIsItsWholeDay) {
  const auto query = Bars("start=2024-05-01&end=2024-05-01");
  ASSERT_TRUE(query);
  EXPECT_EQ(query->start, At("2024-05-01"));
  EXPECT_EQ(query->end, At("2024-05-01T23:59:59.999999999Z"));
}

TEST(BarQuery, AnEarlierEndAloneMeansItsDay) {
  const auto query = Bars("end=2024-05-01T15:00:00Z");
  ASSERT_TRUE(query);
  EXPECT_EQ(query->start, At("2024-05-01"));
}

TEST(BarQuery, TheFarthestTimesAreTaken) {
  for (const char* frame : {"1Sec", "1Min", "59Min", "23Hour", "1Day", "1Week", "12Month"}) {
    const auto query =
        Bars(std::string("start=1678-01-01&end=2261-12-31T23:59:60-23:59&timeframe=") + frame);
    ASSERT_TRUE(query);
    EXPECT_LT(BucketStart(query->frame, query->start), NextBucketStart(query->frame, query->end));
  }
}

TEST(BarQuery, WrongParametersAreNamed) {
  const std::string code = R"({"code":42210000,"message":")";
  EXPECT_TRUE(BarsRefused("timeframe=2Day").starts_with(code + "invalid timeframe: '2Day'"));
  EXPECT_TRUE(BarsRefused("limit=0").starts_with(code + "limit must be"));
  EXPECT_TRUE(BarsRefused("limit=10001").starts_with(code + "limit must be"));
  EXPECT_TRUE(BarsRefused("limit=-1").starts_with(code + "limit must be"));
  EXPECT_TRUE(BarsRefused("limit=1e3").starts_with(code + "limit must be"));
  EXPECT_TRUE(BarsRefused("start=yesterday").starts_with(code + "start: 'yesterday'"));
  EXPECT_TRUE(BarsRefused("end=2024-02-30").starts_with(code + "end: '2024-02-30'"));
  EXPECT_TRUE(BarsRefused("sort=up").starts_with(code + "sort must be one of asc, desc"));
  EXPECT_TRUE(BarsRefused("page_token=x").starts_with(code + "page_token must be"));
  EXPECT_TRUE(BarsRefused("start=2024-05-02&end=2024-05-01").starts_with(code + "end should not"));
}

TEST(WantedInstruments, GoByTheNameTheyWereAskedFor) {
  market::Instruments instruments;
  instruments.Add({"AAPL", model::AssetClass::kUsEquity});
  instruments.Add({"BTC", model::AssetClass::kCrypto});
  const auto wanted =
      WantedInstruments(http::Query::Parse("symbols=BTC%2FUSD,NOPE,,AAPL,BTC/USD"), instruments);
  ASSERT_TRUE(wanted);
  ASSERT_EQ(wanted->size(), 2u);
  EXPECT_EQ((*wanted)[0].spelling, "BTC/USD");
  EXPECT_EQ((*wanted)[0].instrument.symbol, "BTC");
  EXPECT_EQ((*wanted)[1].spelling, "AAPL");
}

TEST(WantedInstruments, AtLeastOneAndNotTooMany) {
  const market::Instruments instruments;
  EXPECT_EQ(Refused(WantedInstruments(http::Query::Parse("symbols=,"), instruments)),
            R"({"code":42210000,"message":"symbols is required, such as symbols=AAPL,TSLA",)"
            R"("field":"symbols"})");
  std::string many = "symbols=";
  for (size_t i = 0; i < kMarketSymbolsMax; ++i) many += "S" + std::to_string(i) + ",";
  EXPECT_TRUE(WantedInstruments(http::Query::Parse(many), instruments));
  EXPECT_EQ(Refused(WantedInstruments(http::Query::Parse(many + "ONE"), instruments)),
            R"({"code":42210000,"message":"symbols takes at most 1000 values",)"
            R"("field":"symbols"})");
}

std::string Days(std::string_view query, std::string_view now = kNow) {
  const auto wish = CalendarQueryOf(http::Query::Parse(query), At(now));
  if (!wish) return wish.error().body;
  return DayText(wish->first) + ' ' + DayText(wish->last);
}

TEST(CalendarQuery, TakesDatesAndTheDatesOfTimes) {
  EXPECT_EQ(Days("start=2024-01-01&end=2024-12-31"), "2024-01-01 2024-12-31");
  EXPECT_EQ(Days("start=2024-01-01T23:00:00-05:00&end=2024-01-01T23:00:00Z"),
            "2024-01-01 2024-01-01");
}

TEST(CalendarQuery, WithoutDatesAYearAround) {
  EXPECT_EQ(Days(""), "2023-05-15 2025-05-16");
  EXPECT_EQ(Days("start=2020-01-01"), "2020-01-01 2025-05-16");
  EXPECT_EQ(Days("start=2030-01-01"), "2030-01-01 2031-01-02");
  EXPECT_EQ(Days("end=2030-01-01"), "2023-05-15 2030-01-01");
  EXPECT_EQ(Days("end=2020-01-01"), "2018-12-31 2020-01-01");
}

TEST(CalendarQuery, TodayIsNewYorksDay) {
  EXPECT_EQ(Days("", "2024-05-15T03:00:00Z"), "2023-05-14 2025-05-15");
}

TEST(CalendarQuery, WrongDatesAreRefused) {
  EXPECT_EQ(Days("start=2024-02-01&end=2024-01-01"),
            R"({"code":42210000,"message":"end should not be before start","field":"end"})");
  EXPECT_TRUE(
      Days("start=tomorrow").starts_with(R"({"code":42210000,"message":"start: 'tomorrow')"));
  EXPECT_EQ(Days("date_type=OTHER"),
            R"({"code":42210000,"message":)"
            R"("date_type must be one of TRADING, SETTLEMENT, got 'OTHER'","field":"date_type"})");
}

}  // namespace
}  // namespace livetape::api
