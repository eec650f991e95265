#include "tape/submission_queue.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"

namespace livetape::tape {
namespace {

metrics::Counter& RefusalCounter(metrics::Registry& metrics, const char* labels) {
  return metrics.AddCounter("livetape_tape_refused_total",
                            "Submissions that the tape did not take, by reason.", labels);
}

}  // namespace

SubmissionQueue::SubmissionQueue(size_t records_max, size_t bytes_max, metrics::Registry& metrics)
    : records_max_(records_max),
      bytes_max_(bytes_max),
      queued_(metrics.AddGauge("livetape_tape_queue_records",
                               "Records that wait for the tape; a submission counts as one at "
                               "least.")),
      full_(RefusalCounter(metrics, "reason=\"full\"")),
      not_committing_(RefusalCounter(metrics, "reason=\"not_committing\"")),
      stopping_(RefusalCounter(metrics, "reason=\"stopping\"")) {}

std::optional<Refusal> SubmissionQueue::Push(std::unique_ptr<Submission>& submission) {
  LT_ASSERT(submission != nullptr);
  LT_ASSERT(!submission->bulky || !submission->must_be_kept);
  Entry entry = EntryOf(std::move(submission));
  const auto refuse = [&](Refusal why) {
    submission = std::move(entry.submission);
    return why;
  };
  {
    const std::scoped_lock lock(mutex_);
    if (closed_) {
      stopping_.Add();
      return refuse(Refusal::kStopping);
    }
    const bool must_be_kept = entry.submission->must_be_kept;
    const Lanes needed = entry.submission->bulky ? Lanes::kBoth : Lanes::kPrompt;
    if (!must_be_kept && taken_.load(std::memory_order_relaxed) < needed) {
      not_committing_.Add();
      return refuse(Refusal::kNotCommitting);
    }
    if (!must_be_kept &&
        (records_ + entry.records > records_max_ || bytes_ + entry.bytes > bytes_max_)) {
      full_.Add();
      return refuse(Refusal::kFull);
    }
    records_ += entry.records;
    bytes_ += entry.bytes;
    LaneOf(*entry.submission).push_back(std::move(entry));
    CountDepth();
  }
  changed_.notify_one();
  return std::nullopt;
}

bool SubmissionQueue::Take(Batch& group, Lanes lanes, size_t records_max) {
  group.clear();
  const std::scoped_lock lock(mutex_);
  if (!HasWork(lanes)) return false;
  const bool both = !prompt_.empty() && !bulky_.empty();
  bulky_was_last_ = lanes == Lanes::kBoth && (both ? !bulky_was_last_ : prompt_.empty());
  Lane& lane = bulky_was_last_ ? bulky_ : prompt_;
  if (both && bulky_was_last_) records_max = std::min(records_max, kBulkyGroupRecordsMax);
  size_t records = 0, bytes = 0;
  while (!lane.empty()) {
    Entry& next = lane.front();
    records += next.records;
    bytes += next.bytes;
    if (!group.empty() && (records > records_max || bytes > kGroupBytesMax)) break;
    records_ -= next.records;
    bytes_ -= next.bytes;
    group.push_back(std::move(next.submission));
    lane.pop_front();
  }
  CountDepth();
  return true;
}

SubmissionQueue::Entry SubmissionQueue::EntryOf(std::unique_ptr<Submission> submission) {
  size_t bytes = submission->other_bytes;
  for (const NewRecord& record : submission->records) bytes += CostOf(record);
  const size_t records = std::max<size_t>(1, submission->records.size());
  return {std::move(submission), records, bytes};
}

SubmissionQueue::Batch SubmissionQueue::TakeOnly(Lanes lanes) {
  Batch refused;
  const std::scoped_lock lock(mutex_);
  taken_.store(lanes, std::memory_order_release);
  const auto clear = [&](Lane& lane) {
    Lane kept;
    for (Entry& entry : lane) {
      if (entry.submission->must_be_kept) {
        kept.push_back(std::move(entry));
      } else {
        records_ -= entry.records;
        bytes_ -= entry.bytes;
        refused.push_back(std::move(entry.submission));
      }
    }
    lane = std::move(kept);
  };
  if (lanes == Lanes::kNone) clear(prompt_);
  if (lanes != Lanes::kBoth) clear(bulky_);
  CountDepth();
  return refused;
}

void SubmissionQueue::PutBack(Batch submissions) {
  const std::scoped_lock lock(mutex_);
  while (!submissions.empty()) {
    LT_ASSERT(submissions.back()->must_be_kept);
    Entry entry = EntryOf(std::move(submissions.back()));
    submissions.pop_back();
    records_ += entry.records;
    bytes_ += entry.bytes;
    prompt_.push_front(std::move(entry));
  }
  CountDepth();
}

SubmissionQueue::Batch SubmissionQueue::TakeAll() {
  Batch all;
  const std::scoped_lock lock(mutex_);
  for (Lane* const lane : {&prompt_, &bulky_}) {
    for (Entry& entry : *lane) all.push_back(std::move(entry.submission));
    lane->clear();
  }
  records_ = bytes_ = 0;
  CountDepth();
  return all;
}

void SubmissionQueue::Wait(std::chrono::nanoseconds at_most, Lanes lanes) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, at_most, [&] { return closed_ || HasWork(lanes); });
}

void SubmissionQueue::Close() {
  {
    const std::scoped_lock lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
}

bool SubmissionQueue::closed() const {
  const std::scoped_lock lock(mutex_);
  return closed_;
}

void SubmissionQueue::CountDepth() {
  queued_.Set(static_cast<int64_t>(records_));
  half_full_.store(records_ > records_max_ / 2 || bytes_ > bytes_max_ / 2,
                   std::memory_order_release);
}

}  // namespace livetape::tape
