#include "api/jobs/bar_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/time_text.h"

namespace livetape::api {

std::expected<bool, jobs::ParameterFault> NameAsStored(std::vector<std::string>& symbols,
                                                       const market::Instruments& instruments,
                                                       store::Reader& reader) {
  bool changed = false;
  for (std::string& symbol : symbols) {
    const auto found = instruments.Find(symbol);
    if (!found || found->instrument.symbol == symbol) continue;
    const auto exactly = reader.AllBarSeries(symbol);
    if (!exactly) return std::unexpected(jobs::ParameterFault{"symbols", exactly.error().message});
    if (!exactly->empty()) continue;
    const std::string& own = found->instrument.symbol;
    if (std::ranges::find(symbols, own) != symbols.end()) {
      return std::unexpected(jobs::ParameterFault{
          "symbols", fmt::format("{} is named twice, as {} too", own, symbol)});
    }
    symbol = own;
    changed = true;
  }
  return changed;
}

std::optional<jobs::ParameterFault> CheckBars(const BarsWanted& wanted, store::Reader& reader) {
  const auto all = reader.AllBarSeries();
  if (!all) return jobs::ParameterFault{"symbols", all.error().message};
  for (const std::string& symbol : wanted.symbols) {
    std::string timeframes, symbols;
    const store::BarSeries* found = nullptr;
    for (const store::BarSeries& series : *all) {
      if (series.symbol == symbol) {
        timeframes += fmt::format("{}{}", timeframes.empty() ? "" : ", ", Name(series.timeframe));
        if (series.timeframe == wanted.timeframe) found = &series;
      }
      if (series.timeframe == wanted.timeframe && symbols.size() < 500) {
        symbols += fmt::format("{}{}", symbols.empty() ? "" : ", ", series.symbol);
      }
    }
    if (found == nullptr && !timeframes.empty()) {
      return jobs::ParameterFault{"timeframe",
                                  fmt::format("there are no {} bars of {}; there are {}",
                                              Name(wanted.timeframe), symbol, timeframes)};
    }
    if (found == nullptr) {
      return jobs::ParameterFault{
          "symbols", fmt::format("there are no bars of {}; there are {} bars of {}", symbol,
                                 Name(wanted.timeframe), symbols.empty() ? "nothing" : symbols)};
    }
    const jobs::TimeRange& range = wanted.range;
    const auto count = reader.CountBars(
        {.symbol = symbol, .timeframe = wanted.timeframe, .from = range.from, .to = range.to});
    if (!count) return jobs::ParameterFault{"symbols", count.error().message};
    if (*count == 0) {
      return jobs::ParameterFault{
          range.from && *range.from > found->last ? "from" : "to",
          fmt::format("there are no {} bars of {} in that range; there are {} from {} to {}",
                      Name(wanted.timeframe), symbol, found->bars,
                      base::FormatRfc3339(found->first), base::FormatRfc3339(found->last))};
    }
  }
  return std::nullopt;
}

}  // namespace livetape::api
