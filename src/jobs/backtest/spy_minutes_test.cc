// A known answer of a public project on real quotes: SPY, bought at the first regular minute of 7
// October 2013 and held to the end of 11 October, prices adjusted for dividends.

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "floor/trading_floor.h"
#include "jobs/backtest/backtest_fixture.h"
#include "jobs/backtest/real_bars.h"
#include "jobs/backtest/trade_log.h"

namespace livetape::jobs {
namespace {

constexpr int64_t kFactor = 8'646'266;                                    // x 10^-7
constexpr int64_t kRegularOpen = 34'200'000, kRegularClose = 57'600'000;  // ms of New York's day

// "1674500" is 167.4500; adjusted it has 11 decimals, of which the last two are zeros here.
base::Price Adjusted(const std::string& ten_thousandths) {
  const base::Int128 units = base::Int128{std::stoll(ten_thousandths)} * kFactor;  // x 10^-11
  EXPECT_EQ(static_cast<int64_t>(units % 100), 0) << ten_thousandths;
  return base::Price::FromUnits(static_cast<int64_t>(units / 100));
}

bool Regular(const std::string& milliseconds) {
  const int64_t time = std::stoll(milliseconds);
  return time >= kRegularOpen && time < kRegularClose;
}

TEST(SpyMinutes, BoughtAndHeldForAWeek) {
  constexpr std::array kDays = {"20131007", "20131008", "20131009", "20131010", "20131011"};
  TradeLog log(1);
  floor::TradingFloor floor({.exchange_hours = false}, log);
  const model::InstrumentId spy = floor.AddInstrument(model::AssetClass::kUsEquity);
  floor::AccountSettings settings;
  settings.cash = A("100000");
  settings.fees.per_share = D("0.005");
  settings.multiplier = 1;
  const model::AccountId account = floor.OpenAccount({}, settings);
  auto time = T("2013-10-07");
  for (const std::string day : kDays) {
    const auto quotes = LeanSpy("minute/spy/" + day + "_quote.zip", day + "_spy_minute_quote.csv");
    const auto trades = LeanSpy("minute/spy/" + day + "_trade.zip", day + "_spy_minute_trade.csv");
    if (!quotes || !trades) GTEST_SKIP() << kNoRealBars;
    if (log.fill_count() == 0) {
      for (const auto& row : CsvRows(*quotes)) {
        if (!Regular(row.at(0))) continue;
        floor.OnQuote(time, {spy, Adjusted(row.at(4)), Adjusted(row.at(9)), {}, {}});
        floor::OrderRequest order;
        order.instrument = spy;
        order.quantity = *base::Quantity::Parse("688");
        ASSERT_TRUE(floor.Place(time, account, order));
        break;
      }
    }
    for (const auto& row : CsvRows(*trades)) {
      if (Regular(row.at(0))) floor.OnTrade(time, {spy, Adjusted(row.at(4)), {}});
      time += std::chrono::seconds(1);
    }
  }
  ASSERT_EQ(log.fills().size(), 1);
  EXPECT_EQ(log.fills().front().price.ToString(), "144.78172417");
  EXPECT_EQ(log.fees().ToString(), "3.44");
  std::vector<model::AccountId> changed;
  floor.TakeChanged(time, changed);
  EXPECT_EQ(floor.account(account).equity().ToString(), "101691.91983728");
}

}  // namespace
}  // namespace livetape::jobs
