#pragma once

// StateKey and StateUpdate: one value of state on its way from its writing thread to the shards.

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "base/keyed_hash.h"
#include "base/shared_bytes.h"

namespace livetape::hub {

// The identity of a value of state: (topic, type, key). Made once by the writer, then shared.
struct StateKey {
  StateKey(std::string its_topic, std::string its_type, std::string its_key = "")
      : topic(std::move(its_topic)), type(std::move(its_type)), key(std::move(its_key)) {
    hash = (base::KeyedHash(topic) * 31 + base::KeyedHash(type)) * 31 + base::KeyedHash(key);
  }

  std::string topic, type, key;
  size_t hash = 0;

  friend bool operator==(const StateKey& a, const StateKey& b) {
    return a.hash == b.hash && a.topic == b.topic && a.type == b.type && a.key == b.key;
  }
};

// For sets and maps by what a key says, not by which object says it.
struct StateKeyHash {
  size_t operator()(const StateKey* key) const { return key->hash; }
};
struct StateKeyEqual {
  bool operator()(const StateKey* a, const StateKey* b) const { return a == b || *a == *b; }
};

struct StateUpdate {
  std::shared_ptr<const StateKey> key;
  // Opaque to the hub; a Rendering makes text of it. The null value deletes the key.
  base::SharedBytes value;
  // Stamped by the key's one writing thread; a shard drops a version that is not newer.
  uint64_t version = 0;
  // The record whose effect this shows: it is released only behind that record. 0: none.
  uint64_t after_seq = 0;
  // Only views that ask for minor updates get it on its own (a new bid is minor to a price list).
  bool minor = false;
};

}  // namespace livetape::hub
