#pragma once

// MatchQueue: orders of one instrument that wait for the same kind of thing, by how soon the market
// reaches them, then by id. Part of the deterministic core; owned by a Market.
//
// A key is a price as a number that gets smaller the sooner it is reached: the limit of a sell, minus
// the limit of a buy. So one question serves all: is the best key at most the threshold?
//
// Invariants:
//  1. Spots are sorted within a block and from block to block.
//  2. Only the first block may be empty, and then it is the only one.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "model/order.h"

namespace livetape::floor {

struct OpenOrder;

class MatchQueue {
 public:
  static constexpr int64_t kNever = std::numeric_limits<int64_t>::max();
  // Before all orders; no price has this key.
  static constexpr int64_t kAtOnce = std::numeric_limits<int64_t>::min();

  struct Spot {
    int64_t key = kAtOnce;
    model::OrderId id;
    OpenOrder* order = nullptr;
  };

  // The key of the first; kNever: nobody is there.
  int64_t best() const { return best_; }
  bool empty() const { return size_ == 0; }
  size_t size() const { return size_; }

  // The id is not here yet.
  void Add(int64_t key, model::OrderId id, OpenOrder& order);
  // It stands there.
  void Remove(int64_t key, model::OrderId id);
  // The first that comes after `spot`, whether or not that is still there; nullptr: none. It and
  // the one behind it stay where they are until the queue changes.
  const Spot* After(const Spot& spot) const;
  // The one behind `spot` of the same block, which is likely to be next; nullptr: not known.
  const Spot* Behind(const Spot* spot) const;

 private:
  using Block = std::vector<Spot>;
  static constexpr size_t kBlockMax = 64;
  // The first block that has a spot at or after this one, or else the last.
  size_t BlockOf(const Spot& spot) const;
  void Note() { best_ = size_ == 0 ? kNever : blocks_.front().front().key; }

  std::vector<Block> blocks_;
  size_t size_ = 0;
  int64_t best_ = kNever;
};

}  // namespace livetape::floor
