#include "api/publishing/published_state.h"

#include <utility>

#include "api/native/published_value.h"
#include "base/assert.h"

namespace livetape::api {

PublishedState::PublishedState(const std::vector<hub::Shard*>& shards, metrics::Registry& metrics,
                               size_t keys_max)
    : keys_max_(keys_max),
      keys_(metrics.AddGauge("livetape_published_state_keys", "Keys of published state.")) {
  for (hub::Shard* const shard : shards) outlets_.push_back({shard, &shard->AddInbox()});
}

bool PublishedState::Reserve(std::span<const StateChange> changes) {
  for (size_t i = 0; i < changes.size(); ++i) {
    const StateChange& change = changes[i];
    const auto key = std::make_shared<const hub::StateKey>(change.topic, change.type, change.key);
    if (Entry* const known = entries_.Find(*key)) {
      ++known->reserved;
      continue;
    }
    if (entries_.size() >= keys_max_) {
      Release(changes.first(i));
      return false;
    }
    entries_.Add(*key, Entry{.key = key, .reserved = 1, .shown = false});
  }
  keys_.Set(static_cast<int64_t>(entries_.size()));
  return true;
}

void PublishedState::Release(std::span<const StateChange> changes) {
  for (const StateChange& change : changes) Settle(At(change));
  keys_.Set(static_cast<int64_t>(entries_.size()));
}

void PublishedState::Apply(std::span<const StateChange> changes, uint64_t after_seq,
                           base::WallTime time) {
  for (const StateChange& change : changes) {
    Entry& entry = At(change);
    // Deleting what is not there changes nothing.
    if (!change.deleted || entry.shown) {
      base::SharedBytes value;
      if (!change.deleted) value = EncodePublishedValue({.time = time, .json = change.data});
      entry.shown = !change.deleted;
      ++version_;
      for (const Outlet& outlet : outlets_) {
        outlet.inbox->Put({entry.key, value, version_, after_seq, false});
      }
    }
    Settle(entry);
  }
  for (const Outlet& outlet : outlets_) outlet.shard->Wake();
  keys_.Set(static_cast<int64_t>(entries_.size()));
}

PublishedState::Entry& PublishedState::At(const StateChange& change) {
  const hub::StateKey key(change.topic, change.type, change.key);
  Entry* const entry = entries_.Find(key);
  LT_ASSERT(entry != nullptr, "topic {} type {} key {}", change.topic, change.type, change.key);
  return *entry;
}

// One change of it is done.
void PublishedState::Settle(Entry& entry) {
  LT_ASSERT(entry.reserved > 0);
  if (--entry.reserved > 0 || entry.shown) return;
  const auto key = entry.key;  // keeps the map's own key alive while it goes
  entries_.Erase(*key);
}

}  // namespace livetape::api
