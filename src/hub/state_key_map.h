#pragma once

// StateKeyMap: what belongs to keys of state. The keys belong to others and outlive their entries.
// Not thread-safe.

#include <cstddef>

#include "hub/parted_map.h"
#include "hub/state_update.h"

namespace livetape::hub {

// A key, by what it says. With the hash beside the pointer, those that are passed over on the way cost
// no look at the key.
struct StateKeyRef {
  explicit StateKeyRef(const StateKey& its_key) : hash(its_key.hash), key(&its_key) {}
  friend bool operator==(const StateKeyRef& a, const StateKeyRef& b) {
    return a.hash == b.hash && (a.key == b.key || *a.key == *b.key);
  }

  size_t hash;
  const StateKey* key;
};

template <typename Value>
using StateKeyMap = PartedMap<StateKeyRef, Value>;

}  // namespace livetape::hub
