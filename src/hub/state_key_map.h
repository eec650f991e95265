#pragma once

// StateKeyMap: a hash map by StateKey that never stops its thread for long. A table of a million keys
// that grows moves all of them, which takes a tenth of a second; this one is 256 small tables, each of
// which grows and shrinks on its own. They are open: looking a key up costs a cache miss or two, of a chain it
// would be some more. The keys belong to others and outlive their entries. Not thread-safe.

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <utility>

#include "hub/state_update.h"

namespace livetape::hub {

template <typename Value>
class StateKeyMap {
 public:
  size_t size() const { return size_; }

  // Null if there is none. Valid until the next Add or Erase.
  Value* Find(const StateKey& key) {
    auto& part = PartOf(key);
    const auto at = part.find(Ref(key));
    return at == part.end() ? nullptr : &at->second;
  }
  const Value* Find(const StateKey& key) const {
    const auto& part = PartOf(key);
    const auto at = part.find(Ref(key));
    return at == part.end() ? nullptr : &at->second;
  }
  // The key is not there yet.
  void Add(const StateKey& key, Value value) {
    ++size_;
    PartOf(key).emplace(Ref(key), std::move(value));
  }
  // The key is there.
  void Erase(const StateKey& key) {
    Part& part = PartOf(key);
    part.erase(Ref(key));
    --size_;
    if (part.bucket_count() > kPlacesKept && part.size() < part.bucket_count() / 8) {
      part.rehash(part.size() * 2);
    }
  }
  // Places in memory, taken and free.
  size_t places() const {
    size_t places = 0;
    for (const Part& part : parts_) places += part.bucket_count();
    return places;
  }

 private:
  // With the hash beside the pointer, those that are passed over on the way cost no look at the key.
  struct Ref {
    explicit Ref(const StateKey& its_key) : hash(its_key.hash), key(&its_key) {}
    friend bool operator==(const Ref& a, const Ref& b) {
      return a.hash == b.hash && (a.key == b.key || *a.key == *b.key);
    }

    size_t hash;
    const StateKey* key;
  };
  struct HashOf {
    size_t operator()(const Ref& ref) const noexcept { return ref.hash; }
  };
  using Part = boost::unordered_flat_map<Ref, Value, HashOf>;
  static constexpr size_t kParts = 256;
  static constexpr size_t kPlacesKept = 64;  // of a table that is nearly empty

  // The tables mix the hash in another way.
  static size_t NumberOf(const StateKey& key) {
    return (key.hash * size_t{0x9e3779b97f4a7c15}) >> 56;
  }
  Part& PartOf(const StateKey& key) { return parts_[NumberOf(key)]; }
  const Part& PartOf(const StateKey& key) const { return parts_[NumberOf(key)]; }

  std::array<Part, kParts> parts_;
  size_t size_ = 0;
};

}  // namespace livetape::hub
