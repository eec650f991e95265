#pragma once

// StateKeyMap: a hash map by StateKey that never stops its thread for long. A table of a million keys
// that grows moves all of them, which takes a tenth of a second; this one is 256 small tables, each of
// which grows on its own. The keys belong to others and outlive their entries. Not thread-safe.

#include <array>
#include <cstddef>
#include <unordered_map>
#include <utility>

#include "hub/state_update.h"

namespace livetape::hub {

template <typename Value>
class StateKeyMap {
 public:
  size_t size() const { return size_; }

  // Null if there is none.
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
  // The key is not there yet. The value keeps its address until it is erased.
  Value& Add(const StateKey& key, Value value) {
    ++size_;
    return PartOf(key).emplace(Ref(key), std::move(value)).first->second;
  }
  // The key is there.
  void Erase(const StateKey& key) {
    PartOf(key).erase(Ref(key));
    --size_;
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
  using Part = std::unordered_map<Ref, Value, HashOf>;
  static constexpr size_t kParts = 256;

  // The tables take the low bits of the hash.
  static size_t NumberOf(const StateKey& key) {
    return (key.hash * size_t{0x9e3779b97f4a7c15}) >> 56;
  }
  Part& PartOf(const StateKey& key) { return parts_[NumberOf(key)]; }
  const Part& PartOf(const StateKey& key) const { return parts_[NumberOf(key)]; }

  std::array<Part, kParts> parts_;
  size_t size_ = 0;
};

}  // namespace livetape::hub
