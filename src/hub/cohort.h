#pragma once

// Cohort: all streams of one shard whose spec is the same. What they receive is identical, so it
// is gathered and encoded once. Owned by the shard's thread.
//
// Invariants:
//  1. `members` holds the streams that have been sent every record up to the last record flush
//     begun (and so up to the shard's cursor, or `ahead` if that is further: there is a flush
//     whenever a record matches), none beyond, and at least every state change up to `flushed`
//     (who joined inside a window has newer state, and gets it again at its end). A stream that is
//     not there yet, or has fallen behind, is apart: the shard serves it alone (see Shard).
//  2. While a flush is under way (`flushes` > 0) members keep their places: one that leaves
//     leaves a hole, a new one goes to the end, past the range of that flush.
//  3. `shown` are the keys and tombstones of the table that the spec matches, whatever their
//     number: the shard tells of each that comes and of each that is forgotten.

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/stream_id.h"
#include "hub/index_set.h"
#include "hub/pattern_set.h"
#include "hub/state_table.h"
#include "hub/stream_spec.h"

namespace livetape::hub {

inline constexpr base::StreamId kHole{~uint64_t{0}};
inline constexpr size_t kHolesKept = 16;

class Cohort {
 public:
  // `number` is never given to another cohort of the shard.
  Cohort(uint64_t number, StreamSpec spec, const StateTable& table, base::MonoTime now);

  uint64_t number() const { return number_; }
  const StreamSpec& spec() const { return *spec_; }
  const std::shared_ptr<const StreamSpec>& shared_spec() const { return spec_; }
  // An empty topic, that of an internal record, matches nothing.
  bool Matches(std::string_view topic, std::string_view type) const {
    return spec_->WantsType(type) && patterns_.Matches(topic);
  }
  // The stamp of the key's last change that this view cares for.
  uint64_t ChangedAt(const StateTable& table, StateTable::Index index) const {
    return table.changed_at(index, spec_->minor_updates);
  }

  const IndexSet& shown() const { return shown_; }
  // The table has got a key that the spec matches.
  void Show(StateTable::Index index) { shown_.Insert(index); }
  // The table forgets a key of this view that was deleted at `stamp`.
  void Hide(StateTable::Index index, uint64_t stamp);
  // The newest deletion that Hide told of: who has older state cannot be told of it any more.
  uint64_t forgotten() const { return forgotten_; }

  // The first `max` or so keys of this view whose last change that it cares for came after
  // `since`, in order of that change: who has been sent a first part of them goes on after the
  // stamp of its last. Tombstones only if they came after `deletions_since`. False if there may be
  // more.
  bool Gather(const StateTable& table, uint64_t since, uint64_t deletions_since, size_t max,
              std::vector<StateTable::Index>& out) const;
  // All keys of this view, and the tombstones since `deletions_since`, in no special order.
  void GatherAll(const StateTable& table, uint64_t deletions_since,
                 std::vector<StateTable::Index>& out) const;

  // The members' places, holes included; the numbers are those that Add gave.
  std::span<const base::StreamId> members() const { return members_; }
  size_t present() const { return present_; }
  uint32_t Add(base::StreamId stream);
  // Leaves a hole.
  void Remove(uint32_t member);
  // Closes the holes when they are many and no flush is under way; `moved(stream, place)` tells
  // each member's new place.
  template <typename Moved>
  void CloseHoles(Moved&& moved);

  bool in_use() const { return subscribers > 0 || flushes > 0; }

  size_t subscribers = 0;     // members and those apart
  size_t flushes = 0;         // under way
  uint64_t flushed = 0;       // stamp up to which state has been flushed
  uint64_t state_events = 0;  // sent so far to whoever was present
  uint64_t ahead = 0;         // the last record sent while the shard's cursor was not there yet
  // A record that was not: while the shard's cursor is not there, nor are those after it.
  uint64_t passed_over = 0;
  base::MonoTime last_sent;  // anything
  base::MonoTime next_pulse;

  // Of the shard and its index.
  static constexpr uint32_t kNowhere = ~uint32_t{0};
  uint32_t place = 0;                                      // among all cohorts
  bool awaits_drop = false;                                // it was not in use once
  uint32_t place_in_windows = kNowhere;                    // among those of its interval
  uint64_t looked_up = 0;                                  // TopicIndex: the last look-up
  uint32_t first_match = kNowhere, last_match = kNowhere;  // of the records just read

 private:
  const uint64_t number_;
  const std::shared_ptr<const StreamSpec> spec_;
  const PatternSet patterns_;
  IndexSet shown_;
  uint64_t forgotten_ = 0;
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
