#pragma once

// Sequencer: takes groups of submissions, numbers and commits them, and releases them in order. The
// tape's thread owns it.
//
//            Take            commit fails                       patience ends
//   idle ───────────► group ──────────────► failing with group ───────────────► failing, empty
//     ▲                 │ committed              │ committed                       │ cut back
//     └─────── release ◄┴────────────────────────┘                                 │
//     └────────────────────────────────────────────────────────────────────────────┘
//
// Invariants: (1) what is released is committed, in order, once; (2) a group that is dropped leaves
// nothing in the log: before the next commit all after the ring's head is cut off; (3) while it
// fails, the queue holds and takes only what must be kept, which a dropped group gives back to it.
//
// While the slowest reader is far behind, bulky submissions wait; while it has most of the ring unread,
// all do. If it does not move for as long as the patience lasts, the queue refuses them.

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "tape/block_log.h"
#include "tape/ring.h"
#include "tape/submission_queue.h"
#include "tape/tape_metrics.h"

namespace livetape::tape {

class Sequencer {
 public:
  struct Options {
    Retention keep;
    std::chrono::nanoseconds patience{0};  // with a group that fails, or a reader that stands still
  };
  // All of these outlive it. `oldest` is kept up to date as retention goes on.
  Sequencer(const Options& options, BlockLog& blocks, Ring& ring, SubmissionQueue& queue,
            std::atomic<uint64_t>& oldest, const base::Clock& clock, TapeMetrics& metrics,
            base::Log& log);

  void SetFollower(std::function<void(std::span<const RecordRef>)> follower) {
    follower_ = std::move(follower);
  }
  void SetSlowestReader(std::function<uint64_t()> slowest) { slowest_ = std::move(slowest); }
  void SetKeepFrom(std::function<uint64_t()> keep_from) { keep_from_ = std::move(keep_from); }

  // One group, one retry, or one round of retention. False if there was nothing to do.
  bool Step();
  // Waits until Step may have something to do, or the queue is closed.
  void Wait();
  // The queue is closed: commits what is in it until `deadline`, and refuses the rest. Slow readers
  // are not waited for.
  void Drain(base::MonoTime deadline);

 private:
  struct Group {
    SubmissionQueue::Batch submissions;
    std::vector<uint64_t> first_seqs;  // of each submission; 0: not admitted
    std::vector<size_t> counts;        // of records of each
    std::vector<RecordRef> records;
    std::vector<std::unique_ptr<Block>> blocks;
    base::WallTime time;
  };
  struct Failure {
    base::MonoTime since, next_try;
    std::chrono::nanoseconds pause{0};
    bool dropped = false;  // whether the group has been refused
  };

  // A reader that holds the tape up, since when it has not moved, and what the queue is told to take.
  struct Holding {
    uint64_t at;
    base::MonoTime since;
    SubmissionQueue::Lanes taken = SubmissionQueue::Lanes::kBoth;
  };

  bool CommitNext(SubmissionQueue::Lanes lanes);
  void Number();
  void Release();
  void Fail(const base::Error& error);
  bool Retry();
  base::Result<void> TryAgain();
  void Drop(Refusal why, bool stopping = false);
  void Recover();
  SubmissionQueue::Lanes LanesOfNow() const;
  void WatchReader(SubmissionQueue::Lanes lanes);
  void TakeOnly(SubmissionQueue::Lanes lanes);
  bool Trim();

  const Options options_;
  BlockLog& blocks_;
  Ring& ring_;
  SubmissionQueue& queue_;
  std::atomic<uint64_t>& oldest_;
  const base::Clock& clock_;
  TapeMetrics& metrics_;
  base::Log& log_;
  std::function<void(std::span<const RecordRef>)> follower_;
  std::function<uint64_t()> slowest_, keep_from_;
  uint64_t head_;        // the last number that was released
  base::WallTime time_;  // of that
  Group group_;
  std::optional<Failure> failure_;
  std::optional<Holding> holding_;
  size_t blocks_since_trim_ = 0;
  base::MonoTime trimmed_at_;
};

}  // namespace livetape::tape
