#pragma once

// OrderBook: the price levels of one instrument, both sides. One thread owns it.
//
// Invariants: (1) a side's prices are strictly sorted, the best one at the back, where nearly all
// changes happen; (2) every quantity is positive; (3) a side has at most kBookLevelsMax levels: the
// worst give way, since nobody trades there.

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "base/decimal.h"
#include "model/book_level.h"

namespace livetape::market {

inline constexpr size_t kBookLevelsMax = 100'000;

using model::BookLevel;

// Best level of either side.
struct BookTop {
  BookLevel bid, ask;
  friend bool operator==(const BookTop&, const BookTop&) = default;
};

enum class Side { kBid, kAsk };

class OrderBook {
 public:
  void Clear();

  // Sets each level to its quantity, 0 takes it away; of two for one price the last counts.
  // Quantities are not negative, prices positive.
  void Set(Side side, std::span<const BookLevel> levels);

  // Nothing while a side is empty. May be crossed (bid > ask) if the feed made it so.
  std::optional<BookTop> Top() const;

  // Best one last.
  std::span<const BookLevel> levels(Side side) const { return side == Side::kBid ? bids_ : asks_; }

 private:
  std::vector<BookLevel> bids_;  // ascending
  std::vector<BookLevel> asks_;  // descending
};

}  // namespace livetape::market
