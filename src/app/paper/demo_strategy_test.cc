#include "app/paper/demo_strategy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/random.h"

namespace livetape::app {
namespace {

using base::Amount;
using base::Decimal;
using base::Price;
using base::Quantity;
using model::AssetClass;
using std::chrono::seconds;

constexpr base::WallTime kStart{std::chrono::sys_days{std::chrono::year(2026) / 1 / 5}};

Amount Money(const char* text) { return Amount::From(*Decimal::Parse(text)); }

// An account that fills each intent at the price that it was made of.
class DemoStrategyTest : public testing::Test {
 protected:
  // The next second's price; what the strategy does: "buy 10", "sell 10" or nothing.
  std::string Next(const std::string& price, size_t symbol = 0) {
    now_ += seconds(1);
    return Say(price, symbol);
  }
  std::string Say(const std::string& text, size_t symbol = 0) {
    const Price price = *Price::Parse(text);
    DemoStanding standing{equity_, cash_, position_[symbol], open_order_};
    const auto intent = strategy_.OnPrice(now_, symbol, price, standing);
    if (!intent) return "";
    const bool buy = intent->side == model::Side::kBuy;
    const int64_t units = intent->quantity.units();
    position_[symbol] = Quantity::FromUnits(position_[symbol].units() + (buy ? units : -units));
    return (buy ? "buy " : "sell ") + intent->quantity.ToString();
  }
  // `count` seconds of one price, and what was done in them, one after the other.
  std::string Hold(const std::string& price, int count, size_t symbol = 0) {
    std::string all;
    for (int i = 0; i < count; ++i) {
      const std::string done = Next(price, symbol);
      if (!done.empty()) all += (all.empty() ? "" : ", ") + done;
    }
    return all;
  }

