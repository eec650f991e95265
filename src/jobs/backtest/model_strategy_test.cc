#include "jobs/backtest/model_strategy.h"

#include <gtest/gtest.h>

#include "jobs/backtest/backtest_fixture.h"
#include "jobs/backtest/strategy_catalog.h"
#include "jobs/backtest/sweep.h"
#include "jobs/training/model_fixture.h"
#include "jobs/training/sample_bars.h"

namespace livetape::jobs {
namespace {

constexpr uint64_t kSeed = 31;

class ModelStrategyTest : public BacktestFixture {
 protected:
  std::expected<StrategyPlan, ParameterFault> Plan(ParameterValues given = {}) {
    given.try_emplace("task_id", "t1");
    return PlanStrategy("model", given, &source_);
  }
  std::string FaultOf(const ParameterValues& given) {
    const auto plan = Plan(given);
    return plan ? "none" : plan.error().field + ": " + plan.error().message;
  }
  // Bars that begin on `day`.
  static std::vector<model::Bar> From(std::string_view day, size_t count = 120) {
    std::vector<model::Bar> bars = RandomWalk(count, kSeed);
    const auto shift = T(day) - bars.front().start;
    for (model::Bar& bar : bars) bar.start += shift;
    return bars;
  }
  static bool Rose(const std::vector<model::Bar>& bars, size_t i) {
    return bars[i].close > bars[i - 1].close;
  }

