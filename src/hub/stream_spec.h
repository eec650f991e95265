#pragma once

// StreamSpec: what one stream wishes to be sent. Streams with equal specs are one cohort.

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "hub/record_source.h"
#include "hub/rendering.h"
#include "hub/topic_pattern.h"

namespace livetape::hub {

// Windows begin at multiples of this unit of wall time.
inline constexpr std::chrono::milliseconds kWindowUnit{50};
// The intervals that the hub serves; 0: every update.
inline constexpr std::array<std::chrono::milliseconds, 9> kIntervals = {
    std::chrono::milliseconds(0),     std::chrono::milliseconds(50),
    std::chrono::milliseconds(100),   std::chrono::milliseconds(250),
    std::chrono::milliseconds(500),   std::chrono::milliseconds(1000),
    std::chrono::milliseconds(2000),  std::chrono::milliseconds(5000),
    std::chrono::milliseconds(10'000)};
inline constexpr std::chrono::milliseconds kLongestInterval = kIntervals.back();

// The nearest of them, rounded up. Nothing for a negative one or one over 10 s.
std::optional<std::chrono::milliseconds> RoundInterval(std::chrono::milliseconds wished);

// Where a stream of records ends by itself, after the last record that belongs to it.
struct StreamEnd {
  uint64_t through = UINT64_MAX;                  // this record is the last one
  base::WallTime before = base::WallTime::max();  // records from then on are beyond it

  bool never() const { return through == UINT64_MAX && before == base::WallTime::max(); }
  bool Covers(const RecordView& record) const {
    return record.seq <= through && record.time < before;
  }
};

struct StreamSpec {
  std::vector<TopicPattern> patterns;
  std::vector<std::string> types;  // of records and state; empty: all
  const Rendering* rendering = nullptr;
  std::chrono::milliseconds interval{0};   // one that RoundInterval gives
  bool minor_updates = false;              // see StateUpdate::minor
  bool repeat = false;                     // send at each window, changed or not
  std::chrono::milliseconds pulse{0};      // period of Rendering::Pulse; 0: none
  std::chrono::milliseconds heartbeat{0};  // silence before a comment; 0: the shard's usual
  StreamEnd end;                           // else it has none

  bool WantsType(std::string_view type) const;
  // Equal for equal wishes: order and repetition of patterns and types do not matter.
  std::string CohortKey() const;
};

}  // namespace livetape::hub
