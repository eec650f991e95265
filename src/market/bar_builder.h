#pragma once

// BarBuilder: makes the bars of all six timeframes of one instrument from its trades.
// One thread owns it.
//
// A bucket is open from its first trade until a trade of a later bucket closes it; buckets without
// a trade make no bar. Trades out of order, per timeframe:
//   - in the open bucket: counts in high, low, volume and the number of trades; sets the close only
//     if it is not older than the newest trade of the bar, the open only if it is older than the
//     oldest one;
//   - in an earlier bucket: is ignored for that timeframe and counted in late().
// An instrument that never traded has bars of mids (AddMid), with volume 0. Its first trade ends
// that for good, unless it is late for all: open bars of mids give way to bars of that trade, and later
// mids are ignored.
// Volumes are exact; a sum beyond the range of an Amount stays at its maximum.

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "base/clock.h"
#include "base/decimal.h"
#include "model/bar.h"

namespace livetape::market {

struct ClosedBar {
  model::Timeframe timeframe;
  model::Bar bar;
  bool changed = true;  // since it was told, or given by Continue
};

class BarBuilder {
 public:
  // Both return the bars that this event closed, valid until the next call.
  std::span<const ClosedBar> AddTrade(base::WallTime time, base::Price price, base::Quantity size);
  std::span<const ClosedBar> AddMid(base::WallTime time, base::Price mid);

  // Goes on in `bar`, whose bucket may still be running: a bar from before the feed began. Later
  // trades of its bucket extend it, and it is no longer synthetic then; mids do, too, unless it has
  // trades. Ignored if this timeframe has an open bar.
  void Continue(model::Timeframe timeframe, const model::Bar& bar);

  // The open bar of the timeframe, if any.
  const model::Bar* open(model::Timeframe timeframe) const;
  // The same, if it has changed since it was told or given by Continue.
  const model::Bar* changed(model::Timeframe timeframe) const;
  void MarkTold(model::Timeframe timeframe);
  bool traded() const { return traded_; }
  // Trades and mids that were ignored, once per timeframe.
  uint64_t late() const { return late_; }

 private:
  enum class Origin { kNone, kTrades, kMids, kContinued };
  struct Open {
    Origin origin = Origin::kNone;
    model::Bar bar;
    base::WallTime oldest, newest;  // of what is in the bar
    bool changed = false;
  };

  std::span<const ClosedBar> Add(base::WallTime time, base::Price price, base::Quantity size,
                                 Origin origin);
  void AddTo(Open& open, model::Timeframe timeframe, base::WallTime time, base::Price price,
             base::Quantity size, Origin origin);

  std::array<Open, model::kTimeframes.size()> open_;
  std::array<ClosedBar, model::kTimeframes.size()> closed_;
  size_t closed_count_ = 0;
  bool traded_ = false;
  uint64_t late_ = 0;
};

// The start of the bucket that `time` is in.
base::WallTime BucketOf(base::WallTime time, model::Timeframe timeframe);

// a + b, or the largest Amount.
base::Amount AddSaturated(base::Amount a, base::Amount b);

}  // namespace livetape::market
