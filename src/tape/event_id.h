#pragma once

// Event ids, "<epoch>-<seq>", and what a client's cursor means (API section 1). Pure functions.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace livetape::tape {

// One run of numbers. A new epoch begins when a number might otherwise stand for two records: at
// creation, after a repair, after a crash with less than full sync.
struct Epoch {
  uint64_t first_seq = 1;  // the first record that this epoch numbered or will number
  std::string epoch;       // 1 to 32 lower-case letters and digits
};

// What is kept of the log when a cursor arrives.
struct Extent {
  std::string_view epoch;  // the current one, lower-case letters and digits
  uint64_t oldest = 1;     // head + 1 when nothing is kept
  uint64_t head = 0;
  std::span<const Epoch> epochs = {};  // oldest first, the current one last; may be empty
};

// Where a stream goes on.
struct Resumption {
  uint64_t after = 0;           // the records after this one are to be sent
  std::string_view gap_reason;  // "expired", "unknown_epoch", "malformed" or "future"; or empty
};

// The last number that an id of `epoch` can stand for: what later epochs have left of it. Nothing
// for an unknown epoch.
std::optional<uint64_t> LastOf(std::string_view epoch, const Extent& extent);

// The position that `cursor` (an event id, or "earliest") stands for. An id of an earlier epoch is
// good up to the last record that later epochs left of it; beyond, it is "future". What cannot be
// replayed is a gap: an expired cursor goes on at the oldest record kept, every other bad one at
// the head.
Resumption ResolveCursor(std::string_view cursor, const Extent& extent);

}  // namespace livetape::tape
