#include "market/bar_history.h"

#include <algorithm>
#include <utility>

namespace livetape::market {
namespace {

using model::Bar;
using model::Timeframe;

// Bars of `timeframe` made of shorter ones, which ascend.
std::vector<Bar> Group(const std::vector<Bar>& bars, Timeframe timeframe) {
  std::vector<Bar> groups;
  for (const Bar& bar : bars) {
    const base::WallTime start = BucketOf(bar.start, timeframe);
    if (groups.empty() || groups.back().start != start) {
      groups.push_back(bar);
      groups.back().start = start;
      continue;
    }
    Bar& group = groups.back();
    group.high = std::max(group.high, bar.high);
    group.low = std::min(group.low, bar.low);
    group.close = bar.close;
    group.volume = AddSaturated(group.volume, bar.volume);
    group.trades += bar.trades;
    group.synthetic = group.synthetic && bar.synthetic;
  }
  return groups;
}

// Without those that do not follow the one before them.
std::vector<Bar> Ascending(const std::vector<Bar>& given) {
  std::vector<Bar> bars;
  bars.reserve(given.size());
  for (const Bar& bar : given) {
    if (bars.empty() || bar.start > bars.back().start) bars.push_back(bar);
  }
  return bars;
}

}  // namespace

void BarHistory::AddTrade(model::InstrumentId instrument, base::WallTime time, base::Price price,
                          base::Quantity size) {
  Series& series = Of(instrument);
  const std::scoped_lock lock(series.mutex);
  Keep(instrument, series, series.builder.AddTrade(time, price, size));
}

void BarHistory::AddMid(model::InstrumentId instrument, base::WallTime time, base::Price mid) {
  Series& series = Of(instrument);
  const std::scoped_lock lock(series.mutex);
  Keep(instrument, series, series.builder.AddMid(time, mid));
}

void BarHistory::Load(const model::BarHistory& history) {
  const std::vector<Bar> bars = Ascending(history.bars);
  Series& series = Of(history.instrument);
  const std::scoped_lock lock(series.mutex);
  if (history.timeframe == Timeframe::k1m) {
    for (const Timeframe longer : {Timeframe::k5m, Timeframe::k15m, Timeframe::k1h}) {
      Prepend(series, longer, Group(bars, longer));
    }
  }
  Prepend(series, history.timeframe, bars);
}

void BarHistory::LoadSeries(const model::BarHistory& history) {
  Series& series = Of(history.instrument);
  const std::scoped_lock lock(series.mutex);
  Prepend(series, history.timeframe, Ascending(history.bars));
}

// `bars` ascend.
void BarHistory::Prepend(Series& series, Timeframe timeframe, std::vector<Bar> bars) {
  auto& closed = series.closed[static_cast<size_t>(timeframe)];
  const Bar* const open = series.builder.open(timeframe);
  const Bar* const oldest = closed.empty() ? open : &closed.front();
  if (oldest != nullptr) {
    const auto overlap = std::partition_point(
        bars.begin(), bars.end(), [&](const Bar& bar) { return bar.start < oldest->start; });
    bars.erase(overlap, bars.end());
  }
  if (bars.empty()) return;
  if (oldest == nullptr) {
    series.builder.Continue(timeframe, bars.back());
    bars.pop_back();
  }
  closed.insert(closed.begin(), bars.begin(), bars.end());
  const size_t limit = limits_.closed[static_cast<size_t>(timeframe)];
  while (closed.size() > limit) closed.pop_front();
}

std::vector<Bar> BarHistory::Read(model::InstrumentId instrument, Timeframe timeframe,
                                  base::WallTime from, base::WallTime to, size_t limit) const {
  std::vector<Bar> bars;
  const std::shared_lock table_lock(table_mutex_);
  if (instrument.value() >= series_.size() || limit == 0) return bars;
  const Series& series = *series_[instrument.value()];
  const std::scoped_lock lock(series.mutex);
  const auto& closed = series.closed[static_cast<size_t>(timeframe)];
  const Bar* const open = series.builder.open(timeframe);
  const bool with_open = open != nullptr && open->start >= from && open->start <= to;
  auto begin = std::partition_point(closed.begin(), closed.end(),
                                    [&](const Bar& bar) { return bar.start < from; });
  const auto end =
      std::partition_point(begin, closed.end(), [&](const Bar& bar) { return bar.start <= to; });
  const size_t room = with_open ? limit - 1 : limit;
  const auto found = static_cast<size_t>(end - begin);
  if (found > room) begin = end - static_cast<ptrdiff_t>(room);
  bars.reserve(std::min(found, room) + 1);
  bars.assign(begin, end);
  if (with_open) bars.push_back(*open);
  return bars;
}

uint64_t BarHistory::late() const {
  const std::shared_lock table_lock(table_mutex_);
  uint64_t late = 0;
  for (const auto& series : series_) {
    const std::scoped_lock lock(series->mutex);
    late += series->builder.late();
  }
  return late;
}

void BarHistory::TellOpen(base::WallTime ended_by) {
  for (uint32_t i = 0; i < series_.size(); ++i) {
    Series& series = *series_[i];
    const std::scoped_lock lock(series.mutex);
    for (const Timeframe timeframe : model::kTimeframes) {
      const Bar* const bar = series.builder.changed(timeframe);
      if (bar == nullptr || bar->start > ended_by - model::Length(timeframe)) continue;
      if (on_closed_) on_closed_(model::InstrumentId(i), {timeframe, *bar});
      series.builder.MarkTold(timeframe);
    }
  }
}

// Only the writer changes the table, so it may look without the lock.
BarHistory::Series& BarHistory::Of(model::InstrumentId instrument) {
  if (instrument.value() >= series_.size()) {
    const std::scoped_lock table_lock(table_mutex_);
    while (series_.size() <= instrument.value()) series_.push_back(std::make_unique<Series>());
  }
  return *series_[instrument.value()];
}

void BarHistory::Keep(model::InstrumentId instrument, Series& series,
                      std::span<const ClosedBar> closed) {
  for (const ClosedBar& bar : closed) {
    if (on_closed_ && bar.changed) on_closed_(instrument, bar);
    const auto timeframe = static_cast<size_t>(bar.timeframe);
    series.closed[timeframe].push_back(bar.bar);
    if (series.closed[timeframe].size() > limits_.closed[timeframe]) {
      series.closed[timeframe].pop_front();
    }
  }
}

}  // namespace livetape::market
