#include "hub/pattern_set.h"

#include <algorithm>
#include <set>

namespace livetape::hub {
namespace {

constexpr size_t kFewPatterns = 4;  // are asked one by one

}  // namespace

PatternSet::PatternSet(const std::vector<TopicPattern>& patterns) : patterns_(patterns) {
  if (patterns.size() <= kFewPatterns) return;
  for (const TopicPattern& pattern : patterns) {
    if (texts_.insert(pattern.text()).second) shapes_.Add(pattern);
  }
}

bool PatternSet::Matches(std::string_view topic) const {
  if (topic.empty()) return false;
  if (texts_.empty()) {
    return std::any_of(patterns_.begin(), patterns_.end(),
                       [topic](const TopicPattern& pattern) { return pattern.Matches(topic); });
  }
  bool found = false;
  shapes_.ForEachText(topic, [&](std::string_view text) {
    found = texts_.contains(text);
    return !found;
  });
  return found;
}

std::vector<std::string_view> PatternSet::Prefixes() const {
  std::set<std::string_view> all;
  for (const TopicPattern& pattern : patterns_) all.insert(pattern.prefix());
  if (all.contains("")) return {""};
  const auto lies_under_another = [&all](std::string_view prefix) {
    for (size_t end = prefix.find('/'); end != std::string_view::npos;
         end = prefix.find('/', end + 1)) {
      if (all.contains(prefix.substr(0, end))) return true;
    }
    return false;
  };
  std::vector<std::string_view> prefixes;
  std::copy_if(all.begin(), all.end(), std::back_inserter(prefixes),
               [&](std::string_view prefix) { return !lies_under_another(prefix); });
  return prefixes;
}

}  // namespace livetape::hub
