#include "hub/topic_index.h"

#include <algorithm>
#include <vector>

#include "base/assert.h"

namespace livetape::hub {
namespace {

// Each once.
std::vector<const TopicPattern*> PatternsOf(const Cohort& cohort) {
  std::vector<const TopicPattern*> patterns;
  for (const TopicPattern& pattern : cohort.spec().patterns) patterns.push_back(&pattern);
  std::sort(patterns.begin(), patterns.end(), [](auto* a, auto* b) { return *a < *b; });
  const auto same = [](auto* a, auto* b) { return *a == *b; };
  patterns.erase(std::unique(patterns.begin(), patterns.end(), same), patterns.end());
  return patterns;
}

}  // namespace

void TopicIndex::Add(Cohort& cohort) {
  for (const TopicPattern* const pattern : PatternsOf(cohort)) {
    const TextView view(pattern->text());
    auto* cohorts = by_pattern_.Find(view);
    if (cohorts == nullptr) cohorts = &by_pattern_.Add(Text(view), {});
    cohorts->push_back(&cohort);
    shapes_.Add(*pattern);
  }
}

void TopicIndex::Remove(Cohort& cohort) {
  for (const TopicPattern* const pattern : PatternsOf(cohort)) {
    const TextView view(pattern->text());
    auto* const cohorts = by_pattern_.Find(view);
    LT_ASSERT(cohorts != nullptr, "pattern {}", pattern->text());
    const auto place = std::find(cohorts->begin(), cohorts->end(), &cohort);
    LT_ASSERT(place != cohorts->end(), "pattern {}", pattern->text());
    *place = cohorts->back();
    cohorts->pop_back();
    if (cohorts->empty()) by_pattern_.Erase(view);
    shapes_.Remove(*pattern);
  }
}

}  // namespace livetape::hub
