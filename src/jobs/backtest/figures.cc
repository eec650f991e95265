#include "jobs/backtest/figures.h"

#include <algorithm>
#include <array>

#include "base/assert.h"

namespace livetape::jobs {
namespace {

using F = BacktestFigures;

struct Entry {
  FigureInfo info;
  std::optional<double> (*value)(const F&);
};

// A member that is the value.
template <auto Member>
std::optional<double> Plain(const F& f) {
  return f.*Member;
}
template <auto Member>
std::optional<double> Money(const F& f) {
  return (f.*Member).Approximate();
}

constexpr std::array kEntries = {
    Entry{{"final_equity", FigureKind::kMoney, "cash and positions at the end"},
          Money<&F::final_equity>},
    Entry{{"total_return", FigureKind::kFraction, "final equity / cash at the start - 1"},
          Plain<&F::total_return>},
    Entry{{"annual_return", FigureKind::kFraction, "(1 + g)^days - 1, g: mean daily return"},
          Plain<&F::annual_return>},
    Entry{{"volatility", FigureKind::kFraction, "yearly deviation of the daily returns"},
          Plain<&F::volatility>},
    Entry{{"sharpe_ratio", FigureKind::kRatio, "annual return / volatility"},
          Plain<&F::sharpe_ratio>},
    Entry{{"sortino_ratio", FigureKind::kRatio, "annual return / yearly deviation of the losses"},
          Plain<&F::sortino_ratio>},
    Entry{{"calmar_ratio", FigureKind::kRatio, "annual return / |max drawdown|"},
          Plain<&F::calmar_ratio>},
    Entry{{"max_drawdown", FigureKind::kFraction, "lowest equity / highest before it - 1"},
          Plain<&F::max_drawdown>},
    Entry{{"trades", FigureKind::kCount, "round trips, from flat to flat"},
          [](const F& f) { return std::optional(static_cast<double>(f.trades)); }},
    Entry{{"win_rate", FigureKind::kFraction, "share of the trades with a profit"},
          Plain<&F::win_rate>},
    Entry{{"profit_factor", FigureKind::kRatio, "sum of won / |sum of lost trade returns|"},
          Plain<&F::profit_factor>},
    Entry{{"sqn", FigureKind::kRatio, "sqrt(trades) x mean profit / its deviation"},
          Plain<&F::sqn>},
    Entry{{"exposure", FigureKind::kFraction, "share of the bars with a position"},
          Plain<&F::exposure>},
    Entry{{"fees", FigureKind::kMoney, "paid in all"}, Money<&F::fees>},
    Entry{{"buy_and_hold_return", FigureKind::kFraction,
           "last close / first close that could be decided on - 1"},
          Plain<&F::buy_and_hold_return>},
};

constexpr auto kInfos = [] {
  std::array<FigureInfo, kEntries.size()> infos{};
  for (size_t i = 0; i < infos.size(); ++i) infos[i] = kEntries[i].info;
  return infos;
}();

}  // namespace

std::span<const FigureInfo> FigureList() { return kInfos; }

const FigureInfo* FindFigure(std::string_view name) {
  const auto* const it = std::ranges::find(kInfos, name, &FigureInfo::name);
  return it == kInfos.end() ? nullptr : it;
}

std::optional<double> FigureOf(const BacktestFigures& figures, std::string_view name) {
  for (const Entry& entry : kEntries) {
    if (entry.info.name == name) return entry.value(figures);
  }
  LT_ASSERT(false, "there is no figure {}", name);
  return std::nullopt;
}

base::Amount MoneyOf(const BacktestFigures& figures, std::string_view name) {
  LT_ASSERT(name == "final_equity" || name == "fees", "{} is no money", name);
  return name == "fees" ? figures.fees : figures.final_equity;
}

}  // namespace livetape::jobs
