#pragma once

// BacktestFixture: bars as text and runs of them, for tests.

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/time_text.h"
#include "jobs/backtest/backtest.h"

namespace livetape::jobs {

inline base::Price P(std::string_view text) { return *base::Price::Parse(text); }
inline base::Decimal D(std::string_view text) { return *base::Decimal::Parse(text); }
inline base::Amount A(std::string_view text) { return base::Amount::From(D(text)); }
inline base::WallTime T(std::string_view text) {
  return *base::ParseRfc3339(text.size() == 10 ? std::string(text) + "T00:00:00Z"
                                               : std::string(text));
}

class BacktestFixture : public testing::Test {
 protected:
  base::Result<BacktestResult> Try(const StrategyPlan& plan,
                                   const std::vector<std::vector<model::Bar>>& bars) {
    std::vector<BarsInMemory> readers;
    readers.reserve(bars.size());
    std::vector<BacktestSymbol> symbols;
    for (const std::vector<model::Bar>& some : bars) {
      readers.emplace_back(some);
      symbols.push_back(
          {std::string(1, static_cast<char>('A' + symbols.size())), asset_class_, &readers.back()});
    }
    return RunBacktest(spec_, plan, symbols, {.clock = clock_, .sink = sink_, .stop = stop_});
  }
  BacktestResult Run(const StrategyPlan& plan, const std::vector<std::vector<model::Bar>>& bars) {
    base::Result<BacktestResult> result = Try(plan, bars);
    EXPECT_TRUE(result) << result.error().message;
    return std::move(*result);
  }
  BacktestResult Run(const StrategyPlan& plan, const std::vector<model::Bar>& bars) {
    return Run(plan, std::vector<std::vector<model::Bar>>{bars});
  }

  BacktestSpec spec_;
  model::AssetClass asset_class_ = model::AssetClass::kUsEquity;
  base::ManualClock clock_;
  ProgressSink* sink_ = nullptr;
  std::stop_token stop_;
};

}  // namespace livetape::jobs
