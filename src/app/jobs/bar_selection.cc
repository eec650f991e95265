#include "app/jobs/bar_selection.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/time_text.h"

namespace livetape::app {
namespace {

using store::BarSeries;

constexpr size_t kNamesMax = 20;

// Names in order, each once; of many the first.
std::string Names(std::vector<std::string> names) {
  std::ranges::sort(names);
  const auto repeated = std::ranges::unique(names);
  names.erase(repeated.begin(), repeated.end());
  std::string text;
  for (size_t i = 0; i < std::min(names.size(), kNamesMax); ++i) {
    text.append(i == 0 ? "" : ", ").append(names[i]);
  }
  if (names.size() > kNamesMax) text += fmt::format(" and {} more", names.size() - kNamesMax);
  return text;
}

std::string Describe(const BarSeries& series) {
  return fmt::format("{} of {} from {} to {}", series.bars, model::Name(series.timeframe),
                     ShortTime(series.first), ShortTime(series.last));
}

base::Result<BarSeries> SelectOne(std::span<const BarSeries> all, const std::string& symbol,
                                  model::Timeframe timeframe, const jobs::TimeRange& range) {
  std::vector<std::string> names;
  names.reserve(all.size());
  std::string has;
  const BarSeries* found = nullptr;
  for (const BarSeries& series : all) {
    names.push_back(series.symbol);
    if (series.symbol != symbol) continue;
    has.append(has.empty() ? "" : "; ").append(Describe(series));
    if (series.timeframe == timeframe) found = &series;
  }
  if (names.empty()) {
    return base::Fail("there are no bars at all yet: livetape import puts some there");
  }
  if (has.empty()) {
    return base::Fail(
        fmt::format("there are no bars of {}; there are those of: {}", symbol, Names(names)));
  }
  if (found == nullptr) {
    return base::Fail(
        fmt::format("{} has no bars of {}; it has {}", symbol, model::Name(timeframe), has));
  }
  if ((range.from && found->last < *range.from) || (range.to && found->first > *range.to)) {
    return base::Fail(fmt::format("{} has no bars of {} from {} to {}; it has {}", symbol,
                                  model::Name(timeframe),
                                  range.from ? ShortTime(*range.from) : "the beginning",
                                  range.to ? ShortTime(*range.to) : "the end", has));
  }
  return *found;
}

}  // namespace

std::string ShortTime(base::WallTime time) {
  const std::string text = base::FormatRfc3339(time);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  if (std::chrono::floor<std::chrono::days>(time) == seconds) return text.substr(0, 10);
  return text.substr(0, 19) + "Z";
}

base::Result<std::vector<BarSeries>> SelectBars(std::span<const BarSeries> all,
                                                std::span<const std::string> symbols,
                                                model::Timeframe timeframe,
                                                const jobs::TimeRange& range) {
  std::vector<BarSeries> selected;
  selected.reserve(symbols.size());
  for (const std::string& symbol : symbols) {
    auto series = SelectOne(all, symbol, timeframe, range);
    if (!series) return std::unexpected(std::move(series.error()));
    selected.push_back(*std::move(series));
  }
  return selected;
}

}  // namespace livetape::app
