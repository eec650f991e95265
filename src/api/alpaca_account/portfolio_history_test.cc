#include "api/alpaca_account/portfolio_history.h"

#include <gtest/gtest.h>

#include "base/time_text.h"
#include "floor/money.h"

namespace livetape::api {
namespace {

base::WallTime At(std::string_view text) { return *base::ParseRfc3339(text); }
base::Amount Money(std::string_view text) {
  return base::Amount::From(*base::Decimal::Parse(text));
}
store::EquityPoint Point(std::string_view time, std::string_view equity) {
  return {.account = "paper", .time = At(time), .equity = Money(equity), .cash = Money(equity)};
}

const base::WallTime kNow = At("2026-11-20T15:04:05Z");

HistoryWish Wish(std::string_view query) {
  const auto wish = ParseHistoryQuery(http::Query::Parse(query), kNow);
  EXPECT_TRUE(wish) << wish.error().detail;
  return wish.value_or(HistoryWish());
}
std::string Fault(std::string_view query) {
  const auto wish = ParseHistoryQuery(http::Query::Parse(query), kNow);
  return wish ? "" : wish.error().detail;
}

TEST(PortfolioHistory, TheTimeframeFollowsFromTheLength) {
  EXPECT_EQ(Wish("").timeframe_name, "1D");
  EXPECT_EQ(Wish("").from, At("2026-10-20"));
  EXPECT_EQ(Wish("period=6D").timeframe_name, "1Min");
  EXPECT_EQ(Wish("period=2W").timeframe_name, "15Min");
  EXPECT_EQ(Wish("period=1A").from, At("2025-11-20"));
  EXPECT_EQ(Wish("period=1D&timeframe=1H").from, At("2026-11-19T15:00:00Z"));
  EXPECT_EQ(Wish("period=1D&timeframe=1H").to, At("2026-11-20T15:00:00Z"));
}

TEST(PortfolioHistory, AMonthBackFromALongOneIsItsLastDay) {
  const auto wish = ParseHistoryQuery(http::Query::Parse("end=2026-03-31T00:00:00Z"), kNow);
  ASSERT_TRUE(wish);
  EXPECT_EQ(wish->from, At("2026-02-28"));
}

TEST(PortfolioHistory, AnyYearMayBeAnEnd) {
  EXPECT_EQ(Wish("start=0001-01-01&end=1995-01-01&timeframe=1D").from, At("1990-01-01"));
  EXPECT_EQ(Wish("end=9999-12-31&timeframe=1D").to, At("2026-11-20"));
}

TEST(PortfolioHistory, FaultsNameTheField) {
  EXPECT_NE(Fault("period=1X").find("period must be"), std::string::npos);
  EXPECT_NE(Fault("period=0D").find("period must be"), std::string::npos);
  EXPECT_NE(Fault("timeframe=2Min").find("timeframe must be one of"), std::string::npos);
  EXPECT_NE(Fault("start=yesterday").find("start is wrong"), std::string::npos);
  EXPECT_NE(Fault("start=2026-11-21").find("start must not be after"), std::string::npos);
  EXPECT_NE(Fault("period=1M&timeframe=1Min").find("more than 10000 points"), std::string::npos);
  EXPECT_NE(Fault("start=2026-11-01&end=2026-11-02&period=1D").find("at most two"),
            std::string::npos);
  EXPECT_NE(Fault("start=1680-01-01&timeframe=1Min").find("more than 10000 points"),
            std::string::npos);
  EXPECT_NE(Fault("start=1680-01-01&end=1700-01-01").find("end must not be before 1990"),
            std::string::npos);
  EXPECT_NE(Fault("start=2261-01-01&period=999A").find("start must not be"), std::string::npos);
  EXPECT_NE(Fault("end=1680-01-01&period=999A").find("end must not be"), std::string::npos);
  EXPECT_NE(Fault("period=999A&timeframe=1Min").find("more than 10000 points"), std::string::npos);
  EXPECT_NE(Fault("pnl_reset=weekly").find("pnl_reset"), std::string::npos);
}

TEST(PortfolioHistory, ProfitBetweenTheEndsOfEquityStaysAtTheEnd) {
  const auto at = [](std::string_view time, base::Amount equity) {
    return store::EquityPoint{.account = "paper", .time = At(time), .equity = equity, .cash = {}};
  };
  const std::string json =
      HistoryJson(Wish("start=2026-11-18&end=2026-11-18&timeframe=1D"),
                  {.points = {at("2026-11-18T20:00:00Z", floor::kAmountEnd)},
                   .before = at("2026-11-17T20:00:00Z", floor::Negated(floor::kAmountEnd)),
                   .before_day = {},
                   .start = Money("100000")});
  EXPECT_NE(json.find(R"("profit_loss":[100000000000000000000])"), std::string::npos) << json;
}

// The example of Alpaca's documentation, in alpaca.md.
TEST(PortfolioHistory, ProfitIsAgainstTheEquityBeforeTheFirstBucket) {
  HistoryWish wish = Wish("start=2026-11-18&end=2026-11-20&timeframe=1D");
  const std::string json = HistoryJson(wish, {.points = {Point("2026-11-18T20:00:00Z", "27423.73"),
                                                         Point("2026-11-19T20:00:00Z", "27408.19"),
                                                         Point("2026-11-20T12:00:00Z", "27515.97")},
                                              .before = Point("2026-11-17T20:00:00Z", "27411.93"),
                                              .before_day = {},
                                              .start = Money("100000")});
  EXPECT_EQ(json,
            R"({"timestamp":[1794960000,1795046400,1795132800],)"
            R"("equity":[27423.73,27408.19,27515.97],"profit_loss":[11.8,-3.74,104.04],)"
            R"("profit_loss_pct":[0.000430469507254688,-0.000136436945519706,0.00379542775718455],)"
            R"("base_value":27411.93,"base_value_asof":"2026-11-17","timeframe":"1D",)"
            R"("cashflow":{}})");
}

TEST(PortfolioHistory, EmptyBucketsCarryForwardAndThoseBeforeTheAccountAreNull) {
  const HistoryWish wish =
      Wish("start=2026-11-20T10:00:00Z&end=2026-11-20T10:03:00Z&timeframe=1Min");
  const std::string json = HistoryJson(wish, {.points = {Point("2026-11-20T10:01:30Z", "100001")},
                                              .before = {},
                                              .before_day = {},
                                              .start = Money("100000")});
  EXPECT_NE(json.find(R"("equity":[null,100001,100001,100001])"), std::string::npos) << json;
  EXPECT_NE(json.find(R"("profit_loss":[null,1,1,1])"), std::string::npos) << json;
  EXPECT_NE(json.find(R"("base_value":100000,)"), std::string::npos) << json;
}

TEST(PortfolioHistory, PerDayProfitBeginsAnewEachMidnight) {
  const HistoryWish wish =
      Wish("start=2026-11-18T22:00:00Z&end=2026-11-19T01:00:00Z&timeframe=1H&pnl_reset=per_day");
  const std::string json = HistoryJson(
      wish, {.points = {Point("2026-11-18T22:30:00Z", "110"), Point("2026-11-18T23:30:00Z", "120"),
                        Point("2026-11-19T00:30:00Z", "130")},
             .before = Point("2026-11-18T21:00:00Z", "105"),
             .before_day = Point("2026-11-17T23:00:00Z", "100"),
             .start = Money("90")});
  EXPECT_NE(json.find(R"("profit_loss":[10,20,10,10])"), std::string::npos) << json;
  EXPECT_NE(json.find(R"("base_value":105)"), std::string::npos) << json;
}

TEST(PortfolioHistory, PerDayProfitOfTheFirstDayIsAgainstTheStartingCash) {
  const HistoryWish wish =
      Wish("start=2026-11-18T22:00:00Z&end=2026-11-18T23:00:00Z&timeframe=1H&pnl_reset=per_day");
  const std::string json = HistoryJson(
      wish, {.points = {Point("2026-11-18T22:30:00Z", "110"), Point("2026-11-18T23:30:00Z", "120")},
             .before = Point("2026-11-18T21:00:00Z", "105"),
             .before_day = {},
             .start = Money("100")});
  EXPECT_NE(json.find(R"("profit_loss":[10,20])"), std::string::npos) << json;
}

}  // namespace
}  // namespace livetape::api
