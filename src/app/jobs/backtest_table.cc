#include "app/jobs/backtest_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

#include "app/jobs/bar_selection.h"

namespace livetape::app {
namespace {

using jobs::FigureInfo;
using jobs::FigureKind;

constexpr std::string_view kNothing = "-";

// "-1234567.5" as "-1,234,567.5".
std::string Grouped(std::string_view digits) {
  const size_t first = digits.starts_with('-') ? 1 : 0;
  const size_t end = std::min(digits.find('.'), digits.size());
  std::string out;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > first && i < end && (end - i) % 3 == 0) out += ',';
    out += digits[i];
  }
  return out;
}

std::string PerCent(double fraction) { return fmt::format("{:.2f} %", fraction * 100); }

std::string FigureText(const jobs::BacktestFigures& figures, const FigureInfo& figure) {
  const std::optional<double> value = jobs::FigureOf(figures, figure.name);
  if (!value) return std::string(kNothing);
  switch (figure.kind) {
    case FigureKind::kMoney:
      return MoneyText(jobs::MoneyOf(figures, figure.name));
    case FigureKind::kCount:
      return Grouped(fmt::format("{:.0f}", *value));
    case FigureKind::kFraction:
      return PerCent(*value);
    case FigureKind::kRatio:
      return fmt::format("{:.4f}", *value);
  }
  return {};
}

std::string Words(std::string_view name) {
  std::string text(name);
  std::ranges::replace(text, '_', ' ');
  return text;
}

std::string Heading(const jobs::BacktestRequest& request, uint64_t bars, base::WallTime first,
                    base::WallTime last) {
  constexpr size_t kNamesMax = 8;
  std::vector<std::string> names = request.symbols;
  if (names.size() > kNamesMax) {
    names.resize(kNamesMax);
    names.push_back(fmt::format("{} more", request.symbols.size() - kNamesMax));
  }
  return fmt::format("{}: {} bars of {}, {} to {}\n", fmt::join(names, ", "),
                     Grouped(fmt::format("{}", bars)), model::Name(request.timeframe),
                     ShortTime(first), ShortTime(last));
}

void AppendMonths(std::string& out, std::span<const jobs::MonthReturn> months) {
  if (months.empty()) return;
  out += "\nReturn by month, %\n\n  year";
  for (const std::string_view name : {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep",
                                      "Oct", "Nov", "Dec", "year"}) {
    fmt::format_to(std::back_inserter(out), "{:>8}", name);
  }
  const auto cell = [](double fraction) { return fmt::format("{:.1f}", fraction * 100); };
  for (size_t i = 0; i < months.size();) {
    const std::chrono::year year = months[i].month.year();
    std::array<std::string, 12> cells;
    double growth = 1;
    for (; i < months.size() && months[i].month.year() == year; ++i) {
      cells.at(static_cast<unsigned>(months[i].month.month()) - 1) = cell(months[i].fraction);
      growth *= 1 + months[i].fraction;
    }
    fmt::format_to(std::back_inserter(out), "\n  {:04}", static_cast<int>(year));
    for (const std::string& text : cells) fmt::format_to(std::back_inserter(out), "{:>8}", text);
    fmt::format_to(std::back_inserter(out), "{:>8}", cell(growth - 1));
  }
  out += '\n';
}

void AppendTrades(std::string& out, std::span<const jobs::Trade> trades) {
  if (trades.empty()) return;
  const auto [worst, best] = std::ranges::minmax_element(trades, {}, &jobs::Trade::fraction);
  const auto longs = std::ranges::count_if(trades, &jobs::Trade::is_long);
  double fractions = 0;
  std::chrono::nanoseconds held{0};
  for (const jobs::Trade& trade : trades) {
    fractions += trade.fraction;
    held += (trade.closed - trade.opened) / static_cast<int64_t>(trades.size());
  }
  const auto days = std::chrono::duration<double, std::ratio<86400>>(held);
  const auto line = [&out](std::string_view what, const std::string& text) {
    fmt::format_to(std::back_inserter(out), "  {:<22}{:>18}\n", what, text);
  };
  out += "\nTrades\n\n";
  line("long / short", fmt::format("{} / {}", longs, trades.size() - static_cast<size_t>(longs)));
  line("mean", PerCent(fractions / static_cast<double>(trades.size())));
  line("best", PerCent(best->fraction));
  line("worst", PerCent(worst->fraction));
  line("held for, mean", fmt::format("{:.2f} days", days.count()));
}

void AppendRefused(std::string& out, const jobs::BacktestResult& result) {
  for (const auto& [reason, count] : result.refused) {
    fmt::format_to(std::back_inserter(out), "\nnot carried out: {} orders, {}\n", count,
                   floor::Code(reason));
  }
}

