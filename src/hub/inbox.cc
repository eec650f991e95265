#include "hub/inbox.h"

#include <utility>

namespace livetape::hub {

void Inbox::Put(StateUpdate update) {
  if (Drain()) {
    InboxItem item(std::move(update));
    if (queue_.Push(std::move(item))) return;
    update = std::get<StateUpdate>(std::move(item));
  }
  const auto [at, added] = waiting_at_.try_emplace(update.key.get(), first_ + waiting_.size());
  if (added) {
    waiting_.push_back(std::move(update));
    return;
  }
  StateUpdate& older = waiting_[at->second - first_];
  update.minor = update.minor && older.minor;
  update.key = older.key;  // waiting_at_ looks into that one
  older = std::move(update);
  merged_.store(merged_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

void Inbox::Mark(WindowMarker marker) {
  newest_tick_.store(marker.tick, std::memory_order_release);
  if (!marker_) marker_at_ = first_ + waiting_.size();
  marker_ = marker;
  Drain();
}

bool Inbox::Drain() {
  for (;;) {
    if (marker_ && marker_at_ == first_) {
      if (!queue_.Push(InboxItem(*marker_))) return false;
      marker_.reset();
    }
    if (waiting_.empty()) return true;
    const std::shared_ptr<const StateKey> key = waiting_.front().key;  // the shard may drop it
    InboxItem item(std::move(waiting_.front()));
    if (!queue_.Push(std::move(item))) {
      waiting_.front() = std::get<StateUpdate>(std::move(item));
      return false;
    }
    waiting_at_.erase(key.get());
    waiting_.pop_front();
    ++first_;
  }
}

}  // namespace livetape::hub
