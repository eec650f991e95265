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
    const PrefixView view(prefix);
    auto* cohorts = by_prefix_.Find(view);
    if (cohorts == nullptr) cohorts = &by_prefix_.Add(Prefix(view), {});
    cohorts->push_back(&cohort);
  }
}

void TopicIndex::Remove(Cohort& cohort) {
  for (const std::string_view prefix : PrefixesOf(cohort.spec())) {
    const PrefixView view(prefix);
    auto* const cohorts = by_prefix_.Find(view);
    LT_ASSERT(cohorts != nullptr, "prefix {}", prefix);
    const auto place = std::find(cohorts->begin(), cohorts->end(), &cohort);
    LT_ASSERT(place != cohorts->end(), "prefix {}", prefix);
    *place = cohorts->back();
    cohorts->pop_back();
    if (cohorts->empty()) by_prefix_.Erase(view);
  }
}

}  // namespace livetape::hub
