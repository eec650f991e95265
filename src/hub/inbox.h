#pragma once

// Inbox: the bounded stream of state updates and window markers from one writing thread to one
// shard.
//
// When the shard is behind and the queue is full, updates are merged: newest value per key, in the
// order in which the keys first waited. Nothing grows beyond one update per key, and the newest
// value always arrives: what waits is taken by the shard itself, whether or not the writer comes
// again. Only then, while the queue is overrun, both take a short lock. Merges are counted.
//
// Invariants: (1) while anything waits, nothing is pushed into the queue, and the shard takes from
// what waits only when the queue is empty; (2) a waiting key has one entry, at the place of its
// first; (3) at most one marker waits, at the place of the first, with the newest tick.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <variant>

#include "base/spsc_queue.h"
#include "hub/state_update.h"

namespace livetape::hub {

// The boundary number `tick` (wall time in units of kWindowUnit) of the clock that cuts windows.
struct WindowMarker {
  uint64_t tick = 0;
};

using InboxItem = std::variant<StateUpdate, WindowMarker>;

class Inbox {
 public:
  explicit Inbox(size_t capacity = 65536) : queue_(capacity) {}

  // Writer.
  void Put(StateUpdate update);
  // Writer.
  void Mark(WindowMarker marker);

  // Any thread: updates that wait because the queue is full, at most one per key.
  size_t waiting() const;

  // Shard.
  std::optional<InboxItem> Pop();

  // Any thread.
  size_t depth() const { return queue_.Size(); }
  size_t capacity() const { return queue_.capacity(); }
  uint64_t merged() const { return merged_.load(std::memory_order_relaxed); }
  // The newest marker that the writer has given.
  uint64_t newest_tick() const { return newest_tick_.load(std::memory_order_acquire); }

 private:
  std::optional<InboxItem> PopWaiting();
  bool anything_waits() const { return !waiting_.empty() || marker_; }

  base::SpscQueue<InboxItem> queue_;
  std::atomic<uint64_t> merged_ = 0;
  std::atomic<uint64_t> newest_tick_ = 0;

  std::atomic<bool> overrun_ = false;  // anything waits; set by the writer, ended by the shard
  mutable std::mutex mutex_;           // of what follows
  std::deque<StateUpdate> waiting_;
  uint64_t first_ = 0;  // number of the first that waits; they are numbered on and on
  std::unordered_map<const StateKey*, uint64_t, StateKeyHash, StateKeyEqual>
      waiting_at_;                      // number by key
  std::optional<WindowMarker> marker_;  // waits too, before the update numbered marker_at_
  uint64_t marker_at_ = 0;
};

}  // namespace livetape::hub