  DemoStrategy strategy_;
  base::WallTime now_ = kStart;
  Amount equity_ = Money("100000"), cash_ = Money("100000");
  std::map<size_t, Quantity> position_;
  bool open_order_ = false;
};

TEST_F(DemoStrategyTest, BuysItsShareAfterAnUpCrossAndSellsAllAfterADownCross) {
  strategy_.AddSymbol(AssetClass::kUsEquity);
  EXPECT_EQ(Hold("100", 40), "");
  EXPECT_EQ(Next("101"), "buy 99");  // 10 % of 100000 at 101, in whole shares
  EXPECT_EQ(Hold("102", 60), "") << "it is long and adds nothing";
  EXPECT_EQ(Next("100"), "sell 99");
  EXPECT_EQ(Hold("99", 60), "") << "it is flat and never short";
}

TEST_F(DemoStrategyTest, CoinsAreBoughtToFourDecimals) {
  strategy_.AddSymbol(AssetClass::kCrypto);
  Hold("61000", 30);
  EXPECT_EQ(Next("61837.63"), "buy 0.1617");
}

TEST_F(DemoStrategyTest, ADownCrossFromTheStartSellsNothing) {
  strategy_.AddSymbol(AssetClass::kUsEquity);
  Hold("100", 30);
  EXPECT_EQ(Hold("99", 60), "");
}

TEST_F(DemoStrategyTest, ATouchIsNoCrossAndHidesNone) {
  strategy_.AddSymbol(AssetClass::kUsEquity);
  Hold("100", 30);
  EXPECT_EQ(Next("101"), "buy 99");
  EXPECT_EQ(Hold("101", 600), "") << "both averages have become 101";
  EXPECT_EQ(Next("100.5"), "sell 99");
}

TEST_F(DemoStrategyTest, DoesNothingBeforeTheSlowAverageIsFull) {
  strategy_.AddSymbol(AssetClass::kUsEquity);
  EXPECT_EQ(Hold("100", 23), "");
  EXPECT_EQ(Hold("110", 30), "") << "the cross was at the 24th price";
}

TEST_F(DemoStrategyTest, LooksAtTheFirstPriceOfASecondOnly) {
  strategy_.AddSymbol(AssetClass::kUsEquity);
  Hold("100", 30);
  EXPECT_FALSE(strategy_.Due(now_ + std::chrono::milliseconds(999), 0));
  EXPECT_EQ(Say("500"), "");
  now_ -= seconds(5);
  EXPECT_EQ(Say("500"), "") << "nor at an earlier time";
  now_ += seconds(5);
  EXPECT_EQ(Next("101"), "buy 99");
}

TEST_F(DemoStrategyTest, BuysNoMoreThanTheCashPaysFor) {
  strategy_.AddSymbol(AssetClass::kUsEquity);
  Hold("100", 30);
  cash_ = Money("1000");
  EXPECT_EQ(Next("101"), "buy 9");
}

TEST_F(DemoStrategyTest, WithoutCashOrEquityItWaits) {
  strategy_.AddSymbol(AssetClass::kUsEquity);
  Hold("100", 30);
  cash_ = Money("-5");
  EXPECT_EQ(Next("101"), "");
  cash_ = Money("100000");
  equity_ = Money("0");
  EXPECT_EQ(Next("101"), "");
  equity_ = Money("100000");
  EXPECT_EQ(Next("101"), "buy 99");
}

TEST_F(DemoStrategyTest, AShareThatCostsMoreThanItsPartIsNotBought) {
  strategy_.AddSymbol(AssetClass::kUsEquity);
  Hold("10000", 30);
  EXPECT_EQ(Next("10001"), "");
}

TEST_F(DemoStrategyTest, HugeSumsAndTinyPricesStayInRange) {
  strategy_.AddSymbol(AssetClass::kCrypto);
  equity_ = cash_ = Amount::From(Decimal::FromUnits(INT64_MAX));
  Hold("0.000000001", 30);
  EXPECT_EQ(Next("0.000000002"), "buy 9000000000");
}

TEST_F(DemoStrategyTest, AnOpenOrderIsWaitedFor) {
  strategy_.AddSymbol(AssetClass::kUsEquity);
  Hold("100", 30);
  open_order_ = true;
  EXPECT_EQ(Hold("101", 3), "");
  open_order_ = false;
  EXPECT_EQ(Next("101"), "buy 99");
}

TEST_F(DemoStrategyTest, AShortPositionIsLeftAlone) {
  strategy_.AddSymbol(AssetClass::kUsEquity);
  position_[0] = *Quantity::Parse("-7");
  Hold("100", 30);
  EXPECT_EQ(Hold("101", 30), "");
  EXPECT_EQ(Hold("99", 30), "");
}

TEST_F(DemoStrategyTest, ASymbolCoolsDownAndThenDoesWhatItWantedMeanwhile) {
  strategy_.AddSymbol(AssetClass::kUsEquity);
  Hold("100", 30);
  EXPECT_EQ(Next("101"), "buy 99");
  EXPECT_EQ(Hold("90", 29), "");
  EXPECT_EQ(Next("90"), "sell 99");
}

TEST_F(DemoStrategyTest, NoMoreThanFourOrdersAMinuteOverAllSymbols) {
  for (int i = 0; i < 6; ++i) strategy_.AddSymbol(AssetClass::kUsEquity);
  const auto all = [&](const std::string& price) {
    now_ += seconds(1);
    std::string done;
    for (size_t i = 0; i < 6; ++i) done += Say(price, i).empty() ? '-' : 'x';
    return done;
  };
  for (int i = 0; i < 30; ++i) ASSERT_EQ(all("100"), "------");
  EXPECT_EQ(all("101"), "xxxx--");
  for (int i = 0; i < 59; ++i) ASSERT_EQ(all("101"), "------");
  EXPECT_EQ(all("101"), "----xx");
}

TEST_F(DemoStrategyTest, AfterAMinuteWithoutAPriceItBeginsAnew) {
  strategy_.AddSymbol(AssetClass::kUsEquity);
  Hold("100", 30);
  now_ += seconds(60);
  EXPECT_EQ(Hold("101", 24), "");
  EXPECT_EQ(Next("102"), "buy 98");
}

TEST_F(DemoStrategyTest, KeepsItsLimitsOnAnyPath) {
  constexpr uint64_t kSeed = 7;
  SCOPED_TRACE("seed " + std::to_string(kSeed));
  base::Random random(kSeed);
  constexpr size_t kSymbols = 5;
  std::vector<double> prices(kSymbols, 200.0);
  std::vector<base::WallTime> orders;
  std::map<size_t, base::WallTime> last;
  for (size_t i = 0; i < kSymbols; ++i) {
    strategy_.AddSymbol(i < 3 ? AssetClass::kUsEquity : AssetClass::kCrypto);
  }
  for (int second = 0; second < 7200; ++second) {
    now_ += seconds(1);
    for (size_t i = 0; i < kSymbols; ++i) {
      prices[i] *= std::exp((static_cast<double>(random.Below(2001)) - 1000) * 2e-6);
      const Price price = Price::FromUnits(std::llround(prices[i] * 1e6) * 1000);
      const Quantity held = position_[i];
      const auto intent = strategy_.OnPrice(now_, i, price, {equity_, cash_, held, false});
      if (!intent) continue;
      orders.push_back(now_);
      const auto counted = std::count_if(orders.begin(), orders.end(),
                                         [&](auto at) { return now_ - at < seconds(60); });
      ASSERT_LE(counted, 4);
      ASSERT_TRUE(!last.contains(i) || now_ - last[i] >= seconds(30));
      last[i] = now_;
      if (intent->side == model::Side::kSell) {
        ASSERT_EQ(intent->quantity, held);
        position_[i] = {};
        continue;
      }
      ASSERT_TRUE(held.zero());
      ASSERT_LE(price * intent->quantity, Money("10000"));
      ASSERT_EQ(intent->quantity.units() % (i < 3 ? 1'000'000'000 : 100'000), 0);
      position_[i] = intent->quantity;
    }
  }
  // It lives: more than one order in two minutes.
  EXPECT_GT(orders.size(), 60U);
}

}  // namespace
}  // namespace livetape::app
