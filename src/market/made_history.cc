#include "market/made_history.h"

#include <algorithm>
#include <cmath>

#include "market/walk.h"

namespace livetape::market {
namespace {

using base::Amount;
using base::Price;
using model::Bar;
using std::chrono::days;
using std::chrono::floor;
using std::chrono::minutes;

constexpr uint64_t kHistoryStream = 2;

// Walks back in time: each bar is put before the one made last.
class Backwards {
 public:
  Backwards(const SymbolSpec& spec, uint64_t seed)
      : walk_(spec, SymbolRandom(seed, spec.symbol, kHistoryStream)),
        tick_(TickUnits(spec)),
        whole_units_(spec.asset_class == model::AssetClass::kUsEquity),
        volatility_(spec.annual_volatility),
        close_(spec.start_price.units() / tick_),
        // About 50 million of turnover a day; the bound keeps volumes far inside an Amount.
        units_per_second_(std::min(5e7 / spec.start_price.Approximate() / 86400, 1e6)) {}

  // A bar of `seconds` that closes where the bar after it opens.
  Bar Before(base::WallTime start, double seconds) {
    base::Random& random = walk_.random();
    Bar bar;
    bar.start = start;
    bar.synthetic = true;
    const int64_t close = close_;
    const int64_t open = close_ = walk_.Step(seconds);
    const double reach = 0.4 * volatility_ * std::sqrt(seconds / kSecondsPerYear);
    const int64_t high = std::max(open, close) + Wick(close, reach * std::abs(random.Normal()));
    const int64_t low = std::min(open, close) - Wick(close, reach * std::abs(random.Normal()));
    bar.open = FromTicks(open);
    bar.close = FromTicks(close);
    bar.high = FromTicks(high);
    bar.low = FromTicks(std::max<int64_t>(1, low));
    const double volume = units_per_second_ * seconds * std::exp(0.5 * random.Normal());
    const auto micro_units = std::llround(volume * 1e6);
    const auto whole = std::max<int64_t>(1, std::llround(volume));
    bar.volume = Amount::FromUnits(
        whole_units_ ? base::Int128{whole} * base::kDecimalScale * base::kDecimalScale
                     : base::Int128{std::max<int64_t>(1, micro_units)} * 1'000'000'000'000);
    return bar;
  }

 private:
  Price FromTicks(int64_t ticks) const { return Price::FromUnits(ticks * tick_); }
  // At most a tenth of the price, so that no wick leaves the range of prices.
  static int64_t Wick(int64_t price, double share) {
    return std::llround(static_cast<double>(price) * std::min(share, 0.1));
  }

  Walk walk_;
  const int64_t tick_;
  const bool whole_units_;
  const double volatility_;
  int64_t close_;
  const double units_per_second_;
};

// Puts `earlier` in front of `bar`, which keeps its close; the bucket starts at `start`.
void Prepend(Bar& bar, const Bar& earlier, base::WallTime start) {
  bar.start = start;
  bar.open = earlier.open;
  bar.high = std::max(bar.high, earlier.high);
  bar.low = std::min(bar.low, earlier.low);
  // Made volumes are far from the limit of an Amount.
  bar.volume = Amount::FromUnits(bar.volume.units() + earlier.volume.units());
}

}  // namespace

MadeHistory MakeHistory(const SymbolSpec& spec, uint64_t seed, base::WallTime start) {
  Backwards backwards(spec, seed);
  MadeHistory history;
  const base::WallTime last_moment = start - std::chrono::nanoseconds(1);
  base::WallTime minute = floor<minutes>(last_moment);
  // Newest first until the end of this function.
  for (size_t i = 0; i < kMadeMinutes; ++i, minute -= minutes(1)) {
    const Bar bar = backwards.Before(minute, 60);
    const base::WallTime day = floor<days>(minute);
    if (history.daily.empty() || history.daily.back().start != day) {
      history.daily.push_back(bar);
      history.daily.back().start = day;
    } else {
      Prepend(history.daily.back(), bar, day);
    }
    history.minutes.push_back(bar);
  }
  // The first of those days may begin before its first minute.
  Bar& first_day = history.daily.back();
  const base::WallTime covered_from = minute + minutes(1);
  if (covered_from > first_day.start) {
    const double missing = std::chrono::duration<double>(covered_from - first_day.start).count();
    Prepend(first_day, backwards.Before(first_day.start, missing), first_day.start);
  }
  while (history.daily.size() < kMadeDays) {
    history.daily.push_back(backwards.Before(history.daily.back().start - days(1), 86400));
  }
  std::reverse(history.daily.begin(), history.daily.end());
  std::reverse(history.minutes.begin(), history.minutes.end());
  return history;
}

}  // namespace livetape::market
