#pragma once

// PatternSet: the patterns of one view, asked for one topic after the other: what that costs does not
// grow with their number. Belongs to whoever holds it.

#include <boost/unordered/unordered_flat_set.hpp>
#include <string_view>
#include <vector>

#include "hub/pattern_shapes.h"
#include "hub/topic_pattern.h"

namespace livetape::hub {

class PatternSet {
 public:
  // `patterns` live longer and stay where they are.
  explicit PatternSet(const std::vector<TopicPattern>& patterns);

  bool Matches(std::string_view topic) const;
  // The literal beginnings of the patterns, without those that lie under another: a topic that
  // matches lies under exactly one of them.
  std::vector<std::string_view> Prefixes() const;

 private:
  const std::vector<TopicPattern>& patterns_;
  // Of many patterns only.
  PatternShapes shapes_;
  boost::unordered_flat_set<std::string_view> texts_;
};

}  // namespace livetape::hub
