#pragma once

// PublishedState: the state that programs publish, on its way to every shard. It is the one writer
// of all keys but market/<symbol>. Owned by the tape's thread, so that state keeps its place among
// the records published with it.
//
// Invariants:
//  1. A key is known from the reservation of its first value until it is deleted and nothing that
//     is reserved concerns it any more; at most `keys_max` are known.
//  3. Values that are shown, and those that are reserved, have at most `bytes_max` bytes of JSON; a value
//     that is no longer than the one it replaces always has room.
//  2. Versions grow over all keys, also across deletions.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "hub/inbox.h"
#include "hub/shard.h"
#include "hub/state_key_map.h"
#include "hub/state_update.h"
#include "metrics/registry.h"

namespace livetape::api {

struct StateChange {
  // Made by the thread that the change comes from: the tape's has only to look it up.
  std::shared_ptr<const hub::StateKey> key;
  std::string data;      // JSON on one line
  bool deleted = false;  // then `data` does not count

  // What it takes of memory, about.
  size_t bytes() const {
    return key->topic.size() + key->type.size() + key->key.size() + data.size() + sizeof *key +
           sizeof *this;
  }
};

class PublishedState {
 public:
  static constexpr size_t kKeysMax = 1'000'000;
  static constexpr size_t kBytesMax = size_t{1} << 30;
  struct Limits {
    size_t keys = kKeysMax;
    size_t bytes = kBytesMax;  // of values
  };

  // Before the shards' work begins; the shards outlive it.
  PublishedState(const std::vector<hub::Shard*>& shards, metrics::Registry& metrics,
                 const Limits& limits);

  // The places of changes that may be applied. Followed by Apply or Release.
  class Reservation;

  // Makes room for the keys of `changes`; nothing, and nothing done, where there is none.
  std::optional<Reservation> Reserve(std::span<const StateChange> changes);
  // The same for changes that nobody can be refused: those for whose keys there is no room go.
  Reservation ReserveSome(std::vector<StateChange>& changes);
  void Release(const Reservation& reserved);
  // Sends the changes, which are those that were reserved; no stream sees them before the record
  // `after_seq`.
  void Apply(std::span<const StateChange> changes, const Reservation& reserved, uint64_t after_seq,
             base::WallTime time);

  // Keys that are known.
  size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    std::shared_ptr<const hub::StateKey> key;
    uint32_t reserved = 0;  // changes that are to be applied or released
    bool shown = false;     // it has a value
    size_t bytes = 0;       // of that
  };
  struct Outlet {
    hub::Shard* shard;
    hub::Inbox* inbox;
  };

  bool Place(const StateChange& change, Reservation& reserved);
  void Settle(Entry& entry);
  void Count();

  const Limits limits_;
  size_t bytes_ = 0;  // of values shown and reserved
  hub::StateKeyMap<std::unique_ptr<Entry>> entries_;
  std::vector<Outlet> outlets_;
  uint64_t version_ = 0;
  metrics::Gauge &keys_, &bytes_shown_;
};

class PublishedState::Reservation {
 private:
  friend class PublishedState;
  struct Place {
    Entry* entry;
    size_t bytes;  // of the value
  };
  std::vector<Place> places_;  // one for each change
};

}  // namespace livetape::api
