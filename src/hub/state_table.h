#pragma once

// StateTable: the newest value of every key of one shard, and the order in which they changed.
// Owned by the shard's thread.
//
// Invariants:
//  1. Every applied change gets the next stamp and goes to the end of the list of changes (and of
//     that of major changes, if it is one). A change that its key's next one has overtaken stays
//     there, stale, until the list is twice as long as there are keys.
//  2. A value's version never goes back while its key or its tombstone is there.
//  3. A cached fragment is given out only while its stamp is its value's.
//  4. A deleted key stays as a tombstone until it is forgotten; then its index is used again.
// So "what changed since stamp S" is the end of a list, and an update costs the same however many
// cohorts there are.

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/paged_vector.h"
#include "hub/rendering.h"
#include "hub/state_key_map.h"
#include "hub/state_update.h"

namespace livetape::hub {

class StateTable {
 public:
  StateTable() = default;
  StateTable(const StateTable&) = delete;  // by_topic_ looks into this object
  StateTable& operator=(const StateTable&) = delete;

  using Index = uint32_t;  // dense from 0; that of a forgotten key is given to a new one
  static constexpr Index kNone = ~Index{0};

  struct Applied {
    Index index = 0;
    bool created = false;  // an index that nobody knows yet
    bool minor = false;    // as the update says, but not for a key that has just come (back)
  };
  // Nothing if the update changes nothing: it is older than what is there, or deletes what is not.
  std::optional<Applied> Apply(const StateUpdate& update);

  // Keys with a value.
  size_t keys() const { return keys_; }
  // The stamp of the newest change; 0 before the first.
  uint64_t stamp() const { return stamp_; }

  const StateKey& key(Index index) const { return *entries_[index].key; }
  // Null for a tombstone.
  const base::SharedBytes& value(Index index) const { return entries_[index].value; }
  bool deleted(Index index) const { return !entries_[index].value; }
  // Of the last change, or of the last that was not minor.
  uint64_t changed_at(Index index, bool minor_too) const {
    return minor_too ? entries_[index].stamp : entries_[index].major_stamp;
  }
  // A key with a value.
  std::optional<Index> Find(const StateKey& key) const;

  struct Change {
    uint64_t stamp = 0;
    Index index = 0;
  };
  // The changes after `since` in order; those for which Current is false are among them.
  std::span<const Change> ChangesSince(uint64_t since, bool minor_too) const;
  // The key has not changed again.
  bool Current(const Change& change, bool minor_too) const {
    return changed_at(change.index, minor_too) == change.stamp;
  }

  // Calls visit(index) for all keys and tombstones whose topic has `prefix` as its first segments
  // (empty: all), in order of topics.
  template <typename Visit>
  void ForEachUnder(std::string_view prefix, Visit&& visit) const;

  // The event of the value, or of the deletion, in this rendering, made once per change; may be
  // empty.
  std::string_view Fragment(Index index, const Rendering& rendering);

  // Deletions remembered: tombstones, and some of keys that have come back since.
  size_t deletions() const { return deletions_.size(); }
  // The oldest of them; its index is kNone if the key has come back.
  Change OldestDeletion() const;
  // Forgets it, and the key if it has not come back.
  void ForgetOldestDeletion();

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
    std::vector<CachedFragment> fragments;
  };
  // By topic, then index; a topic alone comes before all of its keys.
  struct TopicOrder {
    using is_transparent = void;  // NOLINT(readability-identifier-naming): the library's name
    const StateTable* table;
    const std::string& TopicOf(Index index) const { return table->entries_[index].key->topic; }
    bool operator()(Index a, Index b) const {
      const int order = TopicOf(a).compare(TopicOf(b));
      return order < 0 || (order == 0 && a < b);
    }
    bool operator()(Index a, std::string_view topic) const { return TopicOf(a) < topic; }
    bool operator()(std::string_view topic, Index a) const { return topic < TopicOf(a); }
  };

  Index Create(const std::shared_ptr<const StateKey>& key);
  void Log(std::vector<Change>& changes, Index index, bool minor_too);

  base::PagedVector<Entry> entries_;
  std::vector<Index> free_;
  StateKeyMap<Index> by_key_;
  std::set<Index, TopicOrder> by_topic_{TopicOrder{this}};
  std::vector<Change> changes_, major_changes_;
  std::deque<Change> deletions_;
  size_t keys_ = 0;
  uint64_t stamp_ = 0;
};

template <typename Visit>
void StateTable::ForEachUnder(std::string_view prefix, Visit&& visit) const {
  if (prefix.empty()) {
    for (const Index index : by_topic_) visit(index);
    return;
  }
  for (auto at = by_topic_.lower_bound(prefix); at != by_topic_.end(); ++at) {
    if (key(*at).topic != prefix) break;
    visit(*at);
  }
  const std::string below = std::string(prefix) + '/';
  for (auto at = by_topic_.lower_bound(std::string_view(below)); at != by_topic_.end(); ++at) {
    if (!key(*at).topic.starts_with(below)) break;
    visit(*at);
  }
}

}  // namespace livetape::hub
