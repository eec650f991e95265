#pragma once

// Tape: the one ordered log of records. It numbers them, commits them in groups, keeps them on
// disk and the newest in memory, and releases them in order.
//
// One thread, started here, writes; two more read what is no longer in the ring. Any thread may
// submit and read the ring.
//
// Invariants: (1) numbers run from 1 without holes and are never used twice under one epoch;
// (2) nothing is in the ring, told to the follower or acknowledged before it is durable (sync
// full) or written (sync normal); (3) submissions are numbered, and answered, in order of
// submission; (4) times never go backwards; (5) a submission is kept as a whole or not at all.

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "base/result.h"
#include "metrics/registry.h"
#include "tape/event_id.h"
#include "tape/record.h"
#include "tape/ring.h"
#include "tape/submission.h"
#include "tape/sync.h"
#include "tape/topic_summary.h"

namespace livetape::tape {

class BlockLog;
class FolderLock;
class Readers;
class Sequencer;
class SubmissionQueue;
struct TapeMetrics;

class Tape {
 public:
  struct Options {
    std::filesystem::path folder;  // made if missing, for its owner alone
    size_t ring_records = 65'536;
    size_t ring_bytes = size_t{256} << 20;
    // Retention: a block goes when all of it is beyond one of these. The newest always stays.
    // 0: no limit.
    uint64_t keep_records = 10'000'000;
    uint64_t keep_bytes = uint64_t{8} << 30;  // of the file, without the pages that are free
    std::chrono::hours keep_age{24 * 30};
    Sync sync = Sync::kFull;
    // What may be queued; more is refused kFull.
    size_t queue_records = 65'536;
    size_t queue_bytes = size_t{64} << 20;
    // How long a group whose commit fails is tried again before its submissions are refused.
    std::chrono::milliseconds patience{2000};
    std::string vfs;  // SQLite's file layer by name; empty: the usual
  };

  // Takes the folder's lock, checks the file's structure, recovers what a crash left, and fills the
  // ring with the newest records. A fault names the command that helps; nothing is ever cut off
  // silently. Blocks; main thread.
  static base::Result<std::unique_ptr<Tape>> Open(Options options, const base::Clock& clock,
                                                  base::Random random, metrics::Registry& metrics,
                                                  base::Log& log);
  ~Tape();
  Tape(const Tape&) = delete;
  Tape& operator=(const Tape&) = delete;

  // Any thread. Nothing: accepted, and moved from. A refusal leaves it untouched.
  std::optional<Refusal> Submit(std::unique_ptr<Submission>& submission);

  // Any thread: it commits and has room; before submitting what must be kept.
  bool HasRoom() const;

  // Any thread.
  const Ring& ring() const { return ring_; }
  uint64_t head() const { return ring_.head(); }
  // The oldest record on disk; head() + 1 when there is none.
  uint64_t oldest() const { return oldest_.load(std::memory_order_acquire); }
  // False while the disk does not take what is written.
  bool committing() const;
  // The current one; the epoch part of every id that is sent.
  std::string_view epoch() const { return epochs_.back().epoch; }
  // The epoch with which it began: its name for life, however many have followed.
  std::string_view origin() const { return epochs_.front().epoch; }
  // The last record that an epoch has; nothing if it is none of this tape's. It may be any of them.
  std::optional<uint64_t> LastOf(std::string_view epoch) const;
  // What a client's cursor means now; an epoch before the newest 1,000 is unknown.
  Resumption Resolve(std::string_view cursor) const;

  struct Fetched {
    std::vector<RecordRef> records;  // those that match
    uint64_t through = 0;            // every match up to here is in `records`
    // The records right after `after` are kept no more, or are damaged: `through` is the last of
    // those, and there are no records. A `through` that is not beyond `after` without this: the disk
    // could not be read, and another try may succeed.
    bool gone = false;
  };
  struct Fetch {
    uint64_t after = 0;
    // A fetch ends at the block with which its records cost this much, or after 16 MiB of blocks
    // that were read in vain; the rest is for the next one.
    size_t bytes_max = 0;
    std::function<bool(std::string_view topic, std::string_view type)> matches;  // null: all
    std::function<bool(const TopicSummary&)> may_match;                          // null: all
    std::move_only_function<void(Fetched)> done;
  };
  // Any thread, after Start: reads from disk. `matches`, `may_match` and `done` are called on a
  // reader thread; never for records without topic. What is queued at Stop is dropped, `done` with
  // it. The callers bound how many there are.
  void FetchOlder(Fetch fetch);
  struct Sought {
    uint64_t last_before = 0;  // the last record that is older; oldest() - 1 if none is
    bool all_kept = true;      // false: records of that time or later may have been deleted
  };
  // Any thread, after Start: where the tape is at `time`, or why the disk could not be asked. `done` is
  // called on a reader thread, or dropped at Stop.
  using SoughtTime = std::move_only_function<void(const base::Result<Sought>& sought)>;
  void SeekTime(base::WallTime time, SoughtTime done);

  // Any thread: reads from disk and hands over every kept record of these kinds, oldest first, not
  // older than `since`, on the calling thread. Blocks without any are not read.
  base::Result<void> Fold(KindSet kinds, base::WallTime since,
                          const std::function<void(const Record&)>& take);
  // The same for those after a record. What is committed meanwhile may be among them, or not.
  base::Result<void> FoldAfter(uint64_t after, KindSet kinds,
                               const std::function<void(const Record&)>& take);
  // Before Start: called on the tape's thread for each committed group, after it is in the ring and
  // before its submissions' OnCommitted.
  void SetFollower(std::function<void(std::span<const RecordRef>)> follower);
  // Before Start: the position of the slowest reader of the ring, called on the tape's thread. While
  // it is more than 3/4 of the ring behind, no further group is taken.
  void SetSlowestReader(std::function<uint64_t()> slowest);
  // Before Start: the oldest record that somebody still needs, called on the tape's thread; retention
  // never passes it.
  void SetKeepFrom(std::function<uint64_t()> keep_from);

  void Start();
  // Commits what is queued, for 2 s at most, refuses the rest kStopping, and closes the file cleanly.
  // Main thread; once, the second call does nothing.
  void Stop();
  // One group: what the tape's thread does in its loop. True if there was something to do. Tests
  // call it by hand instead of Start.
  bool DoWork();

 private:
  Tape(Options options, const base::Clock& clock, metrics::Registry& metrics, base::Log& log);
  base::Result<void> PrimeRing();
  base::Result<void> Fold(uint64_t after, base::WallTime since, KindSet kinds,
                          const std::function<void(const Record&)>& take);
  void Run();

  const Options options_;
  const base::Clock& clock_;
  base::Log& log_;
  std::unique_ptr<FolderLock> lock_;
  std::vector<Epoch> epochs_;  // oldest first; constant after Open
  Ring ring_;
  std::atomic<uint64_t> oldest_ = 1;
  std::unique_ptr<BlockLog> blocks_;
  std::unique_ptr<SubmissionQueue> queue_;
  std::unique_ptr<TapeMetrics> metrics_;
  std::unique_ptr<Sequencer> sequencer_;
  std::unique_ptr<Readers> readers_;
  std::thread thread_;
  bool stopped_ = false;
};

}  // namespace livetape::tape
