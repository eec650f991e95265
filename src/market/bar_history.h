#pragma once

// BarHistory: the newest bars of every instrument, closed ones and the open one, made from trades
// as they come. One thread writes; any thread reads, under a mutex per instrument.
//
// Bounded per instrument and timeframe: when one bar too many is closed, the oldest is dropped.
// Rules of bars: market/bar_builder.h.

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <span>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/decimal.h"
#include "market/bar_builder.h"
#include "model/instrument.h"
#include "model/market_event.h"

namespace livetape::market {

// Closed bars kept, by timeframe: 1s, 1m, 5m, 15m, 1h, 1d.
struct BarLimits {
  std::array<size_t, model::kTimeframes.size()> closed = {3600, 7200, 2000, 2000, 2000, 1000};
};

class BarHistory {
 public:
  using OnClosed = std::function<void(model::InstrumentId, const ClosedBar&)>;

  explicit BarHistory(BarLimits limits = {}) : limits_(limits) {}
  // Before anything else: told of each bar that the writer closes, on its thread, unless it is as it was
  // loaded or told last.
  void SetOnClosed(OnClosed on_closed) { on_closed_ = std::move(on_closed); }

  // The writer's. An instrument exists from the first call that names it.
  void AddTrade(model::InstrumentId instrument, base::WallTime time, base::Price price,
                base::Quantity size);
  void AddMid(model::InstrumentId instrument, base::WallTime time, base::Price mid);
  // Puts bars from before the feed in front of what is there; those that do not precede it are left
  // out, and so are bars that do not follow the one before them. Minutes also make the bars of 5
  // minutes, 15 minutes and an hour. The last loaded bar counts as open while nothing newer is: its
  // bucket may still be running.
  void Load(const model::BarHistory& history);
  // The same without making longer bars of minutes.
  void LoadSeries(const model::BarHistory& history);

  // Tells of the open bars, too, that have changed and whose bucket ended by then; they stay open for
  // trades that are late.
  void TellOpen(base::WallTime ended_by);

  // Any thread: bars that start in [from, to], oldest first, the open one too. When there are more
  // than `limit`, the newest `limit` of them. Empty for an unknown instrument.
  std::vector<model::Bar> Read(model::InstrumentId instrument, model::Timeframe timeframe,
                               base::WallTime from, base::WallTime to, size_t limit) const;

  // Any thread: trades and mids ignored because their bar was closed, once per timeframe.
  uint64_t late() const;

 private:
  struct Series {
    mutable std::mutex mutex;
    BarBuilder builder;
    std::array<std::deque<model::Bar>, model::kTimeframes.size()> closed;
  };

  Series& Of(model::InstrumentId instrument);
  void Keep(model::InstrumentId instrument, Series& series, std::span<const ClosedBar> closed);
  void Prepend(Series& series, model::Timeframe timeframe, std::vector<model::Bar> bars);

  const BarLimits limits_;
  OnClosed on_closed_;
  mutable std::shared_mutex table_mutex_;        // of the table, not of what it points to
  std::vector<std::unique_ptr<Series>> series_;  // by instrument id
};

}  // namespace livetape::market
