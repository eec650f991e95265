// Subscribers: how they come, join and leave their cohorts, and go.

#include <fmt/format.h>

#include <algorithm>

#include "base/assert.h"
#include "hub/shard.h"

namespace livetape::hub {
namespace {

constexpr size_t kOpeningRecordBytes = 16 * 1024;
constexpr size_t kSmallFrameBytes = 16 * 1024;
constexpr size_t kDropsPerTurn = 8;
constexpr size_t kCrowd = 8;  // subscribers apart that are ready to be served

}  // namespace

Shard::Subscriber* Shard::Find(base::StreamId stream) {
  const uint32_t slot = base::SlotOf(stream);
  if (slot >= by_slot_.size() || by_slot_[slot].phase == Phase::kFree) return nullptr;
  return by_slot_[slot].stream == stream ? &by_slot_[slot] : nullptr;
}

Shard::Subscriber& Shard::At(base::StreamId stream) {
  Subscriber* const subscriber = Find(stream);
  LT_ASSERT(subscriber != nullptr, "stream {:x}", stream.value());
  return *subscriber;
}

std::string Shard::Subscribe(base::StreamId stream, StreamSpec spec, const Resume& resume,
                             const Opening& opening) {
  Refresh();
  const uint32_t slot = base::SlotOf(stream);
  if (slot >= by_slot_.size()) by_slot_.resize(slot + 1);
  Subscriber& subscriber = by_slot_[slot];
  LT_ASSERT(subscriber.phase == Phase::kFree, "slot {}", slot);
  Cohort& cohort = CohortOf(std::move(spec));
  ++cohort.subscribers;
  metrics_.subscribers.Set(static_cast<int64_t>(++subscribers_));
  subscriber = Subscriber{.stream = stream,
                          .cohort = &cohort,
                          .cursor = resume.after,
                          .stamp = opening.snapshot ? 0 : table_.stamp(),
                          .born = table_.stamp()};
  SetPhase(subscriber, Phase::kWaiting);

  std::string body;
  if (opening.greeting) body = opening.greeting(std::string(ids_.Of(subscriber.cursor)));
  if (!resume.gap_reason.empty()) {
    AppendGap(cohort, resume.gap_reason, resume.requested, subscriber.cursor, body);
  }
  uint64_t events = 0;
  handed_ = 0;
  const bool state_done = AppendState(subscriber, subscriber.stamp, body, events);
  subscriber.events_seen = cohort.state_events;
  if (opening.copies) opening.copies(body);
  // When many come at once their openings are short, so that none waits long for its turn.
  if (subscriber.cursor < cursor_ && ready_.size() < kCrowd) {
    if (const RecordRun* const run = runs_.Get(cohort, subscriber.cursor, cursor_)) {
      const auto part = run->After(subscriber.cursor, kOpeningRecordBytes);
      body += part.text;
      subscriber.cursor = part.through;
      handed_ += part.events;
    }
  }
  metrics_.events_out.Add(handed_);
  // If its socket does not take all of this, the next flush is refused and it falls behind then. One
  // that may be at its end already is looked at when its socket has taken this.
  const bool has_all = state_done && subscriber.cursor >= cursor_;
  if (has_all && cohort.spec().end.never()) JoinOrWait(subscriber);
  Hold(subscriber, body.size());
  return body;
}

// So many bytes, instead of what it held before.
void Shard::Hold(Subscriber& subscriber, size_t bytes) {
  held_kib_ -= subscriber.held_kib;
  subscriber.held_kib = static_cast<uint16_t>(std::min<size_t>(bytes / 1024, UINT16_MAX));
  held_kib_ += subscriber.held_kib;
}

// Of what is made at a time, for one subscriber or a cohort.
size_t Shard::FrameBytes() const {
  return held_kib_ * 1024 < options_.held_bytes ? options_.frame_bytes
                                                : std::min(options_.frame_bytes, kSmallFrameBytes);
}

void Shard::OnWritable(base::StreamId stream) {
  Subscriber& subscriber = At(stream);
  Hold(subscriber, 0);
  if (subscriber.phase != Phase::kWaiting) return;
  MakeReady(subscriber);
  Wake();
}

void Shard::OnClosed(base::StreamId stream) { Forget(At(stream)); }

void Shard::Close(base::StreamId stream, std::string_view event, std::string_view json) {
  Subscriber* const subscriber = Find(stream);
  if (subscriber == nullptr) return;
  body_.clear();
  subscriber->cohort->spec().rendering->Control(event, "", json, body_);
  transport_.End(stream, body_);
  Forget(*subscriber);
}

void Shard::Drain(const std::function<long long()>& retry_ms) {
  for (Subscriber& subscriber : by_slot_) {
    if (subscriber.phase != Phase::kFree) EndWithRetry(subscriber, retry_ms());
  }
}

void Shard::EndWithRetry(Subscriber& subscriber, long long retry_ms) {
  body_.clear();
  subscriber.cohort->spec().rendering->Control("drain", "",
                                               fmt::format("{{\"after_ms\":{}}}", retry_ms), body_);
  AppendRetry(body_, retry_ms);
  transport_.End(subscriber.stream, body_);
  Forget(subscriber);
}

// Every record before the cohort's end has been read.
bool Shard::IsOver(const Cohort& cohort) const {
  const StreamEnd& end = cohort.spec().end;
  if (end.never()) return false;
  if (cursor_ >= end.through || newest_time_ >= end.before) return true;
  return clock_.Wall() - options_.commit_time >= end.before && records_.head() == cursor_;
}

void Shard::EndStreams() {
  if (ending_cohorts_ == 0) return;
  slice_.clear();
  for (const Cohort* const cohort : all_cohorts_) {
    if (cohort->flushes > 0 || !IsOver(*cohort)) continue;
    for (const base::StreamId stream : cohort->members()) {
      if (stream != kHole) slice_.push_back(stream);
    }
  }
  for (const base::StreamId stream : slice_) {
    transport_.End(stream, "");
    Forget(At(stream));
  }
}

// A flush found that the member's socket took less than all of the frame, or nothing.
void Shard::Leave(Subscriber& subscriber, const Flush& flush, bool records,
                  base::SendOutcome outcome) {
  Cohort& cohort = *subscriber.cohort;
  const bool has_it = outcome == base::SendOutcome::kPending;
  cohort.Remove(subscriber.place);
  if (outcome == base::SendOutcome::kClosed) return SetPhase(subscriber, Phase::kGone);
  metrics_.fell_behind.Add();
  SetPhase(subscriber, Phase::kWaiting);
  if (has_it) Hold(subscriber, flush.frame.chunk().size() / (cohort.present() + 1));
  if (!records) {
    // Record flushes go first, so it has all that has been read.
    subscriber.cursor = SentThrough(cohort);
    subscriber.stamp = has_it ? flush.stamp_after : flush.stamp_before;
    subscriber.events_seen = has_it ? flush.seen_after : flush.seen_before;
    return;
  }
  subscriber.cursor = has_it ? flush.cursor_after : flush.cursor_before;
  subscriber.stamp = cohort.flushed;
  subscriber.events_seen = cohort.state_events;
  // State flushes that have not come to its place yet now never will.
  for (const Flush& state : state_flushes_) {
    if (state.cohort != &cohort) continue;
    if (subscriber.place < state.next || subscriber.place >= state.end) continue;
    subscriber.stamp = state.stamp_before;
    subscriber.events_seen = state.seen_before;
    break;
  }
}

void Shard::SetPhase(Subscriber& subscriber, Phase phase) {
  const auto apart = [](Phase p) {
    return p == Phase::kWaiting || p == Phase::kReady || p == Phase::kFetching;
  };
  metrics_.apart.Add(int{apart(phase)} - int{apart(subscriber.phase)});
  subscriber.phase = phase;
}

void Shard::MakeReady(Subscriber& subscriber) {
  SetPhase(subscriber, Phase::kReady);
  ready_.push_back(subscriber.stream);
}

// A cursor from a faster shard may be ahead of this one: its subscriber joins when the shard has
// come that far, or it would be sent records twice. So may its cohort be: it would miss some.
void Shard::JoinOrWait(Subscriber& subscriber) {
  Cohort& cohort = *subscriber.cohort;
  if (std::max(subscriber.cursor, cohort.ahead) > cursor_) {
    if (cohort.ahead > cursor_) cohort.passed_over = looked_ahead_;  // or it might never join
    MakeReady(subscriber);
    return Wake();
  }
  // What has been looked at already was not for it.
  if (looked_ahead_ > cursor_) cohort.passed_over = looked_ahead_;
  fetching_.erase(subscriber.stream);
  subscriber.place = cohort.Add(subscriber.stream);
  subscriber.joined = true;
  SetPhase(subscriber, Phase::kMember);
}

void Shard::Forget(Subscriber& subscriber) {
  Cohort& cohort = *subscriber.cohort;
  if (subscriber.phase == Phase::kFetching) fetches_.Withdraw(subscriber.stream);
  fetching_.erase(subscriber.stream);
  if (subscriber.phase == Phase::kMember) {
    cohort.Remove(subscriber.place);
    cohort.CloseHoles([this](base::StreamId stream, uint32_t place) { At(stream).place = place; });
  }
  SetPhase(subscriber, Phase::kFree);
  Hold(subscriber, 0);
  subscriber = Subscriber{};
  metrics_.subscribers.Set(static_cast<int64_t>(--subscribers_));
  --cohort.subscribers;
  DropIfUnused(cohort);
}

Cohort& Shard::CohortOf(StreamSpec spec) {
  std::unique_ptr<Cohort>& cohort = cohorts_[spec.CohortKey()];
  if (!cohort) {
    cohort = std::make_unique<Cohort>(++cohort_numbers_, std::move(spec), table_, clock_.Mono());
    cohort->place = static_cast<uint32_t>(all_cohorts_.size());
    all_cohorts_.push_back(cohort.get());
    index_.Add(*cohort);
    if (!cohort->spec().end.never()) ++ending_cohorts_;
    EnterWindows(*cohort);
    metrics_.cohorts.Set(static_cast<int64_t>(cohorts_.size()));
  }
  return *cohort;
}

// Taking down a cohort of many patterns takes a while, and a thousand may end at once: they go a few
// in a turn, and one that is wanted again before stays.
void Shard::DropIfUnused(Cohort& cohort) {
  if (cohort.in_use() || cohort.awaits_drop) return;
  cohort.awaits_drop = true;
  unused_.push_back(&cohort);
  Continue();
}

void Shard::DropUnused() {
  for (size_t i = 0; i < kDropsPerTurn && !unused_.empty(); ++i) {
    Cohort& cohort = *unused_.front();
    unused_.pop_front();
    cohort.awaits_drop = false;
    if (!cohort.in_use()) Drop(cohort);
  }
}

void Shard::Drop(Cohort& cohort) {
  LeaveWindows(cohort);
  std::erase(late_windows_, &cohort);
  if (!cohort.spec().end.never()) --ending_cohorts_;
  index_.Remove(cohort);
  all_cohorts_.back()->place = cohort.place;
  all_cohorts_[cohort.place] = all_cohorts_.back();
  all_cohorts_.pop_back();
  cohorts_.erase(cohort.spec().CohortKey());
  metrics_.cohorts.Set(static_cast<int64_t>(cohorts_.size()));
}

}  // namespace livetape::hub
