// Subscribers apart from their cohort: those that begin, replay, or have fallen behind.

#include <fmt/format.h>

#include <algorithm>

#include "base/assert.h"
#include "base/json_text.h"
#include "hub/shard.h"

namespace livetape::hub {
namespace {

constexpr size_t kSharedBytes = 16 * 1024;  // a run of that size is sent as it is
constexpr size_t kCatchUpsPerTurn = 32;
constexpr size_t kKeysPerGather = 4096;
// Bounds of a turn, in nanoseconds or so; see RecordRuns::work.
constexpr uint64_t kWorkPerTurn = 150'000;
constexpr uint64_t kWorkPerSend = 3'000;
constexpr uint64_t kBytesSentPerWork = 4;

}  // namespace

bool Shard::ServeReady() {
  const auto work = [this] { return runs_.work() + sending_work_; };
  const uint64_t before = work();
  for (size_t i = 0; i < kCatchUpsPerTurn && work() - before < kWorkPerTurn; ++i) {
    if (auto answer = fetches_.Take()) {
      ServeFetched(*answer);
      continue;
    }
    if (ready_.empty()) break;
    const base::StreamId stream = ready_.front();
    ready_.pop_front();
    Subscriber* const subscriber = Find(stream);
    if (subscriber != nullptr && subscriber->phase == Phase::kReady) CatchUp(*subscriber);
  }
  return !ready_.empty() || fetches_.has_come();
}

// What some subscribers of one cohort have waited for has come. The first is served at once, so
// that whatever else happens each fetch brings somebody forward.
void Shard::ServeFetched(const FetchQueue::Answer& answer) {
  const RecordSource::Fetched& fetched = answer.fetched;
  bool first = true;
  for (const base::StreamId stream : answer.streams) {
    Subscriber* const subscriber = Find(stream);
    if (subscriber == nullptr || subscriber->phase != Phase::kFetching) continue;
    SetPhase(*subscriber, Phase::kReady);
    if (!answer.in_runs && fetched.through <= answer.after) {  // they could not be read
      StartAfresh(*subscriber);
      continue;
    }
    if (fetched.gone) {
      TellGap(*subscriber, fetched.through);
      continue;
    }
    if (!first) {
      ready_.push_back(stream);
      continue;
    }
    first = false;
    if (!answer.in_runs) {
      runs_.Insert(*subscriber->cohort, answer.after, fetched.records,
                   std::min<uint64_t>(fetched.through, cursor_));
    }
    CatchUp(*subscriber);
  }
}

// Sends one piece of what the subscriber has not got: records first, then the newest state; when
// nothing is left, it joins its cohort.
void Shard::CatchUp(Subscriber& subscriber) {
  Cohort& cohort = *subscriber.cohort;
  if (std::max(subscriber.stamp, subscriber.born) < cohort.forgotten()) {
    return StartAfresh(subscriber);
  }
  uint64_t stamp = subscriber.stamp, seen = subscriber.events_seen;
  uint64_t cursor = subscriber.cursor;
  bool slow = false, done = false;
  base::ChunkFrame frame;
  body_.clear();
  handed_ = 0;
  const Replay replay = TakeRecords(cohort, cursor, body_, frame);
  const bool at_end =
      cursor >= cohort.spec().end.through || (replay == Replay::kDone && IsOver(cohort));
  if (at_end && frame.chunk().empty()) {
    metrics_.events_out.Add(handed_);
    transport_.End(subscriber.stream, body_);
    return Forget(subscriber);
  }
  if (replay == Replay::kDone) {
    uint64_t events = 0;
    fragment_.clear();
    done = AppendState(subscriber, stamp, fragment_, events);
    seen += events;
    slow = done && subscriber.joined && cohort.state_events > seen;
    if (slow) {
      cohort.spec().rendering->Control(
          "slow", "", fmt::format("{{\"skipped\":{}}}", cohort.state_events - seen), body_);
    }
    if (done) seen = cohort.state_events;
    body_ += fragment_;
  }
  if (!body_.empty()) frame = base::ChunkFrame::Encode(body_);
  // Without a frame, nothing for this view is among what was looked at.
  if (!frame.chunk().empty() && !SendTo(subscriber, frame)) return;
  if (!body_.empty() && subscriber.phase == Phase::kWaiting) {
    Hold(subscriber, frame.chunk().size());
  }
  metrics_.events_out.Add(handed_);
  subscriber.cursor = cursor;
  subscriber.stamp = stamp;
  subscriber.events_seen = seen;
  if (slow) metrics_.slow_told.Add();
  if (subscriber.phase != Phase::kReady) return;
  if (done) return JoinOrWait(subscriber);
  if (replay != Replay::kNotInMemory) return ready_.push_back(subscriber.stream);
  if (cursor + 1 < records_.oldest()) return TellGap(subscriber, records_.oldest() - 1);
  metrics_.fetches.Add();
  SetPhase(subscriber, Phase::kFetching);
  fetching_.try_emplace(subscriber.stream, turn_);
  fetches_.Ask(subscriber.stream, cohort, cursor);
}

// Takes the next records after `cursor`, which moves: appended to `body`, or as a `frame` that
// others get too. kDone when it has come to the shard's own cursor.
Shard::Replay Shard::TakeRecords(Cohort& cohort, uint64_t& cursor, std::string& body,
                                 base::ChunkFrame& frame) {
  const uint64_t before = runs_.work();
  while (cursor < cursor_) {
    if (body.size() >= FrameBytes() || runs_.work() - before > kWorkPerTurn) return Replay::kMore;
    RecordRun* const run = runs_.Get(cohort, cursor, cursor_);
    if (run == nullptr) return Replay::kNotInMemory;
    const RecordRun::Part part = run->After(cursor);
    const bool shared = part.whole && part.text.size() >= kSharedBytes;
    if (shared && !body.empty()) return Replay::kMore;
    cursor = part.through;
    handed_ += part.events;
    if (shared) {
      frame = run->Frame();
      return Replay::kMore;
    }
    body += part.text;
  }
  return Replay::kDone;
}

// Appends the keys changed after `stamp`, which moves; true when all are in. `events` counts those
// that the cohort has been sent already.
bool Shard::AppendState(const Subscriber& subscriber, uint64_t& stamp, std::string& body,
                        uint64_t& events) {
  const Cohort& cohort = *subscriber.cohort;
  const size_t most = FrameBytes();
  StateText text(*cohort.spec().rendering, body, elements_);
  for (bool all = false; !all;) {
    all = cohort.Gather(table_, stamp, std::max(stamp, subscriber.born), kKeysPerGather, gathered_);
    for (const auto index : gathered_) {
      if (text.bytes() >= most) {
        text.Finish();
        return false;
      }
      const std::string_view fragment = table_.Fragment(index, *cohort.spec().rendering);
      text.Add(fragment);
      stamp = cohort.ChangedAt(table_, index);
      if (fragment.empty()) continue;
      ++handed_;
      // What its cohort has not sent yet either was not missed.
      if (stamp <= cohort.flushed) ++events;
    }
  }
  text.Finish();
  stamp = table_.stamp();
  return true;
}

void Shard::AppendGap(const Cohort& cohort, std::string_view reason, std::string_view requested,
                      uint64_t resumed_at, std::string& body) {
  const std::string id(ids_.Of(resumed_at));
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

// The records after its cursor are kept no more: it goes on after `resumed_at`, but not beyond this
// shard.
void Shard::TellGap(Subscriber& subscriber, uint64_t resumed_at) {
  resumed_at = std::min<uint64_t>(resumed_at, cursor_);
  body_.clear();
  AppendGap(*subscriber.cohort, "expired", std::string(ids_.Of(subscriber.cursor)), resumed_at,
            body_);
  if (!body_.empty() && !SendTo(subscriber, base::ChunkFrame::Encode(body_))) return;
  subscriber.cursor = resumed_at;
  if (subscriber.phase == Phase::kReady) ready_.push_back(subscriber.stream);
}

// False if the socket kept nothing of it. The subscriber stays kReady while its socket takes all.
bool Shard::SendTo(Subscriber& subscriber, const base::ChunkFrame& frame) {
  outcomes_.clear();
  transport_.Send(frame, std::span(&subscriber.stream, 1), outcomes_);
  sending_work_ += kWorkPerSend + frame.chunk().size() / kBytesSentPerWork;
  const base::SendOutcome outcome = outcomes_.front();
  if (outcome == base::SendOutcome::kClosed) SetPhase(subscriber, Phase::kGone);
  if (outcome == base::SendOutcome::kRefused || outcome == base::SendOutcome::kPending) {
    SetPhase(subscriber, Phase::kWaiting);
  }
  const bool has_it =
      outcome == base::SendOutcome::kAccepted || outcome == base::SendOutcome::kPending;
  if (const auto at = fetching_.find(subscriber.stream); has_it && at != fetching_.end()) {
    at->second = turn_;
  }
  return has_it;
}

// Many may wait for the disk, and what they look for may be rare: until it is found they are told that
// their streams live, and how far they have come.
void Shard::PulseFetching() {
  slice_.clear();
  for (const auto& [stream, silent_since] : fetching_) {
    const Subscriber& subscriber = At(stream);
    const StreamSpec& spec = subscriber.cohort->spec();
    auto silence = spec.heartbeat.count() > 0 ? spec.heartbeat : options_.heartbeat;
    if (spec.pulse.count() > 0) silence = std::min(silence, spec.pulse);
    const bool due = subscriber.phase == Phase::kFetching && turn_ - silent_since >= silence;
    if (due) slice_.push_back(stream);
  }
  for (const base::StreamId stream : slice_) {
    Subscriber& subscriber = At(stream);
    const StreamSpec& spec = subscriber.cohort->spec();
    body_.clear();
    if (spec.pulse.count() > 0) spec.rendering->Pulse(ids_.Of(subscriber.cursor), body_);
    if (body_.empty()) AppendComment(body_, "hb");
    SendTo(subscriber, base::ChunkFrame::Encode(body_));
    // Its socket takes no more: it asks again when it does.
    if (subscriber.phase != Phase::kFetching) fetches_.Withdraw(stream);
  }
}

// The subscriber cannot be brought up to date: the end of its stream makes it come again, with its
// cursor and a new state.
void Shard::StartAfresh(Subscriber& subscriber) {
  const long long least = options_.restart_retry.count();
  metrics_.started_afresh.Add();
  EndWithRetry(subscriber, least + base::SlotOf(subscriber.stream) * 37LL % (least + 1));
}

}  // namespace livetape::hub
