#include "hub/inbox.h"

#include <utility>

namespace livetape::hub {

void Inbox::Put(StateUpdate update) {
  if (!overrun_.load(std::memory_order_acquire)) {
    InboxItem item(std::move(update));
    if (queue_.Push(std::move(item))) return;
    update = std::get<StateUpdate>(std::move(item));
  }
  const std::scoped_lock lock(mutex_);
  overrun_.store(true, std::memory_order_release);
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
  if (!overrun_.load(std::memory_order_acquire) && queue_.Push(InboxItem(marker))) return;
  const std::scoped_lock lock(mutex_);
  overrun_.store(true, std::memory_order_release);
  if (!marker_) marker_at_ = first_ + waiting_.size();
  marker_ = marker;
}

size_t Inbox::waiting() const {
  const std::scoped_lock lock(mutex_);
  return waiting_.size();
}

std::optional<InboxItem> Inbox::Pop() {
  if (auto item = queue_.Pop()) return item;
  if (!overrun_.load(std::memory_order_acquire)) return std::nullopt;
  return PopWaiting();
}

std::optional<InboxItem> Inbox::PopWaiting() {
  const std::scoped_lock lock(mutex_);
  // The writer may have filled the queue since it was found empty; that comes first.
  if (auto item = queue_.Pop()) return item;
  std::optional<InboxItem> item;
  if (marker_ && marker_at_ == first_) {
    item.emplace(*marker_);
    marker_.reset();
  } else if (!waiting_.empty()) {
    waiting_at_.erase(waiting_.front().key.get());
    item.emplace(std::move(waiting_.front()));
    waiting_.pop_front();
    ++first_;
  }
  if (!anything_waits()) overrun_.store(false, std::memory_order_release);
  return item;
}

}  // namespace livetape::hub
