#include "hub/state_table.h"

#include <algorithm>

#include "base/assert.h"

namespace livetape::hub {
namespace {

constexpr size_t kStaleChangesMin = 1024;

}  // namespace

std::optional<StateTable::Applied> StateTable::Apply(const StateUpdate& update) {
  const Index* const known = by_key_.Find(StateKeyRef(*update.key));
  const bool created = known == nullptr;
  if (created && !update.value) return std::nullopt;
  const Index index = created ? Create(update.key) : *known;
  Entry& entry = entries_[index];
  const bool was_there = !created && entry.value;
  if (!created) {
    if (update.version <= entry.version) return std::nullopt;
    entry.version = update.version;
    if (!was_there && !update.value) return std::nullopt;
  }
  entry.value = update.value;
  entry.version = update.version;
  entry.stamp = ++stamp_;
  const bool minor = update.minor && was_there && update.value;
  Log(changes_, index, true);
  if (!minor) {
    entry.major_stamp = stamp_;
    Log(major_changes_, index, false);
  }
  if (!update.value) deletions_.push_back({stamp_, index});
  keys_ += size_t{update.value && !was_there};
  keys_ -= size_t{!update.value};
  return Applied{index, created, minor};
}

StateTable::Index StateTable::Create(const std::shared_ptr<const StateKey>& key) {
  if (free_.empty()) {
    free_.push_back(static_cast<Index>(entries_.size()));
    entries_.Append();
  }
  const Index index = free_.back();
  free_.pop_back();
  entries_[index].key = key;
  by_key_.Add(StateKeyRef(*key), index);
  by_topic_.insert(index);
  return index;
}

std::optional<StateTable::Index> StateTable::Find(const StateKey& key) const {
  const Index* const known = by_key_.Find(StateKeyRef(key));
  if (known == nullptr || deleted(*known)) return std::nullopt;
  return *known;
}

std::string_view StateTable::Fragment(Index index, const Rendering& rendering) {
  Entry& entry = entries_[index];
  const auto render = [&](std::string& out) {
    if (entry.value) {
      rendering.State(*entry.key, entry.value.view(), out);
    } else {
      rendering.Deleted(*entry.key, out);
    }
  };
  for (CachedFragment& fragment : entry.fragments) {
    if (fragment.rendering != &rendering) continue;
    if (fragment.stamp != entry.stamp) {
      fragment.text.clear();
      render(fragment.text);
      fragment.stamp = entry.stamp;
    }
    return fragment.text;
  }
  CachedFragment& fragment =
      entry.fragments.emplace_back(CachedFragment{&rendering, entry.stamp, ""});
  render(fragment.text);
  return fragment.text;
}

StateTable::Change StateTable::OldestDeletion() const {
  LT_ASSERT(!deletions_.empty());
  const Change oldest = deletions_.front();
  return {oldest.stamp, Current(oldest, true) ? oldest.index : kNone};
}

void StateTable::ForgetOldestDeletion() {
  const Index index = OldestDeletion().index;
  deletions_.pop_front();
  if (index == kNone) return;
  by_topic_.erase(index);
  by_key_.Erase(StateKeyRef(*entries_[index].key));
  entries_[index] = Entry{};
  free_.push_back(index);
}

std::span<const StateTable::Change> StateTable::ChangesSince(uint64_t since, bool minor_too) const {
  const std::vector<Change>& changes = minor_too ? changes_ : major_changes_;
  const auto first =
      std::upper_bound(changes.begin(), changes.end(), since,
                       [](uint64_t stamp, const Change& change) { return stamp < change.stamp; });
  return {first, changes.end()};
}

// Adds the change `stamp_` of the key, and drops the stale ones when they are more than the rest.
void StateTable::Log(std::vector<Change>& changes, Index index, bool minor_too) {
  if (changes.size() >= 2 * by_key_.size() + kStaleChangesMin) {
    std::erase_if(changes, [&](const Change& change) { return !Current(change, minor_too); });
  }
  changes.push_back({stamp_, index});
}

}  // namespace livetape::hub
