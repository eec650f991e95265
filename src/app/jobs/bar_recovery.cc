#include "app/jobs/bar_recovery.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "app/jobs/stored_bars.h"
#include "market/bar_builder.h"

namespace livetape::app {
namespace {

using model::Bar;
using model::Timeframe;

// The last two: what a bar of today is compared with is at hand.
constexpr size_t kKept = 2;
// Longer bars are completed from minutes of the day before the start, no older ones.
constexpr std::chrono::hours kMinutesOf{24};
constexpr size_t kMinutesMax = 1440;

void Widen(Bar& bar, const Bar& minute) {
  bar.high = std::max(bar.high, minute.high);
  bar.low = std::min(bar.low, minute.low);
  bar.close = minute.close;
}

}  // namespace

std::vector<Bar> WithMinutes(std::vector<Bar> bars, const std::vector<Bar>& minutes,
                             Timeframe timeframe) {
  // Of what is known of the bucket that both have, the larger counts.
  base::Amount volume;
  uint64_t trades = 0;
  for (const Bar& minute : minutes) {
    const base::WallTime start = market::BucketOf(minute.start, timeframe);
    if (!bars.empty() && start < bars.back().start) continue;
    if (bars.empty() || start > bars.back().start) {
      bars.push_back(minute);
      bars.back().start = start;
      volume = minute.volume;
      trades = minute.trades;
      continue;
    }
    Bar& bar = bars.back();
    Widen(bar, minute);
    volume = market::AddSaturated(volume, minute.volume);
    trades += minute.trades;
    bar.volume = std::max(bar.volume, volume);
    bar.trades = std::max(bar.trades, trades);
    bar.synthetic = bar.synthetic && minute.synthetic;
  }
  return bars;
}

base::Result<BarRecovery> BarRecovery::Read(const std::filesystem::path& folder) {
  auto reader = OpenStoreReader(folder);
  if (!reader) return std::unexpected(std::move(reader.error()));
  BarRecovery recovery(*std::move(reader));
  auto series = recovery.reader_->AllBarSeries();
  if (!series) return std::unexpected(std::move(series.error()));
  recovery.series_ = *std::move(series);
  return recovery;
}

bool BarRecovery::Has(std::string_view symbol, Timeframe timeframe) const {
  return std::ranges::any_of(series_, [&](const store::BarSeries& series) {
    return series.symbol == symbol && series.timeframe == timeframe;
  });
}

void BarRecovery::ForEachInstrument(
    size_t most, const std::function<void(const model::Instrument&)>& take) const {
  const store::BarSeries* before = nullptr;
  for (const store::BarSeries& series : series_) {
    if (before != nullptr && before->symbol == series.symbol) continue;
    before = &series;
    if (most-- == 0) return;
    take({.symbol = series.symbol, .asset_class = series.asset_class});
  }
}

base::Result<std::vector<Bar>> BarRecovery::Newest(const store::BarSeries& series,
                                                   base::WallTime now, size_t count) {
  return reader_->Bars({.symbol = series.symbol,
                        .timeframe = series.timeframe,
                        .from = std::nullopt,
                        .to = now,
                        .newest = true,
                        .limit = count});
}

base::Result<void> BarRecovery::Continue(
    base::WallTime now,
    const std::function<std::optional<model::InstrumentId>(std::string_view symbol)>& find,
    market::BarHistory& bars, BarQueue& queue) {
  std::vector<Bar> minutes;
  const store::BarSeries* minutes_of = nullptr;
  for (const store::BarSeries& one : series_) {
    const store::BarSeries* const series = &one;
    const auto id = find(series->symbol);
    if (!id) continue;
    if (minutes_of == nullptr || minutes_of->symbol != series->symbol) {
      minutes_of = series;
      store::BarSeries of_minutes = *series;
      of_minutes.timeframe = Timeframe::k1m;
      auto read = Newest(of_minutes, now, kMinutesMax);
      if (!read) return std::unexpected(std::move(read.error()));
      minutes = *std::move(read);
      std::erase_if(minutes, [&](const Bar& bar) { return bar.start < now - kMinutesOf; });
    }
    auto newest = Newest(*series, now, kKept);
    if (!newest) return std::unexpected(std::move(newest.error()));
    if (newest->empty()) continue;
    const base::WallTime last = newest->back().start;
    if (series->timeframe > Timeframe::k1m) {
      newest = WithMinutes(*std::move(newest), minutes, series->timeframe);
    }
    for (const Bar& bar : *newest) {
      if (bar.start >= last && &bar != &newest->back()) {
        queue.AddClosed(*id, series->timeframe, bar);
      }
    }
    bars.LoadSeries(
        {.instrument = *id, .timeframe = series->timeframe, .bars = *std::move(newest)});
  }
  return {};
}

}  // namespace livetape::app
