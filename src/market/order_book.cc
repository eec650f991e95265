#include "market/order_book.h"

#include <algorithm>
#include <functional>

namespace livetape::market {
namespace {

using Levels = std::vector<BookLevel>;

// Up to here, levels are set one by one; above, merged in one pass, so that a snapshot or a hostile
// update of n levels costs n log n and not n times the book.
constexpr size_t kOneByOneMax = 256;

// `worse(a, b)`: price a is further from the top than b.
template <typename Worse>
void SetOne(Levels& side, const BookLevel& level, Worse worse) {
  // A look at the last few finds most levels without a binary search.
  size_t at = side.size();
  constexpr size_t kLook = 8;
  const size_t stop = at > kLook ? at - kLook : 0;
  while (at > stop && worse(level.price, side[at - 1].price)) --at;
  if (at > 0 && worse(level.price, side[at - 1].price)) {
    const auto found = std::upper_bound(
        side.begin(), side.begin() + static_cast<ptrdiff_t>(at), level.price,
        [&](base::Price price, const BookLevel& other) { return worse(price, other.price); });
    at = static_cast<size_t>(found - side.begin());
  }
  // Now side[at - 1] is not better than the level, and side[at] is better.
  const bool present = at > 0 && side[at - 1].price == level.price;
  if (level.quantity.zero()) {
    if (present) side.erase(side.begin() + static_cast<ptrdiff_t>(at - 1));
  } else if (present) {
    side[at - 1].quantity = level.quantity;
  } else {
    side.insert(side.begin() + static_cast<ptrdiff_t>(at), level);
  }
}

template <typename Worse>
void Merge(Levels& side, std::span<const BookLevel> levels, Worse worse) {
  side.insert(side.end(), levels.begin(), levels.end());
  std::stable_sort(side.begin(), side.end(),
                   [&](const BookLevel& a, const BookLevel& b) { return worse(a.price, b.price); });
  // Of equal prices the last one is the newest.
  size_t kept = 0;
  for (size_t i = 0; i < side.size(); ++i) {
    if (i + 1 < side.size() && side[i + 1].price == side[i].price) continue;
    if (!side[i].quantity.zero()) side[kept++] = side[i];
  }
  side.resize(kept);
}

template <typename Worse>
void SetSide(Levels& side, std::span<const BookLevel> levels, Worse worse) {
  if (levels.size() > kOneByOneMax) {
    Merge(side, levels, worse);
  } else {
    for (const BookLevel& level : levels) SetOne(side, level, worse);
  }
  if (side.size() > kBookLevelsMax) {
    side.erase(side.begin(), side.end() - static_cast<ptrdiff_t>(kBookLevelsMax));
  }
}

}  // namespace

void OrderBook::Clear() {
  bids_.clear();
  asks_.clear();
}

void OrderBook::Set(Side side, std::span<const BookLevel> levels) {
  if (side == Side::kBid) {
    SetSide(bids_, levels, std::less<base::Price>());
  } else {
    SetSide(asks_, levels, std::greater<base::Price>());
  }
}

std::optional<BookTop> OrderBook::Top() const {
  if (bids_.empty() || asks_.empty()) return std::nullopt;
  return BookTop{bids_.back(), asks_.back()};
}

}  // namespace livetape::market
