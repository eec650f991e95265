#include "app/jobs/backtest_bars.h"

#include <algorithm>
#include <utility>

#include "app/jobs/bar_selection.h"
#include "app/jobs/stored_bars.h"
#include "base/assert.h"

namespace livetape::app {

base::Result<BacktestBars> BacktestBars::OfStore(const std::filesystem::path& folder) {
  auto reader = OpenStoreReader(folder);
  if (!reader) return std::unexpected(std::move(reader.error()));
  auto series = (*reader)->AllBarSeries();
  if (!series) return std::unexpected(std::move(series.error()));
  BacktestBars bars;
  bars.store_ = *std::move(reader);
  bars.series_ = *std::move(series);
  return bars;
}

BacktestBars BacktestBars::OfCsv(std::vector<jobs::LoadedSymbol> symbols,
                                 model::Timeframe timeframe) {
  BacktestBars bars;
  bars.series_.reserve(symbols.size());
  for (const jobs::LoadedSymbol& symbol : symbols) {
    bars.series_.push_back({.symbol = symbol.name,
                            .timeframe = timeframe,
                            .asset_class = symbol.asset_class,
                            .bars = symbol.bars.size(),
                            .first = symbol.bars.front().start,
                            .last = symbol.bars.back().start});
  }
  bars.loaded_ = std::move(symbols);
  return bars;
}

std::vector<std::string> BacktestBars::FileSymbols() const {
  std::vector<std::string> names;
  names.reserve(loaded_.size());
  for (const jobs::LoadedSymbol& symbol : loaded_) names.push_back(symbol.name);
  return names;
}

base::Result<void> BacktestBars::Select(std::span<const std::string> symbols,
                                        model::Timeframe timeframe, const jobs::TimeRange& range) {
  auto selected = SelectBars(series_, symbols, timeframe, range);
  if (!selected) return std::unexpected(std::move(selected.error()));
  series_ = *std::move(selected);
  range_ = range;
  return {};
}

std::vector<jobs::BacktestSymbol> BacktestBars::Readers() {
  readers_.clear();
  std::vector<jobs::BacktestSymbol> symbols;
  symbols.reserve(series_.size());
  for (const store::BarSeries& series : series_) {
    if (store_ != nullptr) {
      readers_.push_back(std::make_unique<StoredBars>(*store_, series.symbol, series.timeframe,
                                                      range_.from, range_.to));
    } else {
      const auto it = std::ranges::find(loaded_, series.symbol, &jobs::LoadedSymbol::name);
      LT_ASSERT(it != loaded_.end(), "{}", series.symbol);
      std::span<const model::Bar> bars = it->bars;
      const auto begin = range_.from
                             ? std::ranges::lower_bound(bars, *range_.from, {}, &model::Bar::start)
                             : bars.begin();
      const auto end = range_.to
                           ? std::ranges::upper_bound(bars, *range_.to, {}, &model::Bar::start)
                           : bars.end();
      readers_.push_back(std::make_unique<jobs::BarsInMemory>(std::span(begin, end)));
    }
    symbols.push_back({series.symbol, series.asset_class, readers_.back().get()});
  }
  return symbols;
}

}  // namespace livetape::app
