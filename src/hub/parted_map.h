#pragma once

// PartedMap: a hash map that never stops its thread for long. A table of a million entries that grows
// moves all of them, which takes a tenth of a second; this one is 256 small tables, each of which
// grows and shrinks on its own. They are open: looking a key up costs a cache miss or two, of a chain
// it would be some more.
//
// Keys, and whatever is compared with them, have a member `hash` of good quality. Not thread-safe.

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <type_traits>
#include <utility>

#include "base/assert.h"

namespace livetape::hub {

template <typename Key, typename Value>
class PartedMap {
 public:
  size_t size() const { return size_; }
  // Places in memory, taken and free.
  size_t places() const {
    size_t places = 0;
    for (const Part& part : parts_) places += part.bucket_count();
    return places;
  }

  // Null if there is none. Valid until the next Add or Erase.
  template <typename Like>
  Value* Find(const Like& key) {
    auto& part = parts_[NumberOf(key.hash)];
    const auto at = part.find(key);
    return at == part.end() ? nullptr : &at->second;
  }
  template <typename Like>
  const Value* Find(const Like& key) const {
    const auto& part = parts_[NumberOf(key.hash)];
    const auto at = part.find(key);
    return at == part.end() ? nullptr : &at->second;
  }
  // The key is not there yet. Valid until the next Add or Erase.
  Value& Add(Key key, Value value) {
    auto& part = parts_[NumberOf(key.hash)];
    const auto [at, added] = part.emplace(std::move(key), std::move(value));
    LT_ASSERT(added, "twice");
    ++size_;
    return at->second;
  }
  // The key is there.
  template <typename Like>
  void Erase(const Like& key) {
    Part& part = parts_[NumberOf(key.hash)];
    const auto at = part.find(key);
    LT_ASSERT(at != part.end(), "not there");
    part.erase(at);
    --size_;
    if (part.bucket_count() > kPlacesKept && part.size() < part.bucket_count() / 8) {
      part.rehash(part.size() * 2);
    }
  }

 private:
  struct Hash {
    using is_transparent = void;  // NOLINT(readability-identifier-naming): the library's name
    template <typename Like>
    size_t operator()(const Like& key) const noexcept {
      return key.hash;
    }
  };
  struct Equal {
    using is_transparent = void;  // NOLINT(readability-identifier-naming): the library's name
    template <typename Like>
    bool operator()(const Key& key, const Like& like) const {
      return key == like;
    }
    template <typename Like>
      requires(!std::is_same_v<Like, Key>)
    bool operator()(const Like& like, const Key& key) const {
      return key == like;
    }
  };
  using Part = boost::unordered_flat_map<Key, Value, Hash, Equal>;
  static constexpr size_t kParts = 256;
  static constexpr size_t kPlacesKept = 64;  // of a table that is nearly empty

  // The tables mix the hash in another way.
  static size_t NumberOf(size_t hash) { return (hash * size_t{0x9e3779b97f4a7c15}) >> 56; }

  std::array<Part, kParts> parts_;
  size_t size_ = 0;
};

}  // namespace livetape::hub
