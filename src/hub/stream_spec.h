#pragma once

// StreamSpec: what one stream wishes to be sent. Streams with equal specs are one cohort.

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "hub/rendering.h"
#include "hub/topic_pattern.h"

namespace livetape::hub {

// Windows begin at multiples of this unit of wall time.
inline constexpr std::chrono::milliseconds kWindowUnit{50};
inline constexpr std::chrono::milliseconds kLongestInterval{10'000};

// The nearest interval that the hub serves, rounded up: 0 (every update), 50, 100, 250, 500 ms,
// 1, 2, 5 or 10 s. Nothing for a negative one or one over 10 s.
std::optional<std::chrono::milliseconds> RoundInterval(std::chrono::milliseconds wished);

struct StreamSpec {
  std::vector<TopicPattern> patterns;
  std::vector<std::string> types;  // of records and state; empty: all
  const Rendering* rendering = nullptr;
  std::chrono::milliseconds interval{0};  // one that RoundInterval gives
  bool minor_updates = false;             // see StateUpdate::minor
  bool repeat = false;                    // send at each window, changed or not

  bool Matches(std::string_view topic, std::string_view type) const;
  // Equal for equal wishes: order and repetition of patterns and types do not matter.
  std::string CohortKey() const;
};

}  // namespace livetape::hub
