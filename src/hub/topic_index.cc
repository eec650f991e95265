#include "hub/topic_index.h"

#include <algorithm>
#include <set>

#include "base/assert.h"

namespace livetape::hub {
namespace {

std::set<std::string_view> PrefixesOf(const StreamSpec& spec) {
  std::set<std::string_view> prefixes;
  for (const TopicPattern& pattern : spec.patterns) prefixes.insert(pattern.prefix());
  return prefixes;
}

}  // namespace

void TopicIndex::Add(Cohort& cohort) {
  for (const std::string_view prefix : PrefixesOf(cohort.spec())) {
    by_prefix_[std::string(prefix)].push_back(&cohort);
  }
}

void TopicIndex::Remove(Cohort& cohort) {
  for (const std::string_view prefix : PrefixesOf(cohort.spec())) {
    const auto at = by_prefix_.find(prefix);
    LT_ASSERT(at != by_prefix_.end(), "prefix {}", prefix);
    auto& cohorts = at->second;
    const auto place = std::find(cohorts.begin(), cohorts.end(), &cohort);
    LT_ASSERT(place != cohorts.end(), "prefix {}", prefix);
    *place = cohorts.back();
    cohorts.pop_back();
    if (cohorts.empty()) by_prefix_.erase(at);
  }
}

}  // namespace livetape::hub
