#pragma once

// Event ids, "<epoch>-<seq>", and what a client's cursor means (API section 1). Pure functions.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace livetape::tape {

// What is kept of the log when a cursor arrives.
struct Extent {
  std::string_view epoch;  // the current one, lower-case letters and digits
  uint64_t oldest = 1;     // head + 1 when nothing is kept
  uint64_t head = 0;
};

// Where a stream goes on.
struct Resumption {
  uint64_t after = 0;           // the records after this one are to be sent
  std::string_view gap_reason;  // "expired", "unknown_epoch", "malformed" or "future"; or empty
};

// The position that `cursor` (an event id, or "earliest") stands for. What cannot be replayed is
// a gap: an expired cursor goes on at the oldest record kept, every other bad one at the head.
Resumption ResolveCursor(std::string_view cursor, const Extent& extent);

}  // namespace livetape::tape