  std::shared_ptr<const TrainedModel> model_ =
      std::make_shared<const TrainedModel>(ContrarianModel());
  ModelSource source_{
      [this](std::string_view task_id) -> base::Result<std::shared_ptr<const TrainedModel>> {
        if (task_id == "t1") return model_;
        return base::Fail("there is no training " + std::string(task_id));
      },
      model::Timeframe::k1d};
};

// The model foretells a rise after each fall, so what it does is known.
TEST_F(ModelStrategyTest, IsLongWhileARiseIsForetold) {
  const std::vector<model::Bar> bars = From("2021-01-01");
  const BacktestResult result = Run(*Plan(), bars);
  size_t expected = 0;
  bool is_long = false;
  for (size_t i = kFeatureWarmUp - 1; i + 1 < bars.size(); ++i) {
    if (Rose(bars, i) == !is_long) continue;
    is_long = !is_long;
    const RunFill& fill = result.fills.at(expected++);
    EXPECT_EQ(fill.time, bars[i + 1].start);
    EXPECT_EQ(fill.side, is_long ? model::Side::kBuy : model::Side::kSell);
  }
  EXPECT_GT(expected, 20);
  EXPECT_LE(result.fills.size(), expected + 1) << "one more where the last bar closes";
}

TEST_F(ModelStrategyTest, IsShortOnlyWhereAsked) {
  const std::vector<model::Bar> bars = From("2021-01-01");
  const auto sells = [&](const ParameterValues& given) {
    bool short_seen = false;
    for (const Trade& trade : Run(*Plan(given), bars).trades) {
      short_seen = short_seen || !trade.is_long;
    }
    return short_seen;
  };
  EXPECT_FALSE(sells({}));
  EXPECT_TRUE(sells({{"short", true}}));
  EXPECT_FALSE(sells({{"short", true}, {"threshold", 0.8}}));
}

TEST_F(ModelStrategyTest, ThresholdIsBeyondNotAt) {
  const std::vector<model::Bar> bars = From("2021-01-01");
  EXPECT_GT(Run(*Plan({{"threshold", 0.74}}), bars).fills.size(), 0);
  EXPECT_EQ(Run(*Plan({{"threshold", 0.76}}), bars).fills.size(), 0);
}

TEST_F(ModelStrategyTest, BarsThatTheModelHasSeenAreRefused) {
  const std::string why =
      " may not be used: the model has been trained on bars from 2020-01-01T00:00:00.000000Z to "
      "2020-12-31T00:00:00.000000Z and knows what followed; test it on others, or set "
      "allow_lookahead";
  EXPECT_EQ(Try(*Plan(), {From("2020-12-31")}).error().message,
            "the bar of A at 2020-12-31T00:00:00.000000Z" + why);
  EXPECT_EQ(Try(*Plan(), {From("2019-12-02", 31)}).error().message,
            "the bar of A at 2020-01-01T00:00:00.000000Z" + why);
  EXPECT_EQ(Try(*Plan(), {From("2021-01-01"), From("2020-06-01", 9000)}).error().message,
            "the bar of B at 2020-06-01T00:00:00.000000Z" + why);
  EXPECT_TRUE(Try(*Plan(), {From("2019-12-02", 30)}));
  EXPECT_TRUE(Try(*Plan(), {From("2021-01-01")}));
  EXPECT_TRUE(Try(*Plan({{"allow_lookahead", true}}), {From("2020-06-01")}));
}

TEST_F(ModelStrategyTest, BarsOutsideOfTheRangeDoNotCount) {
  spec_.range.from = T("2021-01-01");
  EXPECT_TRUE(Try(*Plan(), {From("2020-06-01", 400)}));
}

TEST_F(ModelStrategyTest, FaultsNameTheParameter) {
  EXPECT_EQ(FaultOf({{"task_id", "t2"}}), "task_id: there is no training t2");
  EXPECT_EQ(FaultOf({{"task_id", ""}}),
            "task_id: task_id must name the training that made the model");
  EXPECT_EQ(FaultOf({{"task_id", int64_t{4}}}), "task_id: task_id must be a text");
  EXPECT_EQ(FaultOf({{"threshold", 1.5}}), "threshold: threshold must be a number from 0 to 1");
  source_.timeframe = model::Timeframe::k1m;
  EXPECT_EQ(FaultOf({}),
            "task_id: the model was trained on bars of 1d, the backtest has those of 1m");
  const auto plan = PlanStrategy("model", {{"task_id", "t1"}});
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().message, "there are no trained models here");
}

TEST_F(ModelStrategyTest, ASweepSkipsModelsThatMayNotBeUsed) {
  BacktestRequest request{.strategy = "model", .symbols = {"A"}};
  const auto plan = [&](const std::vector<model::Bar>& bars) {
    const auto checked = Check(request);
    EXPECT_TRUE(checked);
    return PlanSweep(request, *checked, source_,
                     std::vector<LoadedSymbol>{{"A", model::AssetClass::kUsEquity, bars}});
  };
  request.params = {{"task_id", {"t2", "t1"}}, {"threshold", {0.4, 0.6, 1.5}}};
  const auto unseen = plan(From("2021-01-01"));
  ASSERT_TRUE(unseen);
  EXPECT_EQ(unseen->candidates.size(), 2) << "those of t1 with a threshold that there is";
  EXPECT_EQ(unseen->skipped, 4);
  const auto seen = plan(From("2020-12-31"));
  ASSERT_FALSE(seen);
  EXPECT_EQ(seen.error().field, "task_id");
  EXPECT_EQ(seen.error().message,
            "none of the 6 combinations can be run; the first: there is no training t2");
  request.params = {{"task_id", {"t1"}}, {"allow_lookahead", {false, true}}};
  const auto allowed = plan(From("2020-12-31"));
  ASSERT_TRUE(allowed);
  ASSERT_EQ(allowed->candidates.size(), 1);
  EXPECT_EQ(allowed->candidates.front().values.at("allow_lookahead"), ParameterValue(true));
  EXPECT_EQ(allowed->skipped, 1);
}

TEST(EachFoundOnce, CombinationsOfASweepShareTheirModel) {
  size_t found = 0;
  const ModelSource each = EachFoundOnce(
      {[&found](std::string_view id) -> base::Result<std::shared_ptr<const TrainedModel>> {
         ++found;
         if (id == "none") return base::Fail("there is none");
         return std::make_shared<const TrainedModel>(ContrarianModel());
       },
       model::Timeframe::k1h});
  EXPECT_EQ(each.timeframe, model::Timeframe::k1h);
  const auto first = each.find("t1");
  ASSERT_TRUE(first);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(*each.find("t1"), *first);
  EXPECT_EQ(found, 1);
  EXPECT_NE(*each.find("t2"), *first);
  EXPECT_FALSE(each.find("none"));
  EXPECT_FALSE(each.find("none"));
  EXPECT_EQ(found, 3);
}

}  // namespace
}  // namespace livetape::jobs
