#include "hub/cohort.h"

#include <algorithm>

#include "base/assert.h"

namespace livetape::hub {

Cohort::Cohort(StreamSpec spec, const StateTable& table, base::MonoTime now)
    : flushed(table.stamp()),
      last_sent(now),
      spec_(std::move(spec)),
      narrow_(std::all_of(spec_.patterns.begin(), spec_.patterns.end(),
                          [](const TopicPattern& pattern) { return pattern.exact(); })) {
  for (StateTable::Index index = 0; index < table.size(); ++index) OnKeyCreated(table, index);
}

void Cohort::OnKeyCreated(const StateTable& table, StateTable::Index index) {
  LT_ASSERT(index == shows_.size(), "key {} after {}", index, shows_.size());
  const StateKey& key = table.key(index);
  shows_.push_back(spec_.Matches(key.topic, key.type));
  if (shows_.back()) shown_.push_back(index);
}

void Cohort::Gather(const StateTable& table, uint64_t since,
                    std::vector<StateTable::Index>& out) const {
  out.clear();
  const auto changed_at = [&](auto index) { return table.changed_at(index, spec_.minor_updates); };
  if (narrow_) {
    for (const auto index : shown_) {
      if (changed_at(index) > since) out.push_back(index);
    }
  } else {
    for (auto i = table.newest(); i != StateTable::kNone && table.changed_at(i, true) > since;
         i = table.older(i)) {
      if (shows_[i] && changed_at(i) > since) out.push_back(i);
    }
    std::reverse(out.begin(), out.end());  // nearly in order, and in order with minor updates
  }
  std::sort(out.begin(), out.end(), [&](auto a, auto b) { return changed_at(a) < changed_at(b); });
}

uint32_t Cohort::Add(base::StreamId stream) {
  members_.push_back(stream);
  ++present_;
  return static_cast<uint32_t>(members_.size() - 1);
}

void Cohort::Remove(uint32_t place) {
  LT_ASSERT(place < members_.size() && members_[place] != kHole, "place {}", place);
  members_[place] = kHole;
  --present_;
}

}  // namespace livetape::hub
