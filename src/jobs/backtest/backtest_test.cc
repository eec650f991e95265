#include "jobs/backtest/backtest.h"

#include "jobs/backtest/scripted_fixture.h"

namespace livetape::jobs {
namespace {

using BacktestTest = ScriptedFixture;

TEST_F(BacktestTest, DecidesAtACloseAndTradesAtTheNextOpen) {
  const auto bars = Days({{"10", "12", "9", "11"},
                          {"12", "13", "11", "13"},
                          {"14", "15", "13", "14"},
                          {"15", "16", "15", "16"}});
  const BacktestResult result = Run(Wanting({{0, Stance::kLong}, {2, Stance::kFlat}}), bars);
  EXPECT_EQ(TextOf(result.fills), "buy 83@12; sell 83@15");
  EXPECT_EQ(TextOf(result.curve), "1000 1083 1166 1249");
  ASSERT_EQ(result.trades.size(), 1);
  const Trade& trade = result.trades.front();
  EXPECT_TRUE(trade.is_long);
  EXPECT_EQ(trade.opened, T("2024-01-05"));
  EXPECT_EQ(trade.closed, T("2024-01-07"));
  EXPECT_EQ(trade.entry.ToString(), "12");
  EXPECT_EQ(trade.exit.ToString(), "15");
  EXPECT_EQ(trade.quantity.ToString(), "83");
  EXPECT_EQ(trade.profit.ToString(), "249");
  EXPECT_DOUBLE_EQ(trade.fraction, 0.25);
  EXPECT_DOUBLE_EQ(result.figures.total_return, 0.249);
  EXPECT_DOUBLE_EQ(result.figures.exposure, 0.75) << "the day of the exit counts";
  EXPECT_DOUBLE_EQ(*result.figures.buy_and_hold_return, 16.0 / 11 - 1);
}

TEST_F(BacktestTest, TurnsFromLongToShortAtOneOpen) {
  spec_.fees.rate = D("0.01");
  const auto bars = Flat({"10", "10", "8", "5"});
  const BacktestResult result = Run(Wanting({{0, Stance::kLong}, {1, Stance::kShort}}), bars);
  // 1000 / 10.1 is 99; 10 + 99 x 8 - 9.9 - 7.92 = 784.18 of cash sells 97 short at 8.
  EXPECT_EQ(TextOf(result.fills), "buy 99@10; sell 99@8; sell 97@8; buy 97@5");
  EXPECT_EQ(result.figures.fees.ToString(), "30.43");
  EXPECT_EQ(result.figures.final_equity.ToString(), "1062.57");
  ASSERT_EQ(result.trades.size(), 2);
  EXPECT_EQ(result.trades[0].profit.ToString(), "-215.82");
  EXPECT_FALSE(result.trades[1].is_long);
  EXPECT_EQ(result.trades[1].profit.ToString(), "278.39");
  EXPECT_DOUBLE_EQ(result.trades[1].fraction, 278.39 / (8 * 97));
}

TEST_F(BacktestTest, SlippageMakesTheSizeSmallerToo) {
  spec_.slippage_bps = D("100");
  const BacktestResult result = Run(Wanting({{0, Stance::kLong}}), Flat({"10", "10", "10"}));
  EXPECT_EQ(TextOf(result.fills), "buy 99@10.1; sell 99@9.9");
}

// Each short for all the cash: 1000 / 9.9 is 101, which is more than 1000 at the open itself.
TEST_F(BacktestTest, SlippageMakesAShortLarger) {
  spec_.slippage_bps = D("100");
  for (const auto asset_class : {model::AssetClass::kUsEquity, model::AssetClass::kCrypto}) {
    asset_class_ = asset_class;
    const BacktestResult result = Run(Wanting({{0, Stance::kShort}}), Flat({"10", "10", "10"}));
    EXPECT_EQ(TextOf(result.fills), "sell 101@9.9; buy 101@10.1");
    EXPECT_TRUE(result.refused.empty());
  }
}

TEST_F(BacktestTest, TradesPartsOfAUnitWhenAsked) {
  spec_.fractional = true;
  for (const auto asset_class : {model::AssetClass::kUsEquity, model::AssetClass::kCrypto}) {
    asset_class_ = asset_class;
    const BacktestResult result =
        Run(Wanting({{0, Stance::kLong}, {1, Stance::kShort}}), Flat({"3", "3", "3", "3"}));
    EXPECT_EQ(TextOf(result.fills),
              "buy 333.333333333@3; sell 333.333333333@3; sell 333.333333333@3; "
              "buy 333.333333333@3");
  }
}

TEST_F(BacktestTest, TheLastBarClosesAsAsked) {
  const auto bars =
      Days({{"10", "10", "10", "10"}, {"10", "12", "10", "12"}, {"11", "15", "11", "14"}});
  const StrategyPlan plan = Wanting({{0, Stance::kLong}});
  spec_.close_at_end = CloseAtEnd::kOpen;
  EXPECT_EQ(Run(plan, bars).figures.final_equity.ToString(), "1100");
  spec_.close_at_end = CloseAtEnd::kClose;
  EXPECT_EQ(Run(plan, bars).figures.final_equity.ToString(), "1400");
  spec_.close_at_end = CloseAtEnd::kNone;
  const BacktestResult open = Run(plan, bars);
  EXPECT_EQ(open.figures.final_equity.ToString(), "1400");
  EXPECT_EQ(open.figures.trades, 0) << "what is left open is no trade";
  EXPECT_EQ(TextOf(open.fills), "buy 100@10");
}

TEST_F(BacktestTest, AtTheLastOpenNothingBegins) {
  const auto bars = Flat({"10", "10", "10"});
  spec_.close_at_end = CloseAtEnd::kOpen;
  EXPECT_TRUE(Run(Wanting({{1, Stance::kLong}}), bars).fills.empty());
  EXPECT_EQ(TextOf(Run(Wanting({{0, Stance::kLong}, {1, Stance::kShort}}), bars).fills),
            "buy 100@10; sell 100@10");
}

TEST_F(BacktestTest, AtTheLastOpenNoOrderThatRestsIsFilled) {
  const StrategyPlan plan =
      Scripted([](size_t moment, const Holdings&, std::vector<Intent>& intents) {
        if (moment != 0) return;
        floor::OrderRequest order;
        order.instrument = kA;
        order.tif = model::TimeInForce::kGtc;
        order.quantity = base::Quantity::FromUnits(10 * base::kDecimalScale);
        intents.emplace_back(order);
        order.type = model::OrderType::kLimit;
        order.limit = P("9");
        intents.emplace_back(order);
      });
  const auto bars = Flat({"10", "10", "10", "8"});
  spec_.close_at_end = CloseAtEnd::kOpen;
  EXPECT_EQ(TextOf(Run(plan, bars).fills), "buy 10@10; sell 10@8");
  spec_.close_at_end = CloseAtEnd::kClose;
  EXPECT_EQ(TextOf(Run(plan, bars).fills), "buy 10@10; buy 10@8; sell 20@8");
}

TEST_F(BacktestTest, OwnOrdersRestAndFillOnThePathOfTheBar) {
  const auto bars = Days({{"10", "10", "10", "10"},
                          {"10", "11", "9", "10"},
                          {"10", "12", "9.5", "11"},
                          {"7", "8", "6", "7"}});
  const StrategyPlan plan =
      Scripted([](size_t moment, const Holdings&, std::vector<Intent>& intents) {
        floor::OrderRequest order;
        order.instrument = kA;
        order.tif = model::TimeInForce::kGtc;
        order.quantity = base::Quantity::FromUnits(10 * base::kDecimalScale);
        if (moment == 0) {
          order.type = model::OrderType::kLimit;
          order.limit = P("9.5");
          intents.emplace_back(order);
        } else if (moment == 1) {
          order.side = model::Side::kSell;
          order.type = model::OrderType::kStop;
          order.stop = P("9");
          intents.emplace_back(order);
        }
      });
  const BacktestResult result = Run(plan, bars);
  EXPECT_EQ(TextOf(result.fills), "buy 10@9.5; sell 10@7") << "the gap fills the stop at the open";
  EXPECT_TRUE(result.refused.empty());
}

TEST_F(BacktestTest, ATargetTakesThePlaceOfWhatRests) {
  const StrategyPlan plan =
      Scripted([](size_t moment, const Holdings&, std::vector<Intent>& intents) {
        floor::OrderRequest order;
        order.instrument = kA;
        order.type = model::OrderType::kLimit;
        order.tif = model::TimeInForce::kGtc;
        order.limit = P("5");
        order.quantity = base::Quantity::FromUnits(10 * base::kDecimalScale);
        if (moment == 0) intents.emplace_back(order);
        if (moment == 1) intents.emplace_back(Target{kA, Stance::kShort});
        if (moment == 2) intents.emplace_back(CancelOpen{kA});
      });
  const BacktestResult result = Run(plan, Flat({"10", "10", "10", "5", "5"}));
  EXPECT_EQ(TextOf(result.fills), "sell 100@10; buy 100@5");
}

TEST_F(BacktestTest, DayOrdersEndWithTheDay) {
  const StrategyPlan plan =
      Scripted([](size_t moment, const Holdings&, std::vector<Intent>& intents) {
        floor::OrderRequest order;
        order.instrument = kA;
        order.type = model::OrderType::kLimit;
        order.limit = P("5");
        order.quantity = base::Quantity::FromUnits(10 * base::kDecimalScale);
        if (moment == 0) intents.emplace_back(order);
      });
  EXPECT_TRUE(Run(plan, Flat({"10", "10", "5"})).fills.empty());
}

TEST_F(BacktestTest, WhatCannotBePaidIsCounted) {
  const BacktestResult result = Run(Wanting({{0, Stance::kLong}}), Flat({"2000", "2000", "2000"}));
  EXPECT_TRUE(result.fills.empty());
  EXPECT_EQ(result.refused.at(floor::RefusalReason::kInsufficientBuyingPower), 1);
  EXPECT_EQ(result.figures.exposure, 0);
  EXPECT_FALSE(result.figures.win_rate || result.figures.sharpe_ratio);
}

TEST_F(BacktestTest, EndsWhenNoEquityIsLeft) {
  const BacktestResult result =
      Run(Wanting({{0, Stance::kShort}}), Flat({"10", "10", "15", "20", "30", "5"}));
  EXPECT_TRUE(result.ruined);
  EXPECT_EQ(TextOf(result.curve), "1000 1000 500 0") << "at nothing, not after it";
  EXPECT_EQ(result.figures.max_drawdown, -1);
  EXPECT_EQ(result.figures.trades, 0);
}

TEST_F(BacktestTest, EachSymbolHasItsSleeveOfTheCash) {
  const auto rising = Flat({"10", "10", "20", "20"});
  const auto falling = Flat({"10", "10", "5", "5"});
  const StrategyPlan holding = {
      .portfolio = false, .warm_up = 1, .make = [](size_t symbols) {
        EXPECT_EQ(symbols, 1);
        class Buyer final : public Strategy {
          void OnBars(std::span<const SymbolBar> bars, const Holdings&,
                      std::vector<Intent>& intents) override {
            ASSERT_EQ(bars.size(), 1);
            intents.emplace_back(Target{bars.front().symbol, Stance::kLong});
          }
        };
        return std::make_unique<Buyer>();
      }};
  const BacktestResult result = Run(holding, {rising, falling});
  EXPECT_EQ(TextOf(result.fills), "buy 50@10; buy 50@10; sell 50@20; sell 50@5");
  EXPECT_EQ(TextOf(result.curve), "1000 1000 1250 1250");
  EXPECT_EQ(result.figures.trades, 2);
  EXPECT_DOUBLE_EQ(*result.figures.buy_and_hold_return, (1.0 - 0.5) / 2);
}

TEST_F(BacktestTest, APortfolioSeesAllBarsOfAMomentAndWaitsForMissingOnes) {
  const auto every_day = Flat({"10", "10", "10", "10", "10"});
  auto some_days = Flat({"20", "21", "22", "23", "24"});
  some_days.erase(some_days.begin() + 1, some_days.begin() + 3);
  std::vector<size_t> seen;
  const StrategyPlan plan = {.portfolio = true, .warm_up = 1, .make = [&seen](size_t symbols) {
                               EXPECT_EQ(symbols, 2);
                               class Watcher final : public Strategy {
                                public:
                                 explicit Watcher(std::vector<size_t>& counts) : counts_(counts) {}
                                 void OnBars(std::span<const SymbolBar> bars, const Holdings&,
                                             std::vector<Intent>& intents) override {
                                   counts_.push_back(bars.size());
                                   if (counts_.size() != 1) return;
                                   intents.emplace_back(Target{kB, Stance::kLong, 2});
                                   intents.emplace_back(Target{kA, Stance::kLong, 2});
                                 }

                                private:
                                 std::vector<size_t>& counts_;
                               };
                               return std::make_unique<Watcher>(seen);
                             }};
  spec_.close_at_end = CloseAtEnd::kNone;
  const BacktestResult result = Run(plan, {every_day, some_days});
  EXPECT_EQ(seen, (std::vector<size_t>{2, 1, 1, 2, 2}));
  EXPECT_EQ(TextOf(result.fills), "buy 50@10; buy 10@23") << "half of the 500 that are left";
}

}  // namespace
}  // namespace livetape::jobs
