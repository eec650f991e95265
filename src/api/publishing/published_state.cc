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

std::optional<PublishedState::Reservation> PublishedState::Reserve(
    std::span<const StateChange> changes) {
  Reservation reserved;
  reserved.entries_.reserve(changes.size());
  for (const StateChange& change : changes) {
    Entry* const entry = Place(change);
    if (entry == nullptr) {
      Release(reserved);
      return std::nullopt;
    }
    reserved.entries_.push_back(entry);
  }
  keys_.Set(static_cast<int64_t>(entries_.size()));
  return reserved;
}

PublishedState::Reservation PublishedState::ReserveSome(std::vector<StateChange>& changes) {
  Reservation reserved;
  reserved.entries_.reserve(changes.size());
  std::erase_if(changes, [&](const StateChange& change) {
    Entry* const entry = Place(change);
    if (entry != nullptr) reserved.entries_.push_back(entry);
    return entry == nullptr;
  });
  keys_.Set(static_cast<int64_t>(entries_.size()));
  return reserved;
}

// The place of one change, reserved for it; null if there is none.
PublishedState::Entry* PublishedState::Place(const StateChange& change) {
  const hub::StateKeyRef key(*change.key);
  const auto* const known = entries_.Find(key);
  Entry* entry = known == nullptr ? nullptr : known->get();
  if (entry == nullptr) {
    if (entries_.size() >= keys_max_) return nullptr;
    auto added = std::make_unique<Entry>(Entry{.key = change.key, .reserved = 0, .shown = false});
    entry = added.get();
    entries_.Add(key, std::move(added));
  }
  ++entry->reserved;
  return entry;
}

void PublishedState::Release(const Reservation& reserved) {
  for (Entry* const entry : reserved.entries_) Settle(*entry);
  keys_.Set(static_cast<int64_t>(entries_.size()));
}

void PublishedState::Apply(std::span<const StateChange> changes, const Reservation& reserved,
                           uint64_t after_seq, base::WallTime time) {
  LT_ASSERT(changes.size() == reserved.entries_.size(), "{} of {}", changes.size(),
            reserved.entries_.size());
  for (size_t i = 0; i < changes.size(); ++i) {
    const StateChange& change = changes[i];
    Entry& entry = *reserved.entries_[i];
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

// One change of it is done.
void PublishedState::Settle(Entry& entry) {
  LT_ASSERT(entry.reserved > 0);
  if (--entry.reserved > 0 || entry.shown) return;
  const auto key = entry.key;  // keeps the map's own key alive while it goes
  entries_.Erase(hub::StateKeyRef(*key));
}

}  // namespace livetape::api
