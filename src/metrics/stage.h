#pragma once

// The stages of an event on its way through the server, as one histogram with a label for each:
//   source  from when a market event was due until the source gave it to the floor
//   floor   from then until its update was with the shards
//   hub     from when a shard was woken until it began to send what it was woken for
//   send    from then until the last member of the cohort had been sent it
// A batch is observed once, by its first event, or in `send` by the flush that took longest.

#include <chrono>
#include <string_view>

#include "metrics/registry.h"

namespace livetape::metrics {

class Stage {
 public:
  Stage(Registry& registry, std::string_view stage);

  // A negative time, of clocks read by two threads at once, counts as none.
  void Observe(std::chrono::nanoseconds time) {
    seconds_.Observe(time.count() <= 0 ? 0 : std::chrono::duration<double>(time).count());
  }

 private:
  Histogram& seconds_;
};

}  // namespace livetape::metrics
