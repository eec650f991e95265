#include "hub/cohort.h"

#include <algorithm>

#include "base/assert.h"

namespace livetape::hub {
namespace {

// A view of at most so many keys looks at them rather than at a long list of changes.
constexpr size_t kFewKeys = 4096;

}  // namespace

Cohort::Cohort(uint64_t number, StreamSpec spec, const StateTable& table, base::MonoTime now)
    : flushed(table.stamp()),
      last_sent(now),
      next_pulse(now + spec.pulse),
      number_(number),
      spec_(std::make_shared<const StreamSpec>(std::move(spec))),
      patterns_(spec_->patterns) {
  for (const std::string_view prefix : patterns_.Prefixes()) {
    table.ForEachUnder(prefix, [&](StateTable::Index index) {
      const StateKey& key = table.key(index);
      if (Matches(key.topic, key.type)) shown_.Insert(index);
    });
  }
}

void Cohort::Hide(StateTable::Index index, uint64_t stamp) {
  if (shown_.Erase(index)) forgotten_ = stamp;
}

bool Cohort::Gather(const StateTable& table, uint64_t since, uint64_t deletions_since, size_t max,
                    std::vector<StateTable::Index>& out) const {
  out.clear();
  if (shown_.size() == 0) return true;
  const bool minor_too = spec_->minor_updates;
  const auto wanted = [&](StateTable::Index index, uint64_t stamp) {
    return stamp > since && (stamp > deletions_since || !table.deleted(index));
  };
  const auto changes = table.ChangesSince(since, minor_too);
  if (shown_.size() <= kFewKeys && shown_.size() < changes.size() / 4) {
    shown_.ForEach([&](StateTable::Index index) {
      if (wanted(index, ChangedAt(table, index))) out.push_back(index);
    });
    std::sort(out.begin(), out.end(),
              [&](auto a, auto b) { return ChangedAt(table, a) < ChangedAt(table, b); });
    return true;
  }
  for (const StateTable::Change& change : changes) {
    if (!shown_.Contains(change.index) || !table.Current(change, minor_too)) continue;
    if (!wanted(change.index, change.stamp)) continue;
    if (out.size() >= max) return false;
    out.push_back(change.index);
  }
  return true;
}

void Cohort::GatherAll(const StateTable& table, uint64_t deletions_since,
                       std::vector<StateTable::Index>& out) const {
  out.clear();
  shown_.ForEach([&](StateTable::Index index) {
    if (!table.deleted(index) || ChangedAt(table, index) > deletions_since) out.push_back(index);
  });
}

uint32_t Cohort::Add(base::StreamId stream) {
  members_.push_back(stream);
  ++present_;
  return static_cast<uint32_t>(members_.size() - 1);
}

void Cohort::Remove(uint32_t member) {
  LT_ASSERT(member < members_.size() && members_[member] != kHole, "place {}", member);
  members_[member] = kHole;
  --present_;
}

}  // namespace livetape::hub
