#pragma once

// TopicIndex: which cohorts of a shard a topic concerns, without asking each. Owned by the
// shard's thread.
//
// A cohort stands under the literal prefix of each of its patterns. A topic is looked up once per
// number of its leading segments, and only what stands there is asked: the cost is its segments
// plus the candidates, however many cohorts there are.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "hub/cohort.h"

namespace livetape::hub {

class TopicIndex {
 public:
  void Add(Cohort& cohort);
  void Remove(Cohort& cohort);

  // Calls visit(cohort) once for each cohort whose spec matches. An empty topic matches none.
  template <typename Visit>
  void ForEachMatch(std::string_view topic, std::string_view type, Visit&& visit);

  // Cohorts asked so far.
  uint64_t asked() const { return asked_; }

 private:
  struct Hash {
    using is_transparent = void;  // NOLINT(readability-identifier-naming): the library's name
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  std::unordered_map<std::string, std::vector<Cohort*>, Hash, std::equal_to<>> by_prefix_;
  uint64_t lookups_ = 0;
  uint64_t asked_ = 0;
};

template <typename Visit>
void TopicIndex::ForEachMatch(std::string_view topic, std::string_view type, Visit&& visit) {
  if (topic.empty()) return;
  ++lookups_;
  for (size_t end = 0;; end = topic.find('/', end + 1)) {
    const auto at = by_prefix_.find(topic.substr(0, end));
    if (at != by_prefix_.end()) {
      for (Cohort* const cohort : at->second) {
        if (cohort->looked_up == lookups_) continue;
        cohort->looked_up = lookups_;
        ++asked_;
        if (cohort->spec().Matches(topic, type)) visit(*cohort);
      }
    }
    if (end == std::string_view::npos) return;
  }
}

}  // namespace livetape::hub