// Figures that the table of a sweep shows besides the one that it is ranked by.
std::vector<const FigureInfo*> SweepColumns(std::string_view rank_by) {
  std::vector<const FigureInfo*> columns = {jobs::FindFigure(rank_by)};
  for (const std::string_view name :
       {"sharpe_ratio", "total_return", "final_equity", "max_drawdown", "trades", "win_rate"}) {
    if (name != rank_by) columns.push_back(jobs::FindFigure(name));
  }
  return columns;
}

// Right-aligned columns, each as wide as it must be; the first line is the head.
std::string Aligned(const std::vector<std::vector<std::string>>& lines) {
  std::vector<size_t> widths(lines.front().size());
  for (const std::vector<std::string>& line : lines) {
    for (size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  }
  std::string out;
  for (const std::vector<std::string>& line : lines) {
    for (size_t i = 0; i < line.size(); ++i) {
      fmt::format_to(std::back_inserter(out), "  {:>{}}", line[i], widths[i]);
    }
    out += '\n';
  }
  return out;
}

}  // namespace

std::string MoneyText(base::Amount amount) {
  // Rounded on the exact text, which may have more digits than a double.
  constexpr base::Int128 kCent = base::Int128{base::kDecimalScale} * base::kDecimalScale / 100;
  const base::Int128 units = amount.units();
  const base::Int128 cents = (units + (units < 0 ? -kCent : kCent) / 2) / kCent;
  const base::Int128 size = cents < 0 ? -cents : cents;
  const auto whole = static_cast<uint64_t>(size / 100);
  return Grouped(
      fmt::format("{}{}.{:02}", cents < 0 ? "-" : "", whole, static_cast<unsigned>(size % 100)));
}

std::string Table(const std::string& title, const jobs::BacktestRequest& request,
                  const jobs::BacktestResult& result) {
  std::string out = title + "\n";
  out += Heading(request, result.bars, result.first, result.last);
  if (result.ruined) out += "RUINED: an account's equity was used up\n";
  out += '\n';
  for (const FigureInfo& figure : jobs::FigureList()) {
    fmt::format_to(std::back_inserter(out), "  {:<22}{:>18}   {}\n", Words(figure.name),
                   FigureText(result.figures, figure), figure.meaning);
  }
  AppendTrades(out, result.trades);
  AppendMonths(out, result.months);
  AppendRefused(out, result);
  fmt::format_to(std::back_inserter(out), "\na year is {} days; hash of the bars {:016x}\n",
                 result.days_per_year, result.data_hash);
  return out;
}

std::string Table(const jobs::BacktestRequest& request, const jobs::PlannedSweep& planned,
                  const jobs::SweepResult& result, size_t rows) {
  std::string out = fmt::format(
      "{}, {} combinations{}, by {}\n", request.strategy, planned.candidates.size(),
      planned.skipped > 0 ? fmt::format(" ({} invalid ones skipped)", planned.skipped) : "",
      request.rank_by);
  if (result.rows.empty()) return out;
  out += Heading(request, result.bars, result.first, result.last) + '\n';
  std::vector<std::vector<std::string>> lines(1);
  lines.front().emplace_back("#");
  for (const auto& [name, value] : result.rows.front().values) lines.front().push_back(name);
  const std::vector<const FigureInfo*> columns = SweepColumns(request.rank_by);
  for (const FigureInfo* const figure : columns) lines.front().push_back(Words(figure->name));
  const size_t shown = std::min(rows, result.rows.size());
  for (size_t i = 0; i < shown; ++i) {
    const jobs::SweepRow& row = result.rows[i];
    std::vector<std::string>& line = lines.emplace_back();
    line.push_back(fmt::format("{}", i + 1));
    for (const auto& [name, value] : row.values) line.push_back(jobs::Text(value));
    for (const FigureInfo* const figure : columns) {
      line.push_back(FigureText(row.figures, *figure));
    }
    if (row.ruined) line.back() += " (ruined)";
  }
  out += Aligned(lines);
  if (shown < result.rows.size()) {
    fmt::format_to(std::back_inserter(out), "  and {} more: --rows, --json or --csv-out\n",
                   result.rows.size() - shown);
  }
  return out;
}

std::string StrategyTable() {
  std::string out;
  for (const jobs::StrategyInfo& strategy : jobs::Strategies()) {
    fmt::format_to(std::back_inserter(out), "{}\n    {}\n", strategy.name, strategy.meaning);
    for (const jobs::Parameter& p : strategy.parameters) {
      fmt::format_to(std::back_inserter(out), "    {:<12}{:<9}{:>8}   {}\n", p.name,
                     jobs::Name(p.type()), jobs::Text(p.preset), p.meaning);
    }
  }
  return out;
}

}  // namespace livetape::app
