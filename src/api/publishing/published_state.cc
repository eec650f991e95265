#include "api/publishing/published_state.h"

#include <utility>

#include "api/native/published_value.h"
#include "base/assert.h"

namespace livetape::api {

PublishedState::PublishedState(const std::vector<hub::Shard*>& shards, metrics::Registry& metrics,
                               const Limits& limits)
    : limits_(limits),
      keys_(metrics.AddGauge("livetape_published_state_keys", "Keys of published state.")),
      bytes_shown_(metrics.AddGauge("livetape_published_state_bytes",
                                    "Bytes of published state's values.")) {
  for (hub::Shard* const shard : shards) outlets_.push_back({shard, &shard->AddInbox()});
}

void PublishedState::Count() {
  keys_.Set(static_cast<int64_t>(entries_.size()));
  bytes_shown_.Set(static_cast<int64_t>(bytes_));
}

std::optional<PublishedState::Reservation> PublishedState::Reserve(
    std::span<const StateChange> changes) {
  Reservation reserved;
  reserved.places_.reserve(changes.size());
  for (const StateChange& change : changes) {
    if (Place(change, reserved)) continue;
    Release(reserved);
    return std::nullopt;
  }
  Count();
  return reserved;
}

PublishedState::Reservation PublishedState::ReserveSome(std::vector<StateChange>& changes) {
  Reservation reserved;
  reserved.places_.reserve(changes.size());
  std::erase_if(changes, [&](const StateChange& change) { return !Place(change, reserved); });
  Count();
  return reserved;
}

// Reserves the place of one change; false if there is none.
bool PublishedState::Place(const StateChange& change, Reservation& reserved) {
  const hub::StateKeyRef key(*change.key);
  const auto* const known = entries_.Find(key);
  Entry* entry = known == nullptr ? nullptr : known->get();
  const size_t bytes = change.deleted ? 0 : change.data.size();
  const size_t replaced = entry == nullptr ? 0 : entry->bytes;
  if (bytes > replaced && bytes_ + bytes > limits_.bytes) return false;
  if (entry == nullptr) {
    if (entries_.size() >= limits_.keys) return false;
    auto added = std::make_unique<Entry>(Entry{.key = change.key});
    entry = added.get();
    entries_.Add(key, std::move(added));
  }
  ++entry->reserved;
  bytes_ += bytes;
  reserved.places_.push_back({entry, bytes});
  return true;
}

void PublishedState::Release(const Reservation& reserved) {
  for (const auto& [entry, bytes] : reserved.places_) {
    bytes_ -= bytes;
    Settle(*entry);
  }
  Count();
}

void PublishedState::Apply(std::span<const StateChange> changes, const Reservation& reserved,
                           uint64_t after_seq, base::WallTime time) {
  LT_ASSERT(changes.size() == reserved.places_.size(), "{} of {}", changes.size(),
            reserved.places_.size());
  for (size_t i = 0; i < changes.size(); ++i) {
    const StateChange& change = changes[i];
    Entry& entry = *reserved.places_[i].entry;
    bytes_ -= std::exchange(entry.bytes, reserved.places_[i].bytes);
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
  Count();
}

// One change of it is done.
void PublishedState::Settle(Entry& entry) {
  LT_ASSERT(entry.reserved > 0);
  if (--entry.reserved > 0 || entry.shown) return;
  const auto key = entry.key;  // keeps the map's own key alive while it goes
  entries_.Erase(hub::StateKeyRef(*key));
}

}  // namespace livetape::api
