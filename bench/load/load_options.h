#pragma once

// LoadOptions: what livetape-load was asked to do. Read once at start.

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <expected>
#include <vector>

#include "load/fleet.h"

namespace livetape::bench {

struct LoadOptions {
  FleetPlan plan;
  std::vector<pid_t> server_pids;  // whose cost is taken; may be empty
  std::chrono::nanoseconds connect_timeout{};
  std::chrono::nanoseconds settle{};   // idle, before resident memory is read
  std::chrono::nanoseconds warm_up{};  // receiving, before the measurement
  std::chrono::nanoseconds measure{};  // 0: only connect and settle
  uint64_t events_max = UINT64_MAX;    // deliveries in all after which the measurement ends
  bool one_topic = true;
  bool states = false;                     // what the screens show in the end is compared
  bool records = false;                    // each is judged by its id
  std::chrono::nanoseconds until_quiet{};  // after the measurement, at most; 0: it is the end
};

// The options, or the exit status after --help (0) or an error told on stderr (2).
std::expected<LoadOptions, int> ReadLoadOptions(int argc, const char* const* argv);

}  // namespace livetape::bench
