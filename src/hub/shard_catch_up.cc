// Subscribers apart from their cohort: those that begin, replay, or have fallen behind.

#include <fmt/format.h>

#include <algorithm>

#include "base/assert.h"
#include "base/json_text.h"
#include "hub/shard.h"

namespace livetape::hub {
namespace {

constexpr size_t kCatchUpBytes = 256 * 1024;  // of one send to one subscriber
constexpr size_t kCatchUpsPerTurn = 32;
constexpr size_t kRecordsPerRead = 64;

}  // namespace

Shard::Subscriber& Shard::At(base::StreamId stream) {
  const uint32_t slot = base::SlotOf(stream);
  LT_ASSERT(slot < by_slot_.size() && by_slot_[slot].stream == stream, "stream {:x}",
            stream.value());
  return by_slot_[slot];
}

std::string Shard::Subscribe(base::StreamId stream, StreamSpec spec, const Resume& resume,
                             const std::function<std::string(std::string_view)>& greeting) {
  Refresh();
  const uint32_t slot = base::SlotOf(stream);
  if (slot >= by_slot_.size()) by_slot_.resize(slot + 1);
  Subscriber& subscriber = by_slot_[slot];
  LT_ASSERT(subscriber.phase == Phase::kFree, "slot {}", slot);
  Cohort& cohort = CohortOf(std::move(spec));
  ++cohort.subscribers;
  metrics_.subscribers.Set(static_cast<int64_t>(++subscribers_));
  subscriber = Subscriber{.stream = stream, .cohort = &cohort};
  subscriber.cursor = resume.after;
  SetPhase(subscriber, Phase::kWaiting);

  std::string body = greeting(EventId(subscriber.cursor));
  if (!resume.gap_reason.empty()) {
    AppendGap(cohort, resume.gap_reason, resume.requested, subscriber.cursor, body);
  }
  uint64_t events = 0;
  const bool state_done = AppendState(cohort, subscriber.stamp, body, events);
  const bool records_done = AppendRecords(cohort, subscriber.cursor, body);
  subscriber.events_seen = cohort.state_events;
  // If its socket does not take all of this, the next flush is refused and it falls behind then.
  if (state_done && records_done) JoinOrWait(subscriber);
  return body;
}

void Shard::OnWritable(base::StreamId stream) {
  Subscriber& subscriber = At(stream);
  if (subscriber.phase != Phase::kWaiting) return;
  SetPhase(subscriber, Phase::kReady);
  ready_.push_back(stream);
  Wake();
}

void Shard::OnClosed(base::StreamId stream) { Forget(At(stream)); }

void Shard::Drain(const std::function<long long()>& retry_ms) {
  for (Subscriber& subscriber : by_slot_) {
    if (subscriber.phase == Phase::kFree) continue;
    const long long retry = retry_ms();
    body_.clear();
    subscriber.cohort->spec().rendering->Control("drain", "",
                                                 fmt::format("{{\"after_ms\":{}}}", retry), body_);
    AppendRetry(body_, retry);
    transport_.End(subscriber.stream, body_);
    Forget(subscriber);
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
  if (!records) {
    // Record flushes go first, so it has all that has been read.
    subscriber.cursor = cursor_;
    subscriber.stamp = has_it ? flush.stamp_after : flush.stamp_before;
    subscriber.events_seen = has_it ? flush.seen_after : flush.seen_before;
    return;
  }
  subscriber.cursor = has_it ? flush.cursor_after : flush.cursor_before;
  subscriber.stamp = cohort.flushed;
  subscriber.events_seen = cohort.state_events;
  // A state flush that has not come to its place yet now never will.
  for (const Flush& state : state_flushes_) {
    if (state.cohort != &cohort) continue;
    if (subscriber.place < state.next || subscriber.place >= state.end) continue;
    subscriber.stamp = state.stamp_before;
    subscriber.events_seen = state.seen_before;
  }
}

void Shard::SetPhase(Subscriber& subscriber, Phase phase) {
  const auto apart = [](Phase p) { return p == Phase::kWaiting || p == Phase::kReady; };
  metrics_.apart.Add(int{apart(phase)} - int{apart(subscriber.phase)});
  subscriber.phase = phase;
}

bool Shard::ServeReady() {
  for (size_t i = 0; i < kCatchUpsPerTurn && !ready_.empty(); ++i) {
    const base::StreamId stream = ready_.front();
    ready_.pop_front();
    const uint32_t slot = base::SlotOf(stream);
    Subscriber& subscriber = by_slot_[slot];
    if (subscriber.stream == stream && subscriber.phase == Phase::kReady) CatchUp(subscriber);
  }
  return !ready_.empty();
}

// Sends one piece of what the subscriber has not got: records first, then the newest state; when
// nothing is left, it joins its cohort.
void Shard::CatchUp(Subscriber& subscriber) {
  Cohort& cohort = *subscriber.cohort;
  uint64_t cursor = subscriber.cursor, stamp = subscriber.stamp, seen = subscriber.events_seen;
  bool slow = false;
  body_.clear();
  bool done = AppendRecords(cohort, cursor, body_);
  if (done) {
    uint64_t events = 0;
    fragment_.clear();
    done = AppendState(cohort, stamp, fragment_, events);
    seen += events;
    if (done && cohort.state_events > seen) {
      slow = true;
      cohort.spec().rendering->Control(
          "slow", "", fmt::format("{{\"skipped\":{}}}", cohort.state_events - seen), body_);
      seen = cohort.state_events;
    }
    body_ += fragment_;
  }
  if (body_.empty()) {  // nothing for this view among what was missed
    subscriber.cursor = cursor;
    return JoinOrWait(subscriber);
  }

  outcomes_.clear();
  transport_.Send(base::ChunkFrame::Encode(body_), std::span(&subscriber.stream, 1), outcomes_);
  const base::SendOutcome outcome = outcomes_.front();
  if (outcome == base::SendOutcome::kClosed) return SetPhase(subscriber, Phase::kGone);
  if (outcome == base::SendOutcome::kRefused) return SetPhase(subscriber, Phase::kWaiting);
  subscriber.cursor = cursor;
  subscriber.stamp = stamp;
  subscriber.events_seen = seen;
  if (slow) metrics_.slow_told.Add();
  if (outcome == base::SendOutcome::kPending) return SetPhase(subscriber, Phase::kWaiting);
  if (done) return JoinOrWait(subscriber);
  ready_.push_back(subscriber.stream);
}

// Appends matching records after `cursor`, which moves; true when it has come to the shard's own.
bool Shard::AppendRecords(const Cohort& cohort, uint64_t& cursor, std::string& body) {
  while (cursor < cursor_ && body.size() < kCatchUpBytes) {
    batch_.clear();
    const auto count = static_cast<size_t>(std::min<uint64_t>(kRecordsPerRead, cursor_ - cursor));
    if (!records_.Read(cursor, count, batch_)) {
      // Not beyond this shard: what it misses itself, FallenBehind tells.
      const uint64_t resumed_at = std::min(records_.oldest() - 1, cursor_);
      AppendGap(cohort, "expired", EventId(cursor), resumed_at, body);
      cursor = resumed_at;
      continue;
    }
    for (const RecordView& record : batch_) {
      cursor = record.seq;
      if (!cohort.spec().Matches(record.topic, record.type)) continue;
      cohort.spec().rendering->Record(record, EventId(record.seq), body);
      metrics_.events_out.Add();
      if (body.size() >= kCatchUpBytes) break;
    }
  }
  batch_.clear();
  return cursor >= cursor_;
}

// Appends the keys changed after `stamp`, which moves; true when all are in. `events` counts those
// that the cohort has been sent already.
bool Shard::AppendState(Cohort& cohort, uint64_t& stamp, std::string& body, uint64_t& events) {
  cohort.Gather(table_, stamp, gathered_);
  for (const auto index : gathered_) {
    if (body.size() >= kCatchUpBytes) return false;
    const std::string_view fragment = table_.Fragment(index, *cohort.spec().rendering);
    body += fragment;
    stamp = table_.changed_at(index, cohort.spec().minor_updates);
    if (fragment.empty()) continue;
    metrics_.events_out.Add();
    // What its cohort has not sent yet either was not missed.
    if (stamp <= cohort.flushed) ++events;
  }
  stamp = table_.stamp();
  return true;
}

void Shard::AppendGap(const Cohort& cohort, std::string_view reason, std::string_view requested,
                      uint64_t resumed_at, std::string& body) {
  const std::string id = EventId(resumed_at);
  std::string json = "{\"reason\":";
  base::AppendJsonString(json, reason);
  json += ",\"requested\":";
  base::AppendJsonString(json, requested);
  json += ",\"resumed_at\":";
  base::AppendJsonString(json, id);
  json += ",\"missed\":null}";
  cohort.spec().rendering->Control("gap", id, json, body);
  metrics_.gaps_told.Add();
}

// A cursor from a faster shard may be ahead of this one: its subscriber joins when the shard has
// come that far, or it would be sent records twice.
void Shard::JoinOrWait(Subscriber& subscriber) {
  if (subscriber.cursor > cursor_) {
    SetPhase(subscriber, Phase::kReady);
    ready_.push_back(subscriber.stream);
    return Wake();
  }
  subscriber.place = subscriber.cohort->Add(subscriber.stream);
  SetPhase(subscriber, Phase::kMember);
}

void Shard::Forget(Subscriber& subscriber) {
  Cohort& cohort = *subscriber.cohort;
  if (subscriber.phase == Phase::kMember) {
    cohort.Remove(subscriber.place);
    cohort.CloseHoles([this](base::StreamId stream, uint32_t place) { At(stream).place = place; });
  }
  SetPhase(subscriber, Phase::kFree);
  subscriber = Subscriber{};
  metrics_.subscribers.Set(static_cast<int64_t>(--subscribers_));
  --cohort.subscribers;
  DropIfUnused(cohort);
}

Cohort& Shard::CohortOf(StreamSpec spec) {
  std::unique_ptr<Cohort>& cohort = cohorts_[spec.CohortKey()];
  if (!cohort) {
    if (spec.interval.count() == 0) eager_.fetch_add(1, std::memory_order_relaxed);
    cohort = std::make_unique<Cohort>(std::move(spec), table_, clock_.Mono());
    cohort->last_tick = last_tick_;
    metrics_.cohorts.Set(static_cast<int64_t>(cohorts_.size()));
  }
  return *cohort;
}

void Shard::DropIfUnused(Cohort& cohort) {
  if (cohort.subscribers > 0 || cohort.flushes > 0) return;
  if (cohort.spec().interval.count() == 0) eager_.fetch_sub(1, std::memory_order_relaxed);
  cohorts_.erase(cohort.spec().CohortKey());
  metrics_.cohorts.Set(static_cast<int64_t>(cohorts_.size()));
}

}  // namespace livetape::hub
