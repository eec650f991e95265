#include "hub/inbox.h"

#include <utility>

namespace livetape::hub {

void Inbox::Put(StateUpdate update) {
  if (Drain()) {
    InboxItem item(std::move(update));
    if (queue_.Push(std::move(item))) return;
    update = std::get<StateUpdate>(std::move(item));
  }
  const auto [at, added] = waiting_at_.try_emplace(update.key.get(), waiting_.size());
  if (added) {
    waiting_.push_back(std::move(update));
    return;
  }
  StateUpdate& older = waiting_[at->second];
  update.minor = update.minor && older.minor;
  older = std::move(update);
  merged_.store(merged_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

void Inbox::Mark(WindowMarker marker) {
  newest_tick_.store(marker.tick, std::memory_order_release);
  waiting_marker_ = marker;
  Drain();
}

bool Inbox::Drain() {
  while (drained_ < waiting_.size()) {
    const StateKey* const key = waiting_[drained_].key.get();
    InboxItem item(std::move(waiting_[drained_]));
    if (!queue_.Push(std::move(item))) {
      waiting_[drained_] = std::get<StateUpdate>(std::move(item));
      return false;
    }
    waiting_at_.erase(key);
    ++drained_;
  }
  waiting_.clear();
  drained_ = 0;
  if (waiting_marker_) {
    if (!queue_.Push(InboxItem(*waiting_marker_))) return false;
    waiting_marker_.reset();
  }
  return true;
}

}  // namespace livetape::hub
