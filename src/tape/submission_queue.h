#pragma once

// SubmissionQueue: what waits for the tape's thread, bounded by records and bytes. Any thread pushes;
// the tape's thread takes groups.
//
// Bulky submissions wait in a lane of their own. While both lanes have some, groups come of them by
// turns, and those of the bulky ones are small, so that a flood of batches costs others one short
// commit.
//
// A submission counts as one record at least. Full: kFull, and the submission stays with its owner.
// Those that must be kept are always taken; their makers stop while has_room() says no.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "metrics/registry.h"
#include "tape/submission.h"

namespace livetape::tape {

// A group: at most this much, or one submission alone. It is one transaction.
constexpr size_t kGroupRecordsMax = 4096;
constexpr size_t kBulkyGroupRecordsMax = 1024;  // while others wait as well
constexpr size_t kGroupBytesMax = size_t{1} << 20;

class SubmissionQueue {
 public:
  using Batch = std::vector<std::unique_ptr<Submission>>;

  // Those whose turn it may be.
  enum class Lanes : uint8_t { kNone, kPrompt, kBoth };

  SubmissionQueue(size_t records_max, size_t bytes_max, metrics::Registry& metrics);

  // Any thread.
  std::optional<Refusal> Push(std::unique_ptr<Submission>& submission);
  bool committing() const { return taken_.load(std::memory_order_acquire) != Lanes::kNone; }
  // It commits, and less than half of what may be queued is.
  bool has_room() const { return committing() && !half_full_.load(std::memory_order_acquire); }

  // The tape's thread. Replaces `group` by the next one, of one lane and at most `records_max`, or
  // one submission alone; false if nothing waits there.
  bool Take(Batch& group, Lanes lanes, size_t records_max = kGroupRecordsMax);
  // All that waits.
  Batch TakeAll();
  // From now on pushes to these lanes alone are taken, and what must be kept. What waits in others
  // comes back, to be refused.
  Batch TakeOnly(Lanes lanes);
  // In front of what waits; they must be kept.
  void PutBack(Batch submissions);
  // Waits for a submission in these lanes, for Close, or for so long.
  void Wait(std::chrono::nanoseconds at_most, Lanes lanes);

  // Any thread: refuses pushes from now on with kStopping and ends Wait.
  void Close();
  bool closed() const;

 private:
  struct Entry {
    std::unique_ptr<Submission> submission;
    size_t records, bytes;
  };
  using Lane = std::deque<Entry>;

  static Entry EntryOf(std::unique_ptr<Submission> submission);
  Lane& LaneOf(const Submission& submission) { return submission.bulky ? bulky_ : prompt_; }
  bool HasWork(Lanes lanes) const {
    return lanes != Lanes::kNone &&
           (!prompt_.empty() || (lanes == Lanes::kBoth && !bulky_.empty()));
  }
  void CountDepth();

  const size_t records_max_, bytes_max_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Lane prompt_, bulky_;
  bool bulky_was_last_ = false;
  size_t records_ = 0, bytes_ = 0;
  // Both are written under the mutex.
  std::atomic<Lanes> taken_ = Lanes::kBoth;
  std::atomic<bool> half_full_ = false;
  bool closed_ = false;
  // Written under the mutex.
  metrics::Gauge& queued_;
  metrics::Counter &full_, &not_committing_, &stopping_;
};

}  // namespace livetape::tape
