#include "api/market/bar_source.h"

#include <limits>
#include <utility>

namespace livetape::api {
namespace {

using model::Bar;

// Both ascend.
std::vector<Bar> Merged(const std::vector<Bar>& stored, const std::vector<Bar>& live) {
  std::vector<Bar> merged;
  merged.reserve(stored.size() + live.size());
  auto next = stored.begin();
  for (const Bar& bar : live) {
    for (; next != stored.end() && next->start < bar.start; ++next) merged.push_back(*next);
    if (next != stored.end() && next->start == bar.start) ++next;
    merged.push_back(bar);
  }
  merged.insert(merged.end(), next, stored.end());
  return merged;
}

}  // namespace

base::Result<std::vector<Bar>> BarSource::Read(const BarWish& wish) const {
  // The market's are few; of those the newest would be given.
  const size_t most = wish.newest ? wish.limit : std::numeric_limits<size_t>::max();
  std::vector<Bar> bars = live_.Read(wish.instrument, wish.timeframe, wish.from, wish.to, most);
  if (stored_ != nullptr) {
    const auto stored = stored_->Bars({.symbol = wish.symbol,
                                       .timeframe = wish.timeframe,
                                       .from = wish.from,
                                       .to = wish.to,
                                       .newest = wish.newest,
                                       .limit = wish.limit});
    if (!stored) return std::unexpected(stored.error());
    bars = Merged(*stored, bars);
  }
  if (bars.size() <= wish.limit) return bars;
  const auto over = static_cast<ptrdiff_t>(bars.size() - wish.limit);
  if (wish.newest) {
    bars.erase(bars.begin(), bars.begin() + over);
  } else {
    bars.erase(bars.end() - over, bars.end());
  }
  return bars;
}

}  // namespace livetape::api
