#pragma once

// StateWatch: what the screen of every subscriber of one stream of state shows, and whether all show the
// same. An event is `data: {"topic":"...",...,"data":{...}}`; a screen has the newest data of each topic.
// Owned by one thread.

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "load/fleet.h"

namespace livetape::bench {

class StateWatch final : public PayloadObserver {
 public:
  explicit StateWatch(size_t subscribers) : screens_(subscribers) {}

  void OnPayload(size_t subscriber, std::string_view event, int64_t now_us) override;

  // Different screens; 1 when all show the same.
  size_t different() const;
  // A number that is the same for screens that show the same; of the first subscriber.
  uint64_t first_screen() const;
  size_t topics() const { return screens_.front().size(); }
  int64_t last_us() const { return last_us_; }   // when the newest event came, since 1970
  uint64_t strange() const { return strange_; }  // events that are none of the above

 private:
  using Screen = std::unordered_map<uint64_t, uint64_t>;  // hash of the topic -> of its data
  static uint64_t Sum(const Screen& screen);

  std::vector<Screen> screens_;
  int64_t last_us_ = 0;
  uint64_t strange_ = 0;
};

}  // namespace livetape::bench
