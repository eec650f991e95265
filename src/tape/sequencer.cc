#include "tape/sequencer.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"

namespace livetape::tape {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;
using Lanes = SubmissionQueue::Lanes;

constexpr nanoseconds kFirstPause = milliseconds(50), kPauseMax = seconds(1);
constexpr nanoseconds kLagPause = milliseconds(1);
// What waits to be read costs each later record its time: bulky submissions keep within this.
constexpr uint64_t kLagForBulkyMax = 8192;
constexpr size_t kBlocksPerTrim = 64;
constexpr nanoseconds kTrimEvery = seconds(1);

}  // namespace

Sequencer::Sequencer(const Options& options, BlockLog& blocks, Ring& ring, SubmissionQueue& queue,
                     std::atomic<uint64_t>& oldest, const base::Clock& clock, TapeMetrics& metrics,
                     base::Log& log)
    : options_(options),
      blocks_(blocks),
      ring_(ring),
      queue_(queue),
      oldest_(oldest),
      clock_(clock),
      metrics_(metrics),
      log_(log),
      head_(blocks.extent().head),
      time_(blocks.extent().time) {
  metrics_.head.Set(static_cast<int64_t>(head_));
  metrics_.oldest.Set(static_cast<int64_t>(blocks.extent().oldest));
  metrics_.committing.Set(1);
}

bool Sequencer::Step() {
  if (failure_) return Retry();
  const auto lanes = LanesOfNow();
  WatchReader(lanes);
  if (CommitNext(lanes)) return true;
  return !failure_ && clock_.Mono() - trimmed_at_ >= kTrimEvery && Trim();
}

void Sequencer::Wait() {
  if (failure_) {
    queue_.Wait(std::max(failure_->next_try - clock_.Mono(), nanoseconds(0)), Lanes::kNone);
  } else {
    const auto lanes = LanesOfNow();
    queue_.Wait(lanes == Lanes::kBoth ? kTrimEvery : kLagPause, lanes);
  }
}

// Whose turn it may be, by how far the slowest reader of the ring is behind. A group is so small that
// it fits into what is left.
Lanes Sequencer::LanesOfNow() const {
  const uint64_t lag = slowest_ ? head_ - std::min(head_, slowest_()) : 0;
  const uint64_t reach = ring_.Reach();
  if (lag > reach / 4 * 3) return Lanes::kNone;
  return lag > std::min(reach / 4, kLagForBulkyMax) ? Lanes::kPrompt : Lanes::kBoth;
}

void Sequencer::WatchReader(Lanes lanes) {
  if (holding_ && lanes > holding_->taken) {
    log_.Info("the reader that held the tape up moves again");
    TakeOnly(lanes);
    holding_->taken = lanes;
  }
  if (lanes == Lanes::kBoth) {
    holding_.reset();
    return;
  }
  const base::MonoTime now = clock_.Mono();
  const uint64_t at = slowest_();
  if (!holding_) holding_ = {.at = at, .since = now};
  if (at != holding_->at) {
    holding_->at = at;
    holding_->since = now;
  } else if (lanes < holding_->taken && now - holding_->since >= options_.patience) {
    log_.Error("a reader of the tape stands still, {} records behind. {} taken until it moves",
               head_ - at, lanes == Lanes::kNone ? "Nothing is" : "No more batches are");
    TakeOnly(lanes);
    holding_->taken = lanes;
  }
}

bool Sequencer::CommitNext(Lanes lanes) {
  const auto records_max = std::clamp<size_t>(ring_.Reach() / 4, 1, kGroupRecordsMax);
  if (!queue_.Take(group_.submissions, lanes, records_max)) return false;
  Number();
  if (group_.records.empty()) {
    Release();
    return true;
  }
  EncodeBlocks(group_.records, group_.blocks);
  const base::MonoTime began = clock_.Mono();
  const auto appended = blocks_.Append(group_.blocks);
  if (!appended) {
    Fail(appended.error());
    return true;
  }
  metrics_.commit_seconds.Observe(std::chrono::duration<double>(clock_.Mono() - began).count());
  Release();
  blocks_.Maintain();
  if (blocks_since_trim_ >= kBlocksPerTrim) Trim();
  return true;
}

// Asks each submission and numbers its records.
void Sequencer::Number() {
  group_.time = std::max(time_, clock_.Wall());
  group_.first_seqs.clear();
  group_.counts.clear();
  uint64_t next = head_ + 1;
  for (const auto& submission : group_.submissions) {
    const bool admitted = submission->Admit();
    group_.first_seqs.push_back(admitted ? next : 0);
    group_.counts.push_back(admitted ? submission->records.size() : 0);
    if (!admitted) continue;
    for (NewRecord& record : submission->records) {
      group_.records.push_back(std::make_shared<const Record>(Record{
          .seq = next++,
          .time = group_.time,
          .kind = record.kind,
          .topic = std::move(record.topic),
          .type = std::move(record.type),
          .data = std::move(record.data),
      }));
    }
    submission->records.clear();
  }
}

