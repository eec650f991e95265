#pragma once

// ScriptedFixture: backtests of a few bars, with a strategy that does what the test says.

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "jobs/backtest/backtest_fixture.h"

namespace livetape::jobs {

// Does what a test says at the close of each moment, which are counted from 0.
class Script final : public Strategy {
 public:
  using Plan = std::function<void(size_t moment, const Holdings&, std::vector<Intent>&)>;
  explicit Script(Plan plan) : plan_(std::move(plan)) {}
  void OnBars(std::span<const SymbolBar> /*bars*/, const Holdings& holdings,
              std::vector<Intent>& intents) override {
    plan_(moment_++, holdings, intents);
  }

 private:
  const Plan plan_;
  size_t moment_ = 0;
};

inline constexpr Symbol kA(0), kB(1);

class ScriptedFixture : public BacktestFixture {
 protected:
  ScriptedFixture() { spec_.cash = A("1000"); }

  static StrategyPlan Scripted(const Script::Plan& script) {
    return {.portfolio = false, .warm_up = 1, .make = [script](size_t) {
              return std::make_unique<Script>(script);
            }};
  }
  // Wants a stance at the close of a moment.
  static StrategyPlan Wanting(const std::map<size_t, Stance>& stances) {
    return Scripted([stances](size_t moment, const Holdings&, std::vector<Intent>& intents) {
      if (const auto it = stances.find(moment); it != stances.end()) {
        intents.emplace_back(Target{kA, it->second});
      }
    });
  }
  struct Row {
    std::string_view open, high, low, close;
  };
  // One a day from Thursday, 4 January 2024.
  static std::vector<model::Bar> Days(const std::vector<Row>& rows,
                                      std::string_view first = "2024-01-04") {
    std::vector<model::Bar> bars;
    for (const Row& row : rows) {
      model::Bar& bar = bars.emplace_back();
      bar.start = T(first) + std::chrono::days(bars.size() - 1);
      bar.open = P(row.open);
      bar.high = P(row.high);
      bar.low = P(row.low);
      bar.close = P(row.close);
    }
    return bars;
  }
  static std::vector<model::Bar> Flat(const std::vector<std::string_view>& prices,
                                      std::string_view first = "2024-01-04") {
    std::vector<Row> rows;
    for (const std::string_view price : prices) rows.push_back({price, price, price, price});
    return Days(rows, first);
  }
  static std::string TextOf(const std::vector<RunFill>& fills) {
    std::string text;
    for (const RunFill& f : fills) {
      text.append(text.empty() ? "" : "; ").append(model::Name(f.side)).append(" ");
      text += f.quantity.ToString() + "@" + f.price.ToString();
    }
    return text;
  }
  static std::string TextOf(const EquityCurve& curve) {
    std::string text;
    for (const base::Amount equity : curve.equity) {
      text.append(text.empty() ? "" : " ").append(equity.ToString());
    }
    return text;
  }
};

}  // namespace livetape::jobs
