#pragma once

// RecordRuns: stretches of the log as text, rendered once for all subscribers of a cohort that
// catch up at about the same time. Owned by the shard's thread.
//
// Invariants:
//  1. The runs of a cohort do not overlap; a run holds every record in (from, through] that its
//     view shows, and no other.
//  2. A run of a cohort with several subscribers begins at a multiple of kRunRecords if it can, so
//     that cursors close to each other share it; it grows as the log does, up to the next multiple
//     or kRunBytes.
//  3. All runs together take at most kRunsBytesMax; over that, those used longest ago go. What has
//     not been used between two calls of ForgetUnused goes too.

#include <cstdint>
#include <list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/chunk_frame.h"
#include "hub/cohort.h"
#include "hub/event_id.h"
#include "hub/record_source.h"

namespace livetape::hub {

inline constexpr uint64_t kRunRecords = 256;
inline constexpr size_t kRunBytes = 128 * 1024;  // then a run is full
inline constexpr size_t kRunsBytesMax = 16 * 1024 * 1024;

class RecordRun {
 public:
  struct Part {
    std::string_view text;
    uint64_t through = 0;
    uint64_t events = 0;
    bool whole = false;  // all of the run
  };
  // What follows `after`, which lies in [from, through): whole records, up to `bytes_max`.
  Part After(uint64_t after, size_t bytes_max = ~size_t{0}) const;
  // The whole run as one frame; its text is not empty.
  const base::ChunkFrame& Frame();

  uint64_t through() const { return through_; }

 private:
  friend class RecordRuns;
  struct Mark {
    uint64_t seq;
    size_t end;  // of its text
  };
  using Key = std::pair<uint64_t, uint64_t>;  // number of the cohort, from

  bool full() const { return text_.size() >= kRunBytes; }
  size_t cost() const {
    return sizeof(RecordRun) + text_.size() * 2 + marks_.size() * sizeof(Mark);
  }

  uint64_t through_ = 0;
  std::string text_;
  std::vector<Mark> marks_;
  base::ChunkFrame frame_;
  size_t counted_ = 0;  // of its cost
  uint64_t used_ = 0;   // round
  std::list<Key>::iterator order_;
};

class RecordRuns {
 public:
  RecordRuns(const RecordSource& records, std::string_view epoch)
      : records_(records), ids_(epoch) {}

  // The run that goes on after `after`, where after < upto <= head; made or extended up to `upto`
  // at most. Null if the records after `after` are neither here nor in memory. Valid until the
  // next call that is not const.
  RecordRun* Get(const Cohort& cohort, uint64_t after, uint64_t upto);
  // The run of the cohort of this number that covers what follows `after`, if there is one.
  RecordRun* Find(uint64_t cohort, uint64_t after);
  // Takes in what was fetched after `after`: every match up to `through` is in `records`.
  void Insert(const Cohort& cohort, uint64_t after, const std::vector<RecordView>& records,
              uint64_t through);
  // To be called every second or so.
  void ForgetUnused();

  // Bytes that the runs take.
  size_t bytes() const { return bytes_; }
  // Grows by about the nanoseconds that rendering and looking through records took.
  uint64_t work() const { return work_; }

 private:
  using Runs = std::map<RecordRun::Key, RecordRun>;

  // The run with the last `from` that is at most `after`; end() if none.
  Runs::iterator Before(uint64_t cohort, uint64_t after);
  // Where the first run after that one begins; the largest number if there is none.
  uint64_t NextFrom(uint64_t cohort, uint64_t after) const;
  Runs::iterator Create(uint64_t cohort, uint64_t from);
  bool Extend(const Cohort& cohort, RecordRun& run, uint64_t upto);
  void Append(const Cohort& cohort, RecordRun& run, const RecordView& record);
  void Use(RecordRun& run);
  void Forget(Runs::iterator run);

  const RecordSource& records_;
  EventIds ids_;
  Runs runs_;
  std::list<RecordRun::Key> order_;  // from the one used longest ago
  size_t bytes_ = 0;
  uint64_t work_ = 0;
  uint64_t round_ = 0;
  std::vector<RecordView> batch_;  // scratch
};

}  // namespace livetape::hub
