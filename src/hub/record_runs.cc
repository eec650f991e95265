#include "hub/record_runs.h"

#include <algorithm>

#include "base/assert.h"

namespace livetape::hub {
namespace {

constexpr uint64_t kWorkPerRecord = 40;  // to read it and to match its topic
constexpr size_t kRunsKept = 8;          // however large they are

}  // namespace

RecordRun::Part RecordRun::After(uint64_t after, size_t bytes_max) const {
  const auto first =
      std::upper_bound(marks_.begin(), marks_.end(), after,
                       [](uint64_t seq, const Mark& mark) { return seq < mark.seq; });
  const size_t begin = first == marks_.begin() ? 0 : std::prev(first)->end;
  if (text_.size() - begin <= bytes_max) {
    return {.text = std::string_view(text_).substr(begin),
            .through = through_,
            .events = static_cast<uint64_t>(marks_.end() - first),
            .whole = begin == 0};
  }
  const auto last = std::upper_bound(first, marks_.end(), begin + bytes_max,
                                     [](size_t end, const Mark& mark) { return end < mark.end; });
  // Everything before the first one that does not fit has been looked at.
  const size_t end = last == first ? begin : std::prev(last)->end;
  return {.text = std::string_view(text_).substr(begin, end - begin),
          .through = std::max(after, last->seq - 1),
          .events = static_cast<uint64_t>(last - first)};
}

const base::ChunkFrame& RecordRun::Frame() {
  if (frame_.chunk().empty()) frame_ = base::ChunkFrame::Encode(text_);
  return frame_;
}

RecordRuns::Runs::iterator RecordRuns::Before(uint64_t cohort, uint64_t after) {
  auto at = runs_.upper_bound({cohort, after});
  if (at == runs_.begin()) return runs_.end();
  --at;
  return at->first.first == cohort ? at : runs_.end();
}

uint64_t RecordRuns::NextFrom(uint64_t cohort, uint64_t after) const {
  const auto next = runs_.upper_bound({cohort, after});
  return next != runs_.end() && next->first.first == cohort ? next->first.second : ~uint64_t{0};
}

RecordRun* RecordRuns::Find(uint64_t cohort, uint64_t after) {
  const auto at = Before(cohort, after);
  if (at == runs_.end() || at->second.through_ <= after) return nullptr;
  Use(at->second);
  return &at->second;
}

RecordRun* RecordRuns::Get(const Cohort& cohort, uint64_t after, uint64_t upto) {
  LT_ASSERT(after < upto, "{} up to {}", after, upto);
  const uint64_t block = after / kRunRecords * kRunRecords;
  for (;;) {
    if (RecordRun* const found = Find(cohort.number(), after)) return found;
    const uint64_t end = std::min({upto, block + kRunRecords, NextFrom(cohort.number(), after)});
    auto run = Before(cohort.number(), after);
    uint64_t from = cohort.subscribers > 1 ? block : after;
    if (run != runs_.end()) from = std::max(from, run->second.through_);
    const bool grows = run != runs_.end() && run->first.second >= block &&
                       run->second.through_ == from && !run->second.full();
    if (!grows) run = Create(cohort.number(), from);
    if (Extend(cohort, run->second, end)) continue;
    if (!grows) Forget(run);
    if (from == after) return nullptr;
    // Its beginning is in memory no more; what follows `after` may be.
    run = Create(cohort.number(), after);
    if (Extend(cohort, run->second, end)) continue;
    Forget(run);
    return nullptr;
  }
}

void RecordRuns::Insert(const Cohort& cohort, uint64_t after,
                        const std::vector<RecordView>& records, uint64_t through) {
  if (Find(cohort.number(), after) != nullptr || through <= after) return;
  through = std::min(through, NextFrom(cohort.number(), after));
  auto run = Create(cohort.number(), after);
  for (const RecordView& record : records) {
    if (record.seq <= after || record.seq > through) continue;
    if (run->second.full()) {
      run->second.through_ = record.seq - 1;
      Use(run->second);
      run = Create(cohort.number(), record.seq - 1);
    }
    Append(cohort, run->second, record);
  }
  run->second.through_ = through;
  Use(run->second);
}

RecordRuns::Runs::iterator RecordRuns::Create(uint64_t cohort, uint64_t from) {
  const RecordRun::Key key{cohort, from};
  const auto [run, created] = runs_.try_emplace(key);
  LT_ASSERT(created, "run from {}", from);
  run->second.through_ = from;
  run->second.order_ = order_.insert(order_.end(), key);
  return run;
}

// Appends at least one record up to `upto`, more while the run is not full. False if what follows
// is not in memory.
bool RecordRuns::Extend(const Cohort& cohort, RecordRun& run, uint64_t upto) {
  batch_.clear();
  LT_ASSERT(run.through_ < upto && upto - run.through_ <= kRunRecords, "{} up to {}", run.through_,
            upto);
  const auto count = static_cast<size_t>(upto - run.through_);
  if (records_.Read(run.through_, count, batch_) == RecordSource::ReadOutcome::kOlder) return false;
  LT_ASSERT(!batch_.empty(), "nothing after {}", run.through_);
  for (const RecordView& record : batch_) {
    if (run.full()) break;
    Append(cohort, run, record);
    run.through_ = record.seq;
  }
  batch_.clear();
  Use(run);
  return true;
}

void RecordRuns::Append(const Cohort& cohort, RecordRun& run, const RecordView& record) {
  const size_t before = run.text_.size();
  work_ += kWorkPerRecord;
  if (!cohort.Matches(record.topic, record.type)) return;
  if (!cohort.spec().end.Covers(record)) return;
  cohort.spec().rendering->Record(record, ids_.Of(record.seq), run.text_);
  if (run.text_.size() == before) return;
  run.marks_.push_back({record.seq, run.text_.size()});
  run.frame_ = {};
  work_ += run.text_.size() - before;
}

// Counts the run anew, makes it the one used last, and lets the oldest go when there are too many.
void RecordRuns::Use(RecordRun& run) {
  bytes_ += run.cost() - run.counted_;
  run.counted_ = run.cost();
  run.used_ = round_;
  order_.splice(order_.end(), order_, run.order_);
  while (bytes_ > kRunsBytesMax && order_.size() > kRunsKept) Forget(runs_.find(order_.front()));
}

void RecordRuns::Forget(Runs::iterator run) {
  bytes_ -= run->second.counted_;
  order_.erase(run->second.order_);
  runs_.erase(run);
}

void RecordRuns::ForgetUnused() {
  while (!order_.empty()) {
    const auto oldest = runs_.find(order_.front());
    if (oldest->second.used_ + 1 >= round_) break;
    Forget(oldest);
  }
  ++round_;
}

}  // namespace livetape::hub
