#include "jobs/backtest/backtest_request.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>
#include <utility>

#include "base/time_text.h"
#include "floor/account.h"

namespace livetape::jobs {
namespace {

using MaybeFault = std::optional<ParameterFault>;

MaybeFault CheckSymbols(const std::vector<std::string>& symbols) {
  if (symbols.empty()) return ParameterFault{"symbols", "symbols must name one symbol at least"};
  if (symbols.size() > kBacktestSymbolsMax) {
    return ParameterFault{"symbols", fmt::format("symbols may be {} at most, not {}",
                                                 kBacktestSymbolsMax, symbols.size())};
  }
  std::set<std::string_view> seen;
  for (const std::string& symbol : symbols) {
    if (symbol.empty()) return ParameterFault{"symbols", "a symbol must not be empty"};
    if (!seen.insert(symbol).second) {
      return ParameterFault{"symbols", fmt::format("{} is named twice", symbol)};
    }
  }
  return std::nullopt;
}

MaybeFault CheckMoney(const BacktestSpec& spec) {
  const floor::Fees& fees = spec.fees;
  if (spec.cash.units() <= 0 || spec.cash > floor::kNotionalMax) {
    return ParameterFault{"cash", "cash must be positive and at most 10^15"};
  }
  if (fees.rate.units() < 0 || fees.rate.units() > base::kDecimalScale) {
    return ParameterFault{"fee", "fee is a fraction of the notional, from 0 to 1: 0.002 is 0.2 %"};
  }
  constexpr int64_t kSlippageMax = 10'000 * base::kDecimalScale;
  if (spec.slippage_bps.units() < 0 || spec.slippage_bps.units() > kSlippageMax) {
    return ParameterFault{"slippage_bps", "slippage_bps must be from 0 to 10000"};
  }
  if (fees.per_share.units() < 0) {
    return ParameterFault{"fee_per_share", "fee_per_share must not be negative"};
  }
  if (fees.minimum.units() < 0) return ParameterFault{"fee_min", "fee_min must not be negative"};
  return std::nullopt;
}

MaybeFault CheckRange(const TimeRange& range) {
  if (!range.from || !range.to || *range.from <= *range.to) return std::nullopt;
  return ParameterFault{
      "from", fmt::format("from must not be after to: {} is after {}",
                          base::FormatRfc3339(*range.from), base::FormatRfc3339(*range.to))};
}

MaybeFault CheckRanking(std::string_view rank_by) {
  if (FindFigure(rank_by) != nullptr) return std::nullopt;
  std::vector<std::string_view> names;
  names.reserve(FigureList().size());
  for (const FigureInfo& figure : FigureList()) names.push_back(figure.name);
  return ParameterFault{"rank_by", fmt::format("there is no figure {} to rank by; there are: {}",
                                               rank_by, fmt::join(names, ", "))};
}

// The product of all lists; a fault if one is empty or there are too many.
std::expected<size_t, ParameterFault> CountCombinations(const BacktestRequest& request) {
  size_t count = 1;
  for (const auto& [name, values] : request.params) {
    if (values.empty()) {
      return std::unexpected(
          ParameterFault{"params." + name, fmt::format("{} is an empty list", name)});
    }
    if (name == "task_id" && values.size() > kSweepModelsMax) {
      return std::unexpected(ParameterFault{
          "params.task_id", fmt::format("a sweep may use {} models at most", kSweepModelsMax)});
    }
    if (values.size() > kCombinationsMax / count) {
      return std::unexpected(ParameterFault{
          "params", fmt::format("a sweep may have {} combinations at most; these lists make more",
                                kCombinationsMax)});
    }
    count *= values.size();
  }
  return count;
}

ParameterValues CombinationAt(const BacktestRequest& request, size_t index) {
  ParameterValues values;
  for (auto it = request.params.rbegin(); it != request.params.rend(); ++it) {
    const auto& [name, list] = *it;
    values.emplace(name, list[index % list.size()]);
    index /= list.size();
  }
  return values;
}

std::expected<CheckedBacktest, ParameterFault> Combine(const BacktestRequest& request,
                                                       const StrategyInfo& strategy) {
  const auto count = CountCombinations(request);
  if (!count) return std::unexpected(count.error());
  CheckedBacktest checked;
  checked.sweep = std::ranges::any_of(request.params,
                                      [](const auto& param) { return param.second.size() > 1; });
  MaybeFault first;
  for (size_t i = 0; i < *count; ++i) {
    auto values = CompleteParameters(strategy, CombinationAt(request, i));
    if (values) {
      checked.combinations.push_back(*std::move(values));
    } else {
      ++checked.skipped;
      if (!first) first = std::move(values.error());
    }
  }
  if (!checked.combinations.empty()) return checked;
  first->field.insert(0, "params.");
  if (checked.sweep) {
    first->message =
        fmt::format("none of the {} combinations is valid; the first: {}", *count, first->message);
  }
  return std::unexpected(*std::move(first));
}

}  // namespace

std::expected<CheckedBacktest, ParameterFault> Check(const BacktestRequest& request) {
  const auto strategy = LookUpStrategy(request.strategy);
  if (!strategy) return std::unexpected(strategy.error());
  for (MaybeFault fault : {CheckSymbols(request.symbols), CheckRange(request.spec.range),
                           CheckMoney(request.spec), CheckRanking(request.rank_by)}) {
    if (fault) return std::unexpected(*std::move(fault));
  }
  return Combine(request, **strategy);
}

base::Result<base::WallTime> ParseFrom(std::string_view text) { return base::ParseRfc3339(text); }

base::Result<base::WallTime> ParseTo(std::string_view text) {
  base::Result<base::WallTime> time = base::ParseRfc3339(text);
  constexpr size_t kDateLength = 10;
  if (time && text.size() == kDateLength) {
    *time += std::chrono::days(1) - std::chrono::nanoseconds(1);
  }
  return time;
}

std::string Text(const ParameterValue& value) {
  return std::visit([](const auto& v) { return fmt::format("{}", v); }, value);
}

std::string Text(const ParameterValues& values) {
  std::string text;
  for (const auto& [name, value] : values) {
    text.append(text.empty() ? "" : " ").append(name).append("=").append(Text(value));
  }
  return text;
}

}  // namespace livetape::jobs