// The group is durable: to the ring, to the follower, to its submissions.
void Sequencer::Release() {
  if (!group_.records.empty()) {
    head_ = group_.records.back()->seq;
    time_ = group_.time;
    ring_.Append(group_.records);
    metrics_.records.Add(group_.records.size());
    metrics_.group_records.Observe(static_cast<double>(group_.records.size()));
    for (const auto& block : group_.blocks) metrics_.bytes.Add(block->bytes.size());
    metrics_.head.Set(static_cast<int64_t>(head_));
    blocks_since_trim_ += group_.blocks.size();
    if (follower_) follower_(group_.records);
  }
  for (size_t i = 0; i < group_.submissions.size(); ++i) {
    if (group_.first_seqs[i] == 0) {
      metrics_.not_admitted.Add();
      group_.submissions[i]->OnRefused(Refusal::kNotAdmitted);
    } else {
      group_.submissions[i]->OnCommitted(group_.first_seqs[i], group_.time);
    }
  }
  group_.submissions.clear();
  group_.records.clear();
  group_.blocks.clear();
}

void Sequencer::Fail(const base::Error& error) {
  const base::MonoTime now = clock_.Mono();
  log_.Error("the tape cannot commit: {}. Nothing is acknowledged until it can; trying again",
             error.message);
  failure_ = Failure{.since = now, .next_try = now + kFirstPause, .pause = kFirstPause};
  metrics_.failed_commits.Add();
  TakeOnly(Lanes::kNone);
}

void Sequencer::TakeOnly(Lanes lanes) {
  metrics_.committing.Set(lanes == Lanes::kNone ? 0 : 1);
  for (const auto& waiting : queue_.TakeOnly(lanes)) {
    metrics_.dropped.Add();
    waiting->OnRefused(Refusal::kNotCommitting);
  }
}

bool Sequencer::Retry() {
  const base::MonoTime now = clock_.Mono();
  if (now < failure_->next_try) return false;
  const auto result = TryAgain();
  if (result) {
    Recover();
    return true;
  }
  metrics_.failed_commits.Add();
  if (!failure_->dropped && now - failure_->since >= options_.patience) {
    log_.Error("the tape cannot commit yet: {}. What waited for it is refused",
               result.error().message);
    Drop(Refusal::kNotCommitting);
  }
  failure_->pause = std::min(2 * failure_->pause, kPauseMax);
  failure_->next_try = now + failure_->pause;
  return true;
}

// After a commit that failed, the log is opened again and asked: what it says has happened has.
base::Result<void> Sequencer::TryAgain() {
  if (auto reopened = blocks_.Reopen(); !reopened) return reopened;
  if (failure_->dropped) return blocks_.CutBack(head_);
  const uint64_t stored = blocks_.extent().head;
  if (stored == head_) return blocks_.Append(group_.blocks);
  if (stored == group_.records.back()->seq) return blocks_.Harden();
  return base::Fail("somebody else has written to the tape");
}

// What must be kept gets its records back and waits at the head of the queue.
void Sequencer::Drop(Refusal why, bool stopping) {
  failure_->dropped = true;
  SubmissionQueue::Batch kept;
  size_t record = 0;
  for (size_t i = 0; i < group_.submissions.size(); ++i) {
    auto& submission = group_.submissions[i];
    const size_t end = record + group_.counts[i];
    if (submission->must_be_kept && !stopping) {
      for (size_t at = record; at < end; ++at) {
        const Record& numbered = *group_.records[at];
        submission->records.push_back({.topic = numbered.topic,
                                       .type = numbered.type,
                                       .data = numbered.data,
                                       .kind = numbered.kind});
      }
      kept.push_back(std::move(submission));
    } else {
      metrics_.dropped.Add();
      submission->OnRefused(why);
    }
    record = end;
  }
  queue_.PutBack(std::move(kept));
  group_.submissions.clear();
  group_.records.clear();
  group_.blocks.clear();
}

void Sequencer::Recover() {
  log_.Info("the tape commits again");
  const bool dropped = failure_->dropped;
  failure_.reset();
  TakeOnly(holding_ ? holding_->taken : Lanes::kBoth);
  if (!dropped) Release();
}

bool Sequencer::Trim() {
  trimmed_at_ = clock_.Mono();
  blocks_since_trim_ = 0;
  const uint64_t before = blocks_.extent().oldest;
  Retention keep = options_.keep;
  if (keep_from_) keep.from = keep_from_();
  const auto more = blocks_.Trim(keep, clock_.Wall());
  if (!more) {
    log_.Warning("the tape cannot delete old records: {}", more.error().message);
    return false;
  }
  const uint64_t oldest = blocks_.extent().oldest;
  metrics_.trimmed_records.Add(oldest - before);
  metrics_.oldest.Set(static_cast<int64_t>(oldest));
  oldest_.store(oldest, std::memory_order_release);
  if (*more) blocks_since_trim_ = kBlocksPerTrim;
  return oldest != before;
}

void Sequencer::Drain(base::MonoTime deadline) {
  const auto commit_all = [&] {
    while (!failure_ && clock_.Mono() < deadline && CommitNext(Lanes::kBoth)) {
    }
  };
  commit_all();
  if (failure_ && TryAgain()) {
    Recover();
    commit_all();
  }
  if (failure_ && !failure_->dropped) Drop(Refusal::kStopping, true);
  for (const auto& waiting : queue_.TakeAll()) waiting->OnRefused(Refusal::kStopping);
}

}  // namespace livetape::tape
