#include "jobs/backtest/strategy_catalog.h"

#include <gtest/gtest.h>

#include <limits>
#include <set>

namespace livetape::jobs {
namespace {

std::string FaultOf(std::string_view name, const ParameterValues& given) {
  const auto plan = PlanStrategy(name, given);
  return plan ? "" : plan.error().field + ": " + plan.error().message;
}

TEST(StrategyCatalog, EveryStrategyRunsWithItsPresets) {
  std::set<std::string_view> names;
  for (const StrategyInfo& strategy : Strategies()) {
    names.insert(strategy.name);
    EXPECT_FALSE(strategy.meaning.empty());
    for (const Parameter& p : strategy.parameters) {
      EXPECT_FALSE(p.meaning.empty()) << p.name;
      EXPECT_TRUE(CompleteParameters(strategy, {{std::string(p.name), p.preset}})) << p.name;
    }
    if (strategy.name == "model") continue;  // needs one: model_strategy_test.cc
    const auto plan = PlanStrategy(strategy.name, {});
    ASSERT_TRUE(plan) << strategy.name << ": " << plan.error().message;
    EXPECT_EQ(plan->portfolio, strategy.portfolio);
    EXPECT_GE(plan->warm_up, 1);
    EXPECT_NE(plan->make(2), nullptr);
  }
  EXPECT_EQ(names, (std::set<std::string_view>{"buy_and_hold", "sma_cross", "ema_cross", "rsi",
                                               "bollinger", "momentum", "model"}));
}

TEST(StrategyCatalog, WhatIsNotGivenIsPreset) {
  const auto values = CompleteParameters(*FindStrategy("sma_cross"), {{"slow", int64_t{50}}});
  ASSERT_TRUE(values);
  EXPECT_EQ(*values,
            (ParameterValues{{"fast", int64_t{10}}, {"slow", int64_t{50}}, {"short", false}}));
  EXPECT_EQ(PlanStrategy("sma_cross", {{"slow", int64_t{50}}})->warm_up, 50);
}

TEST(StrategyCatalog, NumbersMayBeWrittenEitherWay) {
  const auto rsi =
      CompleteParameters(*FindStrategy("rsi"), {{"period", 10.0}, {"lower", int64_t{20}}});
  ASSERT_TRUE(rsi);
  EXPECT_EQ(rsi->at("period"), ParameterValue(int64_t{10}));
  EXPECT_EQ(rsi->at("lower"), ParameterValue(20.0));
}

TEST(StrategyCatalog, FaultsNameTheFieldAndWhatWouldBeRight) {
  EXPECT_EQ(FaultOf("sma", {}),
            "strategy: there is no strategy sma; there are: buy_and_hold, sma_cross, ema_cross, "
            "rsi, bollinger, momentum, model");
  EXPECT_EQ(FaultOf("sma_cross", {{"quick", int64_t{1}}}),
            "quick: sma_cross has no parameter quick; its parameters: fast, slow, short");
  EXPECT_EQ(FaultOf("buy_and_hold", {{"fast", int64_t{1}}}),
            "fast: buy_and_hold has no parameter fast; its parameters: none");
  EXPECT_EQ(FaultOf("sma_cross", {{"fast", int64_t{0}}}),
            "fast: fast must be a whole number from 1 to 100000");
  EXPECT_EQ(FaultOf("sma_cross", {{"fast", 2.5}}),
            "fast: fast must be a whole number from 1 to 100000");
  EXPECT_EQ(FaultOf("sma_cross", {{"short", int64_t{1}}}), "short: short must be true or false");
  EXPECT_EQ(FaultOf("sma_cross", {{"fast", true}}),
            "fast: fast must be a whole number from 1 to 100000");
  EXPECT_EQ(FaultOf("bollinger", {{"deviations", std::numeric_limits<double>::quiet_NaN()}}),
            "deviations: deviations must be a number from 0.1 to 10");
}

TEST(StrategyCatalog, FastMustBeFasterThanSlow) {
  for (const std::string_view name : {"sma_cross", "ema_cross"}) {
    EXPECT_EQ(FaultOf(name, {{"fast", int64_t{30}}, {"slow", int64_t{30}}}),
              "fast: fast must be less than slow: 30 is not less than 30");
    EXPECT_EQ(FaultOf(name, {{"fast", int64_t{29}}, {"slow", int64_t{30}}}), "");
  }
  EXPECT_EQ(FaultOf("rsi", {{"lower", int64_t{70}}}),
            "lower: lower must be less than upper: 70 is not less than 70");
}

}  // namespace
}  // namespace livetape::jobs
