// Properties that every strategy has, on random bars.

#include <array>
#include <cstdlib>

#include "base/random.h"
#include "jobs/backtest/backtest_fixture.h"
#include "jobs/backtest/model_strategy.h"
#include "jobs/backtest/strategy_catalog.h"
#include "jobs/training/model_fixture.h"

namespace livetape::jobs {
namespace {

using Bars = std::vector<model::Bar>;

class StrategiesTest : public BacktestFixture {
 protected:
  // LIVETAPE_SEED: one seed instead of many.
  template <typename Body>
  static void ForEachSeed(uint64_t seeds, Body body) {
    const char* const one = std::getenv("LIVETAPE_SEED");
    for (uint64_t i = 0; i < seeds; ++i) {
      const uint64_t seed = one != nullptr ? std::strtoull(one, nullptr, 10) : 1'000 + i;
      SCOPED_TRACE("LIVETAPE_SEED=" + std::to_string(seed));
      base::Random random(seed);
      body(random);
      if (one != nullptr || testing::Test::HasFailure()) return;
    }
  }
  static model::Bar NextBar(base::Random& random, base::WallTime start, base::Price before) {
    constexpr int64_t kCent = 10'000'000;
    const auto near = [&random](int64_t cents) {
      const auto off = static_cast<int64_t>(random.Below(801)) - 400;
      return std::max<int64_t>(cents + off, 200);
    };
    const int64_t open = near(before.units() / kCent), close = near(open);
    const auto price = [](int64_t cents) { return base::Price::FromUnits(cents * kCent); };
    model::Bar bar;
    bar.start = start;
    bar.open = price(open);
    bar.close = price(close);
    bar.high = price(std::max(open, close) + static_cast<int64_t>(random.Below(300)));
    bar.low = price(std::min(open, close) - static_cast<int64_t>(random.Below(100)));
    return bar;
  }
  static Bars Walk(base::Random& random, size_t count) {
    Bars bars;
    base::Price last = P("100");
    for (size_t i = 0; i < count; ++i) {
      bars.push_back(NextBar(random, T("2020-01-01") + std::chrono::days(i), last));
      last = bars.back().close;
    }
    return bars;
  }
  // Of each strategy one that trades often.
  static std::vector<StrategyPlan> Plans() {
    const std::vector<std::pair<std::string, ParameterValues>> all = {
        {"buy_and_hold", {}},
        {"sma_cross", {{"fast", int64_t{2}}, {"slow", int64_t{5}}, {"short", true}}},
        {"ema_cross", {{"fast", int64_t{2}}, {"slow", int64_t{5}}, {"short", true}}},
        {"rsi", {{"period", int64_t{3}}, {"lower", 40.0}, {"upper", 60.0}, {"short", true}}},
        {"bollinger", {{"period", int64_t{5}}, {"deviations", 0.7}, {"short", true}}},
        {"momentum", {{"lookback", int64_t{3}}, {"top", int64_t{2}}, {"every", int64_t{2}}}},
        {"model", {{"task_id", "t"}, {"short", true}, {"allow_lookahead", true}}}};
    const ModelSource models{
        [](std::string_view) { return std::make_shared<const TrainedModel>(ContrarianModel()); },
        model::Timeframe::k1d};
    std::vector<StrategyPlan> plans;
    for (const auto& [name, values] : all) plans.push_back(*PlanStrategy(name, values, &models));
    EXPECT_EQ(plans.size(), Strategies().size());
    return plans;
  }
  static std::string TextOf(const RunFill& f) {
    return std::to_string(f.time.time_since_epoch().count()) + " " +
           std::to_string(f.symbol.value()) + " " + std::string(model::Name(f.side)) + " " +
           f.quantity.ToString() + "@" + f.price.ToString();
  }
};

TEST_F(StrategiesTest, TheyTrade) {
  base::Random random(1);
  const std::vector<Bars> bars = {Walk(random, 200), Walk(random, 200), Walk(random, 200)};
  for (const StrategyPlan& plan : Plans()) {
    EXPECT_GE(Run(plan, bars).figures.trades, plan.warm_up == 1 ? 3 : 20);
  }
}

// Bars that come later change nothing that was done before them.
TEST_F(StrategiesTest, NobodyLooksAhead) {
  spec_.close_at_end = CloseAtEnd::kNone;
  ForEachSeed(20, [this](base::Random& random) {
    const std::vector<Bars> bars = {Walk(random, 120), Walk(random, 120), Walk(random, 120)};
    const size_t from = 20 + random.Below(90);
    std::vector<Bars> changed = bars;
    for (Bars& some : changed) {
      for (size_t i = from; i < some.size(); ++i) {
        some[i] = NextBar(random, some[i].start, some[i - 1].close);
      }
    }
    for (const StrategyPlan& plan : Plans()) {
      const BacktestResult one = Run(plan, bars), other = Run(plan, changed);
      const base::WallTime until = bars[0][from].start;
      size_t i = 0;
      for (; i < one.fills.size() && one.fills[i].time < until; ++i) {
        ASSERT_LT(i, other.fills.size());
        EXPECT_EQ(TextOf(one.fills[i]), TextOf(other.fills[i]));
      }
      EXPECT_TRUE(i == other.fills.size() || other.fills[i].time >= until);
      for (size_t k = 0; k < from; ++k) ASSERT_EQ(one.curve.equity[k], other.curve.equity[k]);
    }
  });
}

// With parts of a unit everything is twice as much, to the last decimal of a quantity or two.
TEST_F(StrategiesTest, TwiceTheCashBuysTwiceAsMuch) {
  spec_.fractional = true;
  spec_.fees.rate = D("0.001");
  spec_.slippage_bps = D("5");
  ForEachSeed(10, [this](base::Random& random) {
    const std::vector<Bars> bars = {Walk(random, 100), Walk(random, 100)};
    for (const StrategyPlan& plan : Plans()) {
      spec_.cash = A("100000");
      const BacktestResult one = Run(plan, bars);
      spec_.cash = A("200000");
      const BacktestResult two = Run(plan, bars);
      ASSERT_EQ(one.fills.size(), two.fills.size());
      for (size_t i = 0; i < one.fills.size(); ++i) {
        EXPECT_EQ(one.fills[i].price, two.fills[i].price);
        const int64_t twice = 2 * one.fills[i].quantity.units();
        EXPECT_NEAR(static_cast<double>(two.fills[i].quantity.units()), static_cast<double>(twice),
                    1e-9 * static_cast<double>(twice) + 10);
      }
      EXPECT_NEAR(one.figures.total_return, two.figures.total_return, 1e-9);
    }
  });
}

// Without fees and slippage each trade brings quantity x (exit - entry), and all of them together
// what equity has gained.
TEST_F(StrategiesTest, WithoutFeesMoneyComesFromPricesOnly) {
  ForEachSeed(20, [this](base::Random& random) {
    const std::vector<Bars> bars = {Walk(random, 100), Walk(random, 100)};
    for (const StrategyPlan& plan : Plans()) {
      const BacktestResult result = Run(plan, bars);
      base::Int128 gained = 0;
      for (const Trade& trade : result.trades) {
        const base::Int128 distance = trade.exit.units() - trade.entry.units();
        const base::Int128 expected = (trade.is_long ? 1 : -1) * distance * trade.quantity.units();
        EXPECT_TRUE(trade.profit.units() == expected) << trade.profit.ToString();
        gained += trade.profit.units();
      }
      EXPECT_TRUE(spec_.cash.units() + gained == result.figures.final_equity.units())
          << result.figures.final_equity.ToString();
      EXPECT_TRUE(result.figures.fees.zero());
    }
  });
}

TEST_F(StrategiesTest, TheSameAgainGivesTheSame) {
  base::Random random(5);
  const std::vector<Bars> bars = {Walk(random, 100), Walk(random, 100)};
  for (const StrategyPlan& plan : Plans()) {
    const BacktestResult one = Run(plan, bars), two = Run(plan, bars);
    EXPECT_EQ(one.curve.equity, two.curve.equity);
    EXPECT_EQ(one.data_hash, two.data_hash);
    EXPECT_EQ(one.figures.sharpe_ratio, two.figures.sharpe_ratio);
  }
}

}  // namespace
}  // namespace livetape::jobs
