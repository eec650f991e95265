#include "load/state_watch.h"

#include <functional>
#include <set>

namespace livetape::bench {

void StateWatch::OnPayload(size_t subscriber, std::string_view event, int64_t now_us) {
  constexpr std::string_view kTopic = "\"topic\":\"", kData = "\"data\":";
  const size_t topic = event.find(kTopic);
  const size_t data = event.find(kData);
  if (topic == event.npos || data == event.npos) {
    ++strange_;
    return;
  }
  const std::hash<std::string_view> hash;
  const size_t begin = topic + kTopic.size();
  const std::string_view name = event.substr(begin, event.find('"', begin) - begin);
  screens_[subscriber][hash(name)] = hash(event.substr(data));
  last_us_ = now_us;
}

// The order of a map's entries must not matter, so they are added up.
uint64_t StateWatch::Sum(const Screen& screen) {
  uint64_t sum = 0;
  for (const auto& [topic, data] : screen) {
    uint64_t mixed = topic * 0x9e3779b97f4a7c15 + data;
    mixed = (mixed ^ (mixed >> 31)) * 0xbf58476d1ce4e5b9;
    sum += mixed ^ (mixed >> 29);
  }
  return sum;
}

size_t StateWatch::different() const {
  std::set<uint64_t> sums;
  for (const Screen& screen : screens_) sums.insert(Sum(screen));
  return sums.size();
}

uint64_t StateWatch::first_screen() const { return Sum(screens_.front()); }

}  // namespace livetape::bench
