#include "market/bar_builder.h"

#include <algorithm>
#include <limits>

namespace livetape::market {

using base::Amount;
using base::Price;
using base::Quantity;
using base::WallTime;
using model::Timeframe;

WallTime BucketOf(WallTime time, Timeframe timeframe) {
  const int64_t length = std::chrono::nanoseconds(model::Length(timeframe)).count();
  const int64_t ns = time.time_since_epoch().count();
  const int64_t rest = ns % length;
  return WallTime{std::chrono::nanoseconds(ns - (rest < 0 ? rest + length : rest))};
}

Amount AddSaturated(Amount a, Amount b) {
  constexpr auto kMax = std::numeric_limits<base::Int128>::max();
  return a.CheckedAdd(b).value_or(Amount::FromUnits(kMax));
}

std::span<const ClosedBar> BarBuilder::AddTrade(WallTime time, Price price, Quantity size) {
  const uint64_t late_before = late_;
  const auto closed = Add(time, price, size, Origin::kTrades);
  traded_ = traded_ || late_ - late_before < open_.size();
  return closed;
}

std::span<const ClosedBar> BarBuilder::AddMid(WallTime time, Price mid) {
  if (traded_) return {};
  return Add(time, mid, Quantity(), Origin::kMids);
}

std::span<const ClosedBar> BarBuilder::Add(WallTime time, Price price, Quantity size,
                                           Origin origin) {
  closed_count_ = 0;
  for (const Timeframe timeframe : model::kTimeframes) {
    AddTo(open_[static_cast<size_t>(timeframe)], timeframe, time, price, size, origin);
  }
  return {closed_.data(), closed_count_};
}

void BarBuilder::AddTo(Open& open, Timeframe timeframe, WallTime time, Price price, Quantity size,
                       Origin origin) {
  const WallTime bucket = BucketOf(time, timeframe);
  if (open.origin != Origin::kNone && bucket < open.bar.start) {
    ++late_;
    return;
  }
  const bool same = open.origin != Origin::kNone && bucket == open.bar.start;
  const bool replaces = same && open.origin == Origin::kMids && origin == Origin::kTrades;
  if (!same || replaces) {
    if (open.origin != Origin::kNone && !same) {
      closed_[closed_count_++] = {timeframe, open.bar, open.changed};
    }
    open.origin = origin;
    open.bar = {.start = bucket,
                .open = price,
                .high = price,
                .low = price,
                .close = price,
                .volume = Amount()};
    open.oldest = open.newest = time;
  }
  open.changed = true;
  model::Bar& bar = open.bar;
  bar.high = std::max(bar.high, price);
  bar.low = std::min(bar.low, price);
  if (time >= open.newest) {
    bar.close = price;
    open.newest = time;
  }
  if (time < open.oldest) {
    bar.open = price;
    open.oldest = time;
  }
  bar.synthetic = false;
  bar.volume = AddSaturated(bar.volume, Amount::From(size));
  if (origin == Origin::kTrades) ++bar.trades;
}

void BarBuilder::Continue(Timeframe timeframe, const model::Bar& bar) {
  Open& open = open_[static_cast<size_t>(timeframe)];
  if (open.origin != Origin::kNone) return;
  // When in the bucket its close was made is not known: whatever comes now is newer, and its open
  // is older.
  open = {Origin::kContinued, bar, bar.start, bar.start};
  traded_ = traded_ || bar.trades > 0;
}

const model::Bar* BarBuilder::changed(Timeframe timeframe) const {
  const Open& open = open_[static_cast<size_t>(timeframe)];
  return open.changed ? &open.bar : nullptr;
}

void BarBuilder::MarkTold(Timeframe timeframe) {
  open_[static_cast<size_t>(timeframe)].changed = false;
}

const model::Bar* BarBuilder::open(Timeframe timeframe) const {
  const Open& open = open_[static_cast<size_t>(timeframe)];
  return open.origin == Origin::kNone ? nullptr : &open.bar;
}

}  // namespace livetape::market
