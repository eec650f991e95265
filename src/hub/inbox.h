#pragma once

// Inbox: the bounded stream of state updates and window markers from one writing thread to one
// shard.
//
// When the shard is behind and the queue is full, updates are merged at the writer: newest value
// per key, in the order in which the keys first waited. Nothing blocks, nothing grows beyond one
// update per key, and the newest value always arrives. Merges are counted.
//
// Invariants: (1) while anything waits in `waiting_`, nothing is pushed past it; (2) a waiting
// key has one entry, at the place of its first; (3) at most one marker waits, at the place of the
// first, with the newest tick.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
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
  // Writer. Also moves on what waits.
  void Mark(WindowMarker marker);

  // Writer: updates that wait because the queue is full, at most one per key.
  size_t waiting() const { return waiting_.size(); }

  // Shard.
  std::optional<InboxItem> Pop() { return queue_.Pop(); }

  // Any thread.
  size_t depth() const { return queue_.Size(); }
  size_t capacity() const { return queue_.capacity(); }
  uint64_t merged() const { return merged_.load(std::memory_order_relaxed); }
  // The newest marker that the writer has given.
  uint64_t newest_tick() const { return newest_tick_.load(std::memory_order_acquire); }

 private:
  // Pushes what waits; true when nothing waits any more.
  bool Drain();

  base::SpscQueue<InboxItem> queue_;
  std::atomic<uint64_t> merged_ = 0;
  std::atomic<uint64_t> newest_tick_ = 0;

  // The writer's own.
  std::deque<StateUpdate> waiting_;
  uint64_t first_ = 0;  // number of the first that waits; they are numbered on and on
  std::unordered_map<const StateKey*, uint64_t, StateKeyHash, StateKeyEqual>
      waiting_at_;                      // number by key
  std::optional<WindowMarker> marker_;  // waits too, before the update numbered marker_at_
  uint64_t marker_at_ = 0;
};

}  // namespace livetape::hub
