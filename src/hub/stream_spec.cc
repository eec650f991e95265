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

bool StreamSpec::WantsType(std::string_view type) const {
  return types.empty() || std::find(types.begin(), types.end(), type) != types.end();
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
  // With their lengths, so that whatever they are made of two lists are never one text.
  for (const auto topic : topics) key += fmt::format(" {}:{}", topic.size(), topic);
  key += " types";
  for (const auto type : wanted) key += fmt::format(" {}:{}", type.size(), type);
  return key;
}

}  // namespace livetape::hub
