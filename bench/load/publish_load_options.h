#pragma once

// PublishLoadOptions: what livetape-publish-load was asked to do. Read once at start.

#include <chrono>
#include <expected>

#include "load/publisher_fleet.h"

namespace livetape::bench {

struct PublishLoadOptions {
  PublisherPlan plan;
  std::chrono::nanoseconds warm_up{};  // publishing, before the measurement
  std::chrono::nanoseconds measure{};  // it ends earlier when all requests are answered
};

// The options, or the exit status after --help (0) or an error told on stderr (2).
std::expected<PublishLoadOptions, int> ReadPublishLoadOptions(int argc, const char* const* argv);

}  // namespace livetape::bench
