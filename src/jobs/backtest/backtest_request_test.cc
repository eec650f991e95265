#include "jobs/backtest/backtest_request.h"

#include <gtest/gtest.h>

#include "jobs/backtest/backtest_fixture.h"

namespace livetape::jobs {
namespace {

BacktestRequest SmaRequest() {
  BacktestRequest request;
  request.strategy = "sma_cross";
  request.symbols = {"GOOG"};
  return request;
}

std::vector<ParameterValue> Integers(std::initializer_list<int64_t> values) {
  return {values.begin(), values.end()};
}

// "field: message" of the fault.
std::string FaultOf(const BacktestRequest& request) {
  const auto checked = Check(request);
  return checked ? "none" : checked.error().field + ": " + checked.error().message;
}

TEST(BacktestRequest, OneOfEachParameterIsOneRun) {
  BacktestRequest request = SmaRequest();
  request.params = {{"fast", Integers({5})}};
  const auto checked = Check(request);
  ASSERT_TRUE(checked) << checked.error().message;
  EXPECT_FALSE(checked->sweep);
  ASSERT_EQ(checked->combinations.size(), 1);
  EXPECT_EQ(Text(checked->combinations.front()), "fast=5 short=false slow=30");
}

TEST(BacktestRequest, ListsMakeAllCombinationsAndSkipInvalidOnes) {
  BacktestRequest request = SmaRequest();
  request.params = {{"fast", Integers({5, 20})}, {"slow", Integers({10, 20, 40})}};
  const auto checked = Check(request);
  ASSERT_TRUE(checked) << checked.error().message;
  EXPECT_TRUE(checked->sweep);
  EXPECT_EQ(checked->skipped, 2) << "20 is not less than 10, nor than 20";
  std::string all;
  for (const ParameterValues& values : checked->combinations) all += Text(values) + "; ";
  EXPECT_EQ(all,
            "fast=5 short=false slow=10; fast=5 short=false slow=20; fast=5 short=false slow=40; "
            "fast=20 short=false slow=40; ");
}

TEST(BacktestRequest, OnlyWhenNoneIsValidIsASweepRefused) {
  BacktestRequest request = SmaRequest();
  request.params = {{"fast", Integers({50, 60})}, {"slow", Integers({10, 20})}};
  EXPECT_EQ(FaultOf(request),
            "params.fast: none of the 4 combinations is valid; the first: fast must be less than "
            "slow: 50 is not less than 10");
  request.params = {{"fast", Integers({30})}};
  EXPECT_EQ(FaultOf(request), "params.fast: fast must be less than slow: 30 is not less than 30");
}

TEST(BacktestRequest, CombinationsHaveALimit) {
  BacktestRequest request = SmaRequest();
  std::vector<ParameterValue> hundred;
  for (int64_t i = 1; i <= 100; ++i) hundred.emplace_back(i);
  request.params = {{"fast", hundred}, {"slow", hundred}};
  EXPECT_EQ(Check(request)->combinations.size() + Check(request)->skipped, 10'000);
  request.params["slow"].emplace_back(int64_t{101});
  EXPECT_EQ(FaultOf(request),
            "params: a sweep may have 10000 combinations at most; these lists make more");
  request.params["slow"].clear();
  EXPECT_EQ(FaultOf(request), "params.slow: slow is an empty list");
}

TEST(BacktestRequest, ModelsOfASweepHaveALimit) {
  BacktestRequest request = SmaRequest();
  request.strategy = "model";
  request.params = {};
  for (size_t i = 0; i < kSweepModelsMax; ++i) {
    request.params["task_id"].emplace_back("t" + std::to_string(i));
  }
  EXPECT_EQ(Check(request)->combinations.size(), kSweepModelsMax);
  request.params["task_id"].emplace_back("more");
  EXPECT_EQ(FaultOf(request), "params.task_id: a sweep may use 100 models at most");
}

TEST(BacktestRequest, FaultsNameTheFieldAndWhatThereIs) {
  BacktestRequest request = SmaRequest();
  request.strategy = "magic";
  EXPECT_TRUE(FaultOf(request).starts_with(
      "strategy: there is no strategy magic; there are: buy_and_hold, sma_cross, "))
      << FaultOf(request);

  request = SmaRequest();
  request.params = {{"quick", Integers({5})}};
  EXPECT_EQ(FaultOf(request),
            "params.quick: sma_cross has no parameter quick; its parameters: fast, slow, short");

  request = SmaRequest();
  request.rank_by = "luck";
  EXPECT_TRUE(FaultOf(request).starts_with(
      "rank_by: there is no figure luck to rank by; there are: final_equity, total_return, "))
      << FaultOf(request);

  request = SmaRequest();
  request.symbols.clear();
  EXPECT_EQ(FaultOf(request), "symbols: symbols must name one symbol at least");
  request.symbols = {"A", "B", "A"};
  EXPECT_EQ(FaultOf(request), "symbols: A is named twice");

  request = SmaRequest();
  request.spec.range = {.from = T("2024-02-01"), .to = T("2024-01-01")};
  EXPECT_TRUE(FaultOf(request).starts_with("from: from must not be after to")) << FaultOf(request);
}

TEST(BacktestRequest, MoneyHasItsRanges) {
  const auto fault_with = [](auto change) {
    BacktestRequest request = SmaRequest();
    change(request.spec);
    const std::string fault = FaultOf(request);
    return fault.substr(0, fault.find(':'));
  };
  EXPECT_EQ(fault_with([](BacktestSpec& s) { s.cash = {}; }), "cash");
  EXPECT_EQ(fault_with([](BacktestSpec& s) { s.cash = A("-1"); }), "cash");
  EXPECT_EQ(fault_with([](BacktestSpec& s) { s.fees.rate = D("1.1"); }), "fee");
  EXPECT_EQ(fault_with([](BacktestSpec& s) { s.fees.rate = D("-0.1"); }), "fee");
  EXPECT_EQ(fault_with([](BacktestSpec& s) { s.slippage_bps = D("10000.1"); }), "slippage_bps");
  EXPECT_EQ(fault_with([](BacktestSpec& s) { s.fees.per_share = D("-1"); }), "fee_per_share");
  EXPECT_EQ(fault_with([](BacktestSpec& s) { s.fees.minimum = D("-1"); }), "fee_min");
  EXPECT_EQ(fault_with([](BacktestSpec&) {}), "none");
}

TEST(BacktestRequest, ADateAsTheEndMeansAllOfItsDay) {
  EXPECT_EQ(*ParseFrom("2024-01-05"), T("2024-01-05T00:00:00Z"));
  EXPECT_EQ(*ParseTo("2024-01-05"), T("2024-01-05T23:59:59.999999999Z"));
  EXPECT_EQ(*ParseTo("2024-01-05T10:00:00Z"), T("2024-01-05T10:00:00Z"));
  EXPECT_FALSE(ParseTo("5 January"));
}

TEST(BacktestFigures, EachHasItsName) {
  BacktestFigures figures;
  figures.final_equity = A("12.5");
  figures.fees = A("0.5");
  figures.trades = 3;
  figures.sharpe_ratio = 1.5;
  EXPECT_EQ(FigureList().size(), 15);
  EXPECT_EQ(FigureOf(figures, "final_equity"), 12.5);
  EXPECT_EQ(FigureOf(figures, "trades"), 3);
  EXPECT_EQ(FigureOf(figures, "sharpe_ratio"), 1.5);
  EXPECT_EQ(FigureOf(figures, "sqn"), std::nullopt);
  EXPECT_EQ(MoneyOf(figures, "fees").ToString(), "0.5");
  EXPECT_EQ(FindFigure("luck"), nullptr);
  for (const FigureInfo& info : FigureList()) EXPECT_EQ(FindFigure(info.name)->name, info.name);
}

}  // namespace
}  // namespace livetape::jobs
