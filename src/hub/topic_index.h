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
#include <vector>

#include "hub/cohort.h"
#include "hub/parted_map.h"

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
  struct PrefixView {
    explicit PrefixView(std::string_view its_text)
        : hash(std::hash<std::string_view>()(its_text)), text(its_text) {}
    size_t hash;
    std::string_view text;
  };
  struct Prefix {
    explicit Prefix(const PrefixView& view) : hash(view.hash), text(view.text) {}
    friend bool operator==(const Prefix& a, const Prefix& b) { return a.text == b.text; }
    friend bool operator==(const Prefix& a, const PrefixView& b) { return a.text == b.text; }
    size_t hash;
    std::string text;
  };

  PartedMap<Prefix, std::vector<Cohort*>> by_prefix_;
  uint64_t lookups_ = 0;
  uint64_t asked_ = 0;
};

template <typename Visit>
void TopicIndex::ForEachMatch(std::string_view topic, std::string_view type, Visit&& visit) {
  if (topic.empty()) return;
  ++lookups_;
  for (size_t end = 0;; end = topic.find('/', end + 1)) {
    if (const auto* const cohorts = by_prefix_.Find(PrefixView(topic.substr(0, end)))) {
      for (Cohort* const cohort : *cohorts) {
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
