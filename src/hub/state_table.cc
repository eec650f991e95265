#include "hub/state_table.h"

#include "base/assert.h"

namespace livetape::hub {

std::optional<StateTable::Applied> StateTable::Apply(const StateUpdate& update) {
  LT_ASSERT(update.value, "state {}/{} without a value", update.key->topic, update.key->type);
  const auto [at, created] =
      by_key_.try_emplace(update.key.get(), static_cast<Index>(entries_.size()));
  const Index index = at->second;
  if (created) {
    entries_.emplace_back().key = update.key;
  } else if (update.version <= entries_[index].version) {
    return std::nullopt;
  } else {
    Unlink(index);
  }
  Entry& entry = entries_[index];
  entry.value = update.value;
  entry.version = update.version;
  entry.stamp = ++stamp_;
  if (created || !update.minor) entry.major_stamp = stamp_;
  LinkNewest(index);
  return Applied{index, created};
}

std::optional<StateTable::Index> StateTable::Find(const StateKey& key) const {
  const auto at = by_key_.find(&key);
  if (at == by_key_.end()) return std::nullopt;
  return at->second;
}

std::string_view StateTable::Fragment(Index index, const Rendering& rendering) {
  Entry& entry = entries_[index];
  for (CachedFragment& fragment : entry.fragments) {
    if (fragment.rendering != &rendering) continue;
    if (fragment.stamp != entry.stamp) {
      fragment.text.clear();
      rendering.State(*entry.key, entry.value.view(), fragment.text);
      fragment.stamp = entry.stamp;
    }
    return fragment.text;
  }
  CachedFragment& fragment =
      entry.fragments.emplace_back(CachedFragment{&rendering, entry.stamp, ""});
  rendering.State(*entry.key, entry.value.view(), fragment.text);
  return fragment.text;
}

void StateTable::Unlink(Index index) {
  Entry& entry = entries_[index];
  if (entry.newer != kNone) entries_[entry.newer].older = entry.older;
  if (entry.older != kNone) entries_[entry.older].newer = entry.newer;
  if (newest_ == index) newest_ = entry.older;
  entry.older = entry.newer = kNone;
}

void StateTable::LinkNewest(Index index) {
  entries_[index].older = newest_;
  if (newest_ != kNone) entries_[newest_].newer = index;
  newest_ = index;
}

}  // namespace livetape::hub
