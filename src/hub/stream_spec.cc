#include "hub/stream_spec.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace livetape::hub {

using std::chrono::milliseconds;

std::optional<milliseconds> RoundInterval(milliseconds wished) {
  if (wished < milliseconds(0)) return std::nullopt;
  const auto at = std::lower_bound(kIntervals.begin(), kIntervals.end(), wished);
  if (at == kIntervals.end()) return std::nullopt;
  return *at;
}

bool StreamSpec::Matches(std::string_view topic, std::string_view type) const {
  if (topic.empty()) return false;
  if (!types.empty() && std::find(types.begin(), types.end(), type) == types.end()) return false;
  return std::any_of(patterns.begin(), patterns.end(),
                     [topic](const TopicPattern& pattern) { return pattern.Matches(topic); });
}

std::string StreamSpec::CohortKey() const {
  std::string key =
      fmt::format("{} {} {}{} {} {}", static_cast<const void*>(rendering), interval.count(),
                  minor_updates ? 'm' : '-', repeat ? 'r' : '-', pulse.count(), heartbeat.count());
  if (!end.never()) {
    key += fmt::format(" end {} {}", end.through, end.before.time_since_epoch().count());
  }
  std::set<std::string_view> topics, wanted(types.begin(), types.end());
  for (const TopicPattern& pattern : patterns) topics.insert(pattern.text());
  for (const auto topic : topics) key.append(" ").append(topic);
  key += " :";
  for (const auto type : wanted) key.append(" ").append(type);
  return key;
}

}  // namespace livetape::hub
