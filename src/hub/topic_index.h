#pragma once

// TopicIndex: which cohorts of a shard a topic concerns, without asking each. Owned by the
// shard's thread.
//
// A cohort stands under the text of each of its patterns. A topic is looked up once for each shape
// that patterns have (PatternShapes), and those who are found match: the cost does not grow with the
// number of patterns or cohorts that do not.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/keyed_hash.h"
#include "hub/cohort.h"
#include "hub/parted_map.h"
#include "hub/pattern_shapes.h"

namespace livetape::hub {

class TopicIndex {
 public:
  void Add(Cohort& cohort);
  void Remove(Cohort& cohort);

  // Calls visit(cohort) once for each cohort whose spec matches. An empty topic matches none.
  template <typename Visit>
  void ForEachMatch(std::string_view topic, std::string_view type, Visit&& visit);

  // Cohorts found so far, before their types were looked at.
  uint64_t asked() const { return asked_; }

 private:
  struct TextView {
    explicit TextView(std::string_view its_text)
        : hash(base::KeyedHash(its_text)), text(its_text) {}
    size_t hash;
    std::string_view text;
  };
  struct Text {
    explicit Text(const TextView& view) : hash(view.hash), text(view.text) {}
    friend bool operator==(const Text& a, const Text& b) { return a.text == b.text; }
    friend bool operator==(const Text& a, const TextView& b) { return a.text == b.text; }
    size_t hash;
    std::string text;
  };

  PartedMap<Text, std::vector<Cohort*>> by_pattern_;
  PatternShapes shapes_;
  uint64_t lookups_ = 0;
  uint64_t asked_ = 0;
};

template <typename Visit>
void TopicIndex::ForEachMatch(std::string_view topic, std::string_view type, Visit&& visit) {
  if (topic.empty()) return;
  ++lookups_;
  shapes_.ForEachText(topic, [&](std::string_view text) {
    if (const auto* const cohorts = by_pattern_.Find(TextView(text))) {
      for (Cohort* const cohort : *cohorts) {
        if (cohort->looked_up == lookups_) continue;
        cohort->looked_up = lookups_;
        ++asked_;
        if (cohort->spec().WantsType(type)) visit(*cohort);
      }
    }
    return true;
  });
}

}  // namespace livetape::hub
