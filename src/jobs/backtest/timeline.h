#pragma once

// Timeline: the bars of several symbols, moment by moment. One thread owns it.

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "jobs/backtest/bar_feed.h"
#include "jobs/backtest/strategy.h"

namespace livetape::jobs {

class Timeline {
 public:
  explicit Timeline(const TimeRange& range, std::optional<ForbiddenSpan> forbidden = std::nullopt,
                    market::Hours hours = market::Hours::kAlways)
      : range_(range), forbidden_(std::move(forbidden)), hours_(hours) {}
  // The next symbol. `reader` outlives the timeline.
  void Add(std::string name, BarReader& reader);

  // To the first moment.
  base::Result<void> Start();
  // To the next one; false: there is none, or Fault() says why not.
  bool Advance() {
    if (feeds_.size() == 1) [[likely]] {
      BarFeed& feed = *feeds_.front();
      const bool more = feed.Advance();
      bars_.front().bar = &feed.bar();
      return more;
    }
    return AdvanceAll();
  }
  base::WallTime moment() const { return bars_.front().bar->start; }
  // By symbol, at least one.
  std::span<const SymbolBar> bars() const { return bars_; }
  // No bar of that symbol follows.
  bool Last(Symbol symbol) const { return feeds_[symbol.value()]->last(); }
  // Takes what is left of each feed into its hash: that is the end of bars().
  void ReadToEnd() {
    for (const auto& feed : feeds_) feed->ReadToEnd();
  }
  const base::Error* Fault() const;
  const std::vector<std::unique_ptr<BarFeed>>& feeds() const { return feeds_; }

 private:
  bool AdvanceAll();
  void Gather();

  const TimeRange range_;
  const std::optional<ForbiddenSpan> forbidden_;
  const market::Hours hours_;
  std::vector<std::unique_ptr<BarFeed>> feeds_;
  std::vector<size_t> waiting_;  // feeds with a bar that has not had its moment, ascending
  std::vector<SymbolBar> bars_;
};

}  // namespace livetape::jobs
