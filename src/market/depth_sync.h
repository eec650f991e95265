#pragma once

// DepthSync: keeps one Binance order book from a depth snapshot and the diffs around it.
// One thread owns it.
//
// Rule (Binance, "How to manage a local order book correctly"): diffs that come before the snapshot
// are kept; at the snapshot those with u <= lastUpdateId are dropped and the rest applied in order.
// Each diff must begin (U) at or before the id after the last one's end (u). A diff that begins
// later leaves a hole: the book is broken from there until the next snapshot, and diffs are kept
// again. A diff that ends at or before the newest id is stale and ignored. Quantities are absolute,
// so one that only begins too early is applied.
//
// Invariants: (1) the kept diffs have no hole between them; (2) diffs are kept only while the book
// is not live; (3) at most kKeptLevelsMax levels are kept, the oldest diffs give way.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

#include "market/binance_message.h"
#include "market/order_book.h"

namespace livetape::market {

inline constexpr size_t kKeptLevelsMax = 1'000'000;

class DepthSync {
 public:
  // Called after each diff that was applied, with its last id.
  using Applied = std::function<void(uint64_t id, const OrderBook& book)>;

  explicit DepthSync(Applied applied) : applied_(std::move(applied)) {}

  enum class Took { kApplied, kKept, kStale, kHole };
  // `diff.kind` is kDepth. kHole: this diff left a hole; it is kept for the next snapshot.
  Took TakeDiff(const BinanceMessage& diff);
  // `snapshot.kind` is kSnapshot. False: it is older than the book, or ends before the first kept
  // diff begins, and is not used.
  bool TakeSnapshot(const BinanceMessage& snapshot);

  bool live() const { return live_; }
  const OrderBook& book() const { return book_; }
  // Of the newest diff or snapshot taken; 0: none yet.
  uint64_t id() const { return id_; }
  uint64_t holes() const { return holes_; }
  uint64_t diffs() const { return diffs_; }
  // lastUpdateId of the snapshot used last; 0: none yet.
  uint64_t snapshot_id() const { return snapshot_id_; }

 private:
  struct Diff {
    uint64_t first_id, id;
    std::vector<BookLevel> bids, asks;
    // 1 for itself, so that empty diffs are bounded too.
    size_t cost() const { return 1 + bids.size() + asks.size(); }
  };
  void Keep(const BinanceMessage& diff);
  void Apply(uint64_t id, const std::vector<BookLevel>& bids, const std::vector<BookLevel>& asks);

  const Applied applied_;
  OrderBook book_;
  bool live_ = false;
  uint64_t id_ = 0;
  std::deque<Diff> kept_;
  size_t kept_cost_ = 0;
  uint64_t holes_ = 0;
  uint64_t diffs_ = 0;
  uint64_t snapshot_id_ = 0;
};

}  // namespace livetape::market
