#include "market/depth_sync.h"

#include <algorithm>

namespace livetape::market {

DepthSync::Took DepthSync::TakeDiff(const BinanceMessage& diff) {
  ++diffs_;
  if (id_ != 0 && diff.id <= id_) return Took::kStale;
  const bool hole = id_ != 0 && diff.first_id > id_ + 1;
  if (hole) {
    ++holes_;
    live_ = false;
    kept_.clear();
    kept_cost_ = 0;
  }
  id_ = diff.id;
  if (live_) {
    Apply(diff.id, diff.bids, diff.asks);
    return Took::kApplied;
  }
  Keep(diff);
  return hole ? Took::kHole : Took::kKept;
}

bool DepthSync::TakeSnapshot(const BinanceMessage& snapshot) {
  if (live_ && snapshot.id <= id_) return false;
  // The first kept diff must reach back to the snapshot.
  if (!kept_.empty() && kept_.front().first_id > snapshot.id + 1) return false;
  book_.Clear();
  book_.Set(Side::kBid, snapshot.bids);
  book_.Set(Side::kAsk, snapshot.asks);
  live_ = true;
  snapshot_id_ = snapshot.id;
  for (const Diff& diff : kept_) {
    if (diff.id > snapshot.id) Apply(diff.id, diff.bids, diff.asks);
  }
  kept_.clear();
  kept_cost_ = 0;
  id_ = std::max(id_, snapshot.id);
  return true;
}

void DepthSync::Keep(const BinanceMessage& diff) {
  kept_.push_back({diff.first_id, diff.id, diff.bids, diff.asks});
  kept_cost_ += kept_.back().cost();
  while (kept_cost_ > kKeptLevelsMax) {
    kept_cost_ -= kept_.front().cost();
    kept_.pop_front();
  }
}

void DepthSync::Apply(uint64_t id, const std::vector<BookLevel>& bids,
                      const std::vector<BookLevel>& asks) {
  book_.Set(Side::kBid, bids);
  book_.Set(Side::kAsk, asks);
  if (applied_) applied_(id, book_);
}

}  // namespace livetape::market
