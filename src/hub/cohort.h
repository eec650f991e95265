#pragma once

// Cohort: all streams of one shard whose spec is the same. What they receive is identical, so it
// is gathered and encoded once. Owned by the shard's thread.
//
// Invariants:
//  1. `members` holds the streams that have been sent every record up to the last record flush
//     begun, none beyond, and at least every state change up to `flushed` (who joined inside a
//     window has newer state, and gets it again at its end). A stream that is not there yet, or has
//     fallen behind, is apart: the shard serves it alone (see Shard).
//  2. While a flush is under way (`flushes` > 0) members keep their places: one that leaves
//     leaves a hole, a new one goes to the end, past the range of that flush.

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/stream_id.h"
#include "hub/state_table.h"
#include "hub/stream_spec.h"

namespace livetape::hub {

inline constexpr base::StreamId kHole{~uint64_t{0}};
inline constexpr size_t kHolesKept = 16;

class Cohort {
 public:
  Cohort(StreamSpec spec, const StateTable& table, base::MonoTime now);

  const StreamSpec& spec() const { return spec_; }

  // Tells the cohort of a key that the table has just got.
  void OnKeyCreated(const StateTable& table, StateTable::Index index);
  bool Shows(StateTable::Index index) const { return shows_[index]; }

  // The keys of this view whose last change that it cares for came after `since`, in order of that
  // change: who has been sent a first part of them goes on after the stamp of its last.
  void Gather(const StateTable& table, uint64_t since, std::vector<StateTable::Index>& out) const;
  // All keys of this view, in order of their appearance.
  const std::vector<StateTable::Index>& all() const { return shown_; }

  // The members' places, holes included; the numbers are those that Add gave.
  std::span<const base::StreamId> members() const { return members_; }
  size_t present() const { return present_; }
  uint32_t Add(base::StreamId stream);
  // Leaves a hole.
  void Remove(uint32_t place);
  // Closes the holes when they are many and no flush is under way; `moved(stream, place)` tells
  // each member's new place.
  template <typename Moved>
  void CloseHoles(Moved&& moved);

  size_t subscribers = 0;     // members and those apart
  size_t flushes = 0;         // under way
  uint64_t flushed = 0;       // stamp up to which state has been flushed
  uint64_t state_events = 0;  // sent so far to whoever was present
  uint64_t last_tick = 0;     // of the last window
  base::MonoTime last_sent;   // anything

 private:
  const StreamSpec spec_;
  const bool narrow_;                     // only exact patterns: few keys
  std::vector<bool> shows_;               // by index
  std::vector<StateTable::Index> shown_;  // those that are true there
  std::vector<base::StreamId> members_;
  size_t present_ = 0;
};

template <typename Moved>
void Cohort::CloseHoles(Moved&& moved) {
  const size_t holes = members_.size() - present_;
  if (flushes > 0 || holes <= present_ / 4 + kHolesKept) return;
  size_t to = 0;
  for (const base::StreamId stream : members_) {
    if (stream == kHole) continue;
    members_[to] = stream;
    moved(stream, static_cast<uint32_t>(to++));
  }
  members_.resize(to);
}

}  // namespace livetape::hub
