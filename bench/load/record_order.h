#pragma once

// RecordOrder: whether one subscriber gets each record once and in order, judged by the numbers in
// the ids, "<epoch>-<seq>". For a stream that every record of the tape is sent on: there the
// numbers have no holes. Owned by one thread.

#include <cstdint>
#include <optional>
#include <string_view>

namespace livetape::bench {

// An event's id, taken apart.
struct RecordId {
  std::string_view epoch;
  uint64_t seq = 0;
};

// From the line `id: <epoch>-<seq>` of an event; nothing without one.
std::optional<RecordId> RecordIdOf(std::string_view event);

class RecordOrder {
 public:
  // The record `after` counts as received. Without: the first to come may have any number.
  explicit RecordOrder(uint64_t after = 0) : last_(after) {}

  void Take(uint64_t seq);

  uint64_t last() const { return last_; }  // 0: none yet
  uint64_t missed() const { return missed_; }
  uint64_t repeated() const { return repeated_; }

 private:
  uint64_t last_;
  uint64_t missed_ = 0;
  uint64_t repeated_ = 0;  // not newer than one before
};

}  // namespace livetape::bench
