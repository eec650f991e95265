#include "jobs/import/lean_name.h"

#include <gtest/gtest.h>

namespace livetape::jobs {
namespace {

using model::Timeframe;
using std::chrono::year;

const market::Day kDay(year(2013) / 10 / 7);

TEST(LeanName, SaysDayTimeframeAndContent) {
  const LeanName minutes = ParseLeanName("20131007_spy_minute_trade.csv");
  EXPECT_EQ(minutes.day, kDay);
  EXPECT_EQ(minutes.timeframe, Timeframe::k1m);
  EXPECT_EQ(minutes.content, LeanName::Content::kTrades);
  const LeanName folders = ParseLeanName("minute/spy/20131007_quote.zip");
  EXPECT_EQ(folders.day, kDay);
  EXPECT_EQ(folders.timeframe, Timeframe::k1m);
  EXPECT_EQ(folders.content, LeanName::Content::kQuotes);
  EXPECT_EQ(ParseLeanName("daily/spy.zip").timeframe, Timeframe::k1d);
  EXPECT_EQ(ParseLeanName("20131007_aig_Trade_Tick.csv").content, LeanName::Content::kTicks);
  EXPECT_EQ(ParseLeanName("factor_files/spy.csv").content, LeanName::Content::kFactors);
  const LeanName plain = ParseLeanName("spy.csv");
  EXPECT_EQ(plain.content, LeanName::Content::kUnknown);
  EXPECT_FALSE(plain.day || plain.timeframe);
}

TEST(LeanName, SaysWhyThereAreNoBarsInIt) {
  const auto why = [](const char* name, Timeframe timeframe) {
    return WhyNotBars(ParseLeanName(name), timeframe);
  };
  EXPECT_EQ(why("daily/spy.zip: spy.csv", Timeframe::k1d), "");
  EXPECT_EQ(why("20131007_spy_minute_trade.csv", Timeframe::k1m), "");
  EXPECT_EQ(why("20131007_spy_minute_trade.csv", Timeframe::k1d), "has bars of 1m, not of 1d");
  EXPECT_EQ(why("20131007_spy_minute_quote.csv", Timeframe::k1m), "has quotes, not bars of trades");
  EXPECT_EQ(why("20131007_aig_Trade_Tick.csv", Timeframe::k1m), "has ticks, not bars");
  EXPECT_EQ(why("map_files/spy.csv", Timeframe::k1d), "has corporate actions, not bars");
}

TEST(ParseDay, TakesTwoSpellingsOfDaysThatThereAre) {
  EXPECT_EQ(ParseDay("20131007"), kDay);
  EXPECT_EQ(ParseDay("2013-10-07"), kDay);
  for (const char* wrong :
       {"", "2013", "20131301", "20130230", "2013/10/07", "2013-1-07", "x0131007"}) {
    EXPECT_EQ(ParseDay(wrong), std::nullopt) << wrong;
  }
}

}  // namespace
}  // namespace livetape::jobs
