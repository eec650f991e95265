#include "jobs/import/bar_gatherer.h"

#include <algorithm>
#include <chrono>
#include <span>
#include <utility>

namespace livetape::jobs {

using model::Bar;

BarGatherer::BarGatherer(BarSink& sink, model::Timeframe timeframe, model::AssetClass asset_class)
    : sink_(sink),
      timeframe_(timeframe),
      asset_class_(asset_class),
      bucket_ns_(std::chrono::nanoseconds(model::Length(timeframe)).count()) {}

base::Result<BarGatherer::Taken> BarGatherer::Add(std::string_view symbol, const Bar& bar) {
  Series* const series = Find(symbol);
  if (series == nullptr) return Taken::kTooManySymbols;
  const int64_t bucket = bar.start.time_since_epoch().count() / bucket_ns_;
  if (!series->seen.Add(bucket, chunks_left_)) return Taken::kDuplicate;
  const bool unsorted = bucket <= series->newest;
  Bar& taken = series->bars.emplace_back(bar);
  taken.start = base::WallTime(std::chrono::nanoseconds(bucket * bucket_ns_));
  series->sorted = series->sorted && !unsorted;
  series->newest = std::max(series->newest, bucket);
  first_ = std::min(first_, taken.start);
  last_ = std::max(last_, taken.start);
  ++bars_;
  base::Result<void> given;
  if (series->sorted && series->bars.size() >= kSinkBarsMax) {
    given = Give(*series);
  } else if (bars_ >= kBarsMax) {
    given = GiveAll();
  }
  if (!given) return std::unexpected(given.error());
  return unsorted ? Taken::kUnsorted : Taken::kInOrder;
}

base::Result<void> BarGatherer::Finish() { return GiveAll(); }

BarGatherer::Series* BarGatherer::Find(std::string_view symbol) {
  if (current_ != nullptr && current_->symbol == symbol) return current_;
  const auto found = by_symbol_.find(symbol);
  if (found != by_symbol_.end()) return current_ = found->second;
  if (series_.size() >= kSymbolsMax) return nullptr;
  current_ = series_.emplace_back(std::make_unique<Series>()).get();
  current_->symbol = symbol;
  by_symbol_.emplace(current_->symbol, current_);
  return current_;
}

// Of two bars of one time, which only a spent budget lets through, the later row stands.
base::Result<void> BarGatherer::Give(Series& series) {
  std::vector<Bar>& bars = series.bars;
  if (!series.sorted) {
    const auto earlier = [](const Bar& a, const Bar& b) { return a.start < b.start; };
    std::stable_sort(bars.begin(), bars.end(), earlier);
    const auto kept = std::unique(bars.rbegin(), bars.rend(),
                                  [](const Bar& a, const Bar& b) { return a.start == b.start; });
    bars.erase(bars.begin(), kept.base());
  }
  // Nothing of it stays here: with many symbols, room that is not used would be most of the memory.
  std::vector<Bar> given = std::exchange(bars, {});
  series.sorted = true;
  bars_ -= std::min(bars_, given.size());
  if (given.size() <= kSinkBarsMax) return Pass(series.symbol, std::move(given));
  for (auto rest = std::span<const Bar>(given); !rest.empty();) {
    const auto part = rest.first(std::min(rest.size(), kSinkBarsMax));
    rest = rest.subspan(part.size());
    auto passed = Pass(series.symbol, {part.begin(), part.end()});
    if (!passed) return passed;
  }
  return {};
}

base::Result<void> BarGatherer::Pass(const std::string& symbol, std::vector<Bar> bars) {
  if (bars.empty()) return {};
  return sink_.Take({.symbol = symbol,
                     .timeframe = timeframe_,
                     .asset_class = asset_class_,
                     .bars = std::move(bars)});
}

base::Result<void> BarGatherer::GiveAll() {
  for (const auto& series : series_) {
    if (auto given = Give(*series); !given) return given;
  }
  bars_ = 0;
  return {};
}

}  // namespace livetape::jobs
