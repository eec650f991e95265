#include "floor/book_depth.h"

#include <algorithm>

#include "base/assert.h"

namespace livetape::floor {

void DepthSide::Apply(const std::vector<model::BookLevel>& levels, bool snapshot) {
  if (snapshot) return Replace(levels);
  for (const model::BookLevel& level : levels) Set(level);
}

void DepthSide::Replace(std::vector<model::BookLevel> levels) {
  const auto worse = [this](const model::BookLevel& a, const model::BookLevel& b) {
    return Better(b.price, a.price);
  };
  // Of two for one price the last counts: it comes to stand first.
  std::reverse(levels.begin(), levels.end());
  std::stable_sort(levels.begin(), levels.end(), worse);
  const auto same_price = [](const model::BookLevel& a, const model::BookLevel& b) {
    return a.price == b.price;
  };
  levels.erase(std::unique(levels.begin(), levels.end(), same_price), levels.end());
  std::erase_if(levels, [](const model::BookLevel& level) { return level.quantity.zero(); });
  if (levels.size() > kDepthLevelsMax) {
    levels.erase(levels.begin(), levels.end() - static_cast<ptrdiff_t>(kDepthLevelsMax));
  }
  std::swap(levels, levels_);
  // A level that is named as it was has not changed.
  for (const model::BookLevel& level : levels) {
    const auto now = std::lower_bound(levels_.begin(), levels_.end(), level, worse);
    if (now == levels_.end() || *now != level) Forget(level.price);
  }
}

void DepthSide::Set(const model::BookLevel& level) {
  LT_ASSERT(level.price.positive() && level.quantity.units() >= 0, "price {} quantity {}",
            level.price.units(), level.quantity.units());
  const auto found = std::lower_bound(
      levels_.begin(), levels_.end(), level.price,
      [this](const model::BookLevel& a, base::Price price) { return Better(price, a.price); });
  const bool known = found != levels_.end() && found->price == level.price;
  if (known && found->quantity == level.quantity) return;
  if (known) Forget(level.price);
  if (!level.quantity.positive()) {
    if (known) levels_.erase(found);
    return;
  }
  if (known) {
    found->quantity = level.quantity;
    return;
  }
  levels_.insert(found, level);
  if (levels_.size() > kDepthLevelsMax) {
    Forget(levels_.front().price);
    levels_.erase(levels_.begin());
  }
}

void DepthSide::Forget(base::Price price) {
  if (taken_.empty()) return;
  const auto first = taken_.lower_bound({price, model::AccountId()});
  auto last = first;
  while (last != taken_.end() && last->first.first == price) ++last;
  taken_.erase(first, last);
}

base::Quantity DepthSide::Left(model::AccountId account, const model::BookLevel& level) const {
  if (taken_.empty()) return level.quantity;
  const auto found = taken_.find({level.price, account});
  if (found == taken_.end()) return level.quantity;
  return base::Quantity::FromUnits(level.quantity.units() - found->second.units());
}

void DepthSide::Take(model::AccountId account, base::Price price, base::Quantity quantity) {
  base::Quantity& taken = taken_[{price, account}];
  taken = base::Quantity::FromUnits(taken.units() + quantity.units());
}

}  // namespace livetape::floor
