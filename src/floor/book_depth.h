#pragma once

// BookDepth: the levels of an instrument's order book, and what each account has taken of them
// (docs/trading.md, "Books"). Part of the deterministic core; owned by a Market.
//
// Invariants:
//  1. Levels of a side are sorted, the best one last; each has a quantity.
//  2. What an account has taken of a level counts until the feed gives that level another quantity
//     or takes it away; it is never more than the level had.

#include <cstddef>
#include <map>
#include <utility>
#include <vector>

#include "base/decimal.h"
#include "model/book_level.h"
#include "model/order.h"

namespace livetape::floor {

// Levels beyond are not kept: the worst ones go.
inline constexpr size_t kDepthLevelsMax = 5'000;  // of a side

class DepthSide {
 public:
  // Whose resting orders these are: of sells the lowest price is the best.
  explicit DepthSide(model::Side side) : side_(side) {}

  void Apply(const std::vector<model::BookLevel>& levels, bool snapshot);

  // Only depth of two or more levels limits what is filled.
  bool limits() const { return levels_.size() >= 2; }
  size_t size() const { return levels_.size(); }
  // 0 is the best.
  const model::BookLevel& level(size_t from_best) const {
    return levels_[levels_.size() - 1 - from_best];
  }
  base::Price best() const { return levels_.back().price; }

  // What a level still has for an account.
  base::Quantity Left(model::AccountId account, const model::BookLevel& level) const;
  void Take(model::AccountId account, base::Price price, base::Quantity quantity);

 private:
  bool Better(base::Price a, base::Price b) const {
    return side_ == model::Side::kSell ? a < b : a > b;
  }
  void Replace(std::vector<model::BookLevel> levels);
  void Set(const model::BookLevel& level);
  void Forget(base::Price price);

  const model::Side side_;
  std::vector<model::BookLevel> levels_;
  std::map<std::pair<base::Price, model::AccountId>, base::Quantity> taken_;
};

struct BookDepth {
  DepthSide bids{model::Side::kBuy}, asks{model::Side::kSell};

  // What an order of `side` trades against.
  DepthSide& Against(model::Side side) { return side == model::Side::kBuy ? asks : bids; }
  void Apply(const model::BookUpdate& update) {
    bids.Apply(update.bids, update.snapshot);
    asks.Apply(update.asks, update.snapshot);
  }
};

}  // namespace livetape::floor
