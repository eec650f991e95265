#pragma once

// LeanName: what the name of a file of Lean's says about its content: `minute/spy/20131007_trade.zip`,
// `20131007_spy_minute_trade.csv`, `daily/spy.zip` (github.com/QuantConnect/Lean, Data/). Pure
// functions.

#include <optional>
#include <string>
#include <string_view>

#include "market/new_york.h"
#include "model/bar.h"

namespace livetape::jobs {

struct LeanName {
  enum class Content { kUnknown, kTrades, kQuotes, kTicks, kFactors };

  Content content = Content::kUnknown;
  std::optional<market::Day> day{};             // of the file's rows
  std::optional<model::Timeframe> timeframe{};  // 1s, 1m, 1h, 1d
};

// `path` may have folders, which count too. What it does not say stays unknown.
LeanName ParseLeanName(std::string_view path);

// Why bars of `timeframe` are not to be read from the file of that name; empty: they may be there.
std::string WhyNotBars(const LeanName& name, model::Timeframe timeframe);

// "20131007", "2013-10-07".
std::optional<market::Day> ParseDay(std::string_view text);

}  // namespace livetape::jobs
