#pragma once

// StateTable: the newest value of every key of one shard, in order of their last change.
// Owned by the shard's thread.
//
// Invariants:
//  1. Every applied update gets the next stamp; the recency list runs from the oldest stamp to
//     the newest, each key once.
//  2. A value's version never goes back.
//  3. A cached fragment is given out only while its stamp is its value's.
// So "what changed since stamp S" is the end of the list, and an update costs the same however
// many cohorts there are.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "hub/rendering.h"
#include "hub/state_update.h"

namespace livetape::hub {

class StateTable {
 public:
  using Index = uint32_t;  // dense from 0 in order of first appearance
  static constexpr Index kNone = ~Index{0};

  struct Applied {
    Index index = 0;
    bool created = false;
  };
  // Nothing if the update is older than what is there.
  std::optional<Applied> Apply(const StateUpdate& update);

  size_t size() const { return entries_.size(); }
  // The stamp of the newest update; 0 before the first.
  uint64_t stamp() const { return stamp_; }

  const StateKey& key(Index index) const { return *entries_[index].key; }
  const base::SharedBytes& value(Index index) const { return entries_[index].value; }
  // Of the last update, or of the last that was not minor.
  uint64_t changed_at(Index index, bool minor_too) const {
    return minor_too ? entries_[index].stamp : entries_[index].major_stamp;
  }
  std::optional<Index> Find(const StateKey& key) const;

  // The recency list, from the newest on: for (i = newest(); i != kNone; i = older(i)).
  Index newest() const { return newest_; }
  Index older(Index index) const { return entries_[index].older; }

  // The value's event in this rendering, made once per version; may be empty.
  std::string_view Fragment(Index index, const Rendering& rendering);

 private:
  struct CachedFragment {
    const Rendering* rendering;
    uint64_t stamp;
    std::string text;
  };
  struct Entry {
    std::shared_ptr<const StateKey> key;
    base::SharedBytes value;
    uint64_t version = 0;
    uint64_t stamp = 0;
    uint64_t major_stamp = 0;
    Index older = kNone, newer = kNone;
    std::vector<CachedFragment> fragments;
  };
  struct KeyHash {
    size_t operator()(const StateKey* key) const { return key->hash; }
  };
  struct KeyEqual {
    bool operator()(const StateKey* a, const StateKey* b) const { return a == b || *a == *b; }
  };

  void Unlink(Index index);
  void LinkNewest(Index index);

  std::vector<Entry> entries_;
  std::unordered_map<const StateKey*, Index, KeyHash, KeyEqual> by_key_;
  Index newest_ = kNone;
  uint64_t stamp_ = 0;
};

}  // namespace livetape::hub
