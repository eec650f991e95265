#include "floor/match_queue.h"

#include <algorithm>

#include "base/assert.h"

namespace livetape::floor {
namespace {

bool Sooner(const MatchQueue::Spot& a, const MatchQueue::Spot& b) {
  return a.key != b.key ? a.key < b.key : a.id < b.id;
}

}  // namespace

size_t MatchQueue::BlockOf(const Spot& spot) const {
  // Most that comes and goes is near the front.
  if (blocks_.size() == 1 || !Sooner(blocks_.front().back(), spot)) return 0;
  const auto found =
      std::partition_point(blocks_.begin() + 1, blocks_.end() - 1,
                           [&spot](const Block& block) { return Sooner(block.back(), spot); });
  return static_cast<size_t>(found - blocks_.begin());
}

void MatchQueue::Add(int64_t key, model::OrderId id, OpenOrder& order) {
  if (blocks_.empty()) blocks_.emplace_back();
  const Spot spot{key, id, &order};
  const size_t at = BlockOf(spot);
  Block& block = blocks_[at];
  block.insert(std::lower_bound(block.begin(), block.end(), spot, Sooner), spot);
  ++size_;
  if (block.size() > kBlockMax) {
    const auto half = block.begin() + kBlockMax / 2;
    Block rest(half, block.end());
    block.erase(half, block.end());
    blocks_.insert(blocks_.begin() + static_cast<ptrdiff_t>(at) + 1, std::move(rest));
  }
  Note();
}

void MatchQueue::Remove(int64_t key, model::OrderId id) {
  LT_ASSERT(size_ > 0, "order {}", id.value());
  const Spot spot{key, id, nullptr};
  const size_t at = BlockOf(spot);
  Block& block = blocks_[at];
  const auto found = std::lower_bound(block.begin(), block.end(), spot, Sooner);
  LT_ASSERT(found != block.end() && found->id == id, "order {} is not at {}", id.value(), key);
  block.erase(found);
  --size_;
  if (block.empty() && blocks_.size() > 1) {
    blocks_.erase(blocks_.begin() + static_cast<ptrdiff_t>(at));
  }
  Note();
}

const MatchQueue::Spot* MatchQueue::After(const Spot& spot) const {
  if (size_ == 0) return nullptr;
  size_t at = BlockOf(spot);
  // It may be the last of its block.
  if (!Sooner(spot, blocks_[at].back()) && ++at == blocks_.size()) return nullptr;
  const Block& block = blocks_[at];
  return &*std::upper_bound(block.begin(), block.end(), spot, Sooner);
}

const MatchQueue::Spot* MatchQueue::Behind(const Spot* spot) const {
  const Block& block = blocks_.front();
  const bool known = !block.empty() && spot >= block.data() && spot < &block.back();
  return known ? spot + 1 : nullptr;
}

}  // namespace livetape::floor
