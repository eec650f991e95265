#pragma once

// LoadReport: what one run of the load tool found, and its two texts. Plain values.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "load/histogram.h"

namespace livetape::bench {

struct LoadReport {
  uint64_t subscribers = 0;
  double connect_s = 0;  // until each had the first byte of its stream's body
  // Of the server's processes; without --server-pid nothing.
  std::optional<uint64_t> resident_before, resident_idle;

  // The measurement; all zero when there was none.
  double seconds = 0;
  uint64_t deliveries = 0;  // payload events received
  uint64_t bytes = 0;
  uint64_t chunks = 0;
  std::optional<double> server_cpu_s;
  double load_cpu_s = 0;

  // Of the events sent within the measurement.
  uint64_t distinct = 0, lost = 0, repeated = 0, from_future = 0;
  uint64_t slow_events = 0, unstamped = 0, closed = 0;
  LatencyHistogram latency_us;
  uint64_t screens = 0, screen = 0, topics = 0;  // of a StateWatch
  int64_t last_us = 0;
  uint64_t received = 0;                   // payload events in all, from the first to the end
  bool one_topic = true, records = false;  // how losses were looked for, if at all

  std::optional<double> resident_per_subscriber() const;
  std::optional<double> server_us_per_delivery() const;
};

// One line of JSON, without the line's end.
std::string JsonText(const LoadReport& report);
// A few lines for people.
std::string PlainText(const LoadReport& report);

}  // namespace livetape::bench
