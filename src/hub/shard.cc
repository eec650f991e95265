#include "hub/shard.h"

#include <algorithm>

#include "base/assert.h"

namespace livetape::hub {
namespace {

constexpr std::chrono::milliseconds kLongestRest{5};
constexpr size_t kRecordsPerTurn = 256;
constexpr size_t kRecordBytesPerTurn = 1024 * 1024;
constexpr size_t kManySlices = 8;
constexpr size_t kOvertakingBytes = 64 * 1024;  // looked at in a turn
constexpr std::chrono::seconds kTidyPeriod{1};

}  // namespace

Shard::Metrics::Metrics(metrics::Registry& r)
    : updates_in(r.AddCounter("livetape_hub_updates_in_total", "State updates taken in.")),
      stale_updates(r.AddCounter("livetape_hub_stale_updates_total",
                                 "State updates dropped because a newer version was there.")),
      records_in(r.AddCounter("livetape_hub_records_in_total", "Records read from the ring.")),
      events_out(r.AddCounter("livetape_hub_events_out_total", "Events handed to subscribers.")),
      flushes(r.AddCounter("livetape_hub_flushes_total", "Frames encoded for a cohort.")),
      overtaking(r.AddCounter("livetape_hub_overtaking_total",
                              "Flushes of records to small cohorts ahead of a long one.")),
      windows_skipped(r.AddCounter("livetape_hub_windows_skipped_total",
                                   "Window boundaries passed over because a later one was due.")),
      fell_behind(r.AddCounter("livetape_hub_fell_behind_total",
                               "Times that a subscriber's socket took less than a frame.")),
      slow_told(r.AddCounter("livetape_hub_slow_told_total",
                             "Times that a subscriber was told of skipped state.")),
      gaps_told(r.AddCounter("livetape_hub_gaps_told_total",
                             "Times that a subscriber was told of records it cannot get.")),
      fetches(r.AddCounter("livetape_hub_fetches_total",
                           "Replays asked for from beyond the records in memory.")),
      started_afresh(r.AddCounter("livetape_hub_started_afresh_total",
                                  "Streams ended so that they begin again with a right state.")),
      cohorts_asked(r.AddCounter("livetape_hub_cohorts_asked_total",
                                 "Cohorts asked whether they want a record or a window.")),
      subscribers(r.AddGauge("livetape_hub_subscribers", "Subscribed streams.")),
      apart(r.AddGauge("livetape_hub_subscribers_apart",
                       "Subscribers that are replaying or behind, outside their cohort.")),
      cohorts(r.AddGauge("livetape_hub_cohorts", "Cohorts of equal subscribers.")),
      keys(r.AddGauge("livetape_hub_state_keys", "Keys of state held, per shard summed.")),
      hub(r, "hub"),
      send(r, "send") {}

Shard::Shard(Options options, RecordSource& records, Transport& transport, const base::Clock& clock,
             metrics::Registry& metrics, std::function<void()> wake)
    : options_(options),
      records_(records),
      transport_(transport),
      clock_(clock),
      wake_(std::move(wake)),
      cursor_(records.head()),
      runs_(records, records.epoch()),
      fetches_(records, runs_, options.fetches_max, [this] { Wake(); }),
      ids_(records.epoch()),
      batch_(records.epoch()),
      batch_ahead_(records.epoch()),
      metrics_(metrics) {}

Shard::~Shard() = default;

Inbox& Shard::AddInbox() { return writers_.emplace_back().inbox; }

void Shard::Wake() {
  waiting_.Mark(clock_);
  Continue();
}

void Shard::Continue() {
  if (!wake_pending_.exchange(true)) wake_();
}

bool Shard::DoWork() {
  wake_pending_.store(false);
  only_catch_ups_ = false;
  turn_ = clock_.Mono();
  if (record_flushes_.empty() && !state_is_owed_) ReadRecords();
  if (!record_flushes_.empty()) {
    if (RecordsTakeTurns()) Overtake();
    RunSlices(record_flushes_, true);
    state_is_owed_ = record_flushes_.empty();
    if (state_is_owed_) batch_.records.clear();
    return true;
  }
  state_is_owed_ = false;
  if (!state_flushes_.empty()) {
    RunSlices(state_flushes_, false);
    if (state_flushes_.empty()) FlushLateWindows();
    return true;
  }
  const bool more_updates = DrainInboxes();
  bool more_ready = !ready_.empty() || fetches_.has_come();
  if (const base::MonoTime before = more_ready ? clock_.Mono() : turn_;
      more_ready && before >= next_catch_up_) {
    more_ready = ServeReady();
    const base::MonoTime after = clock_.Mono();
    next_catch_up_ = after + std::min<base::MonoTime::duration>(
                                 (after - before) * options_.rest_factor, kLongestRest);
  }
  DropUnused();
  const bool more_live =
      more_updates || !unused_.empty() || !state_flushes_.empty() || records_.head() > cursor_;
  only_catch_ups_ = !more_live;
  return more_live || more_ready;
}

std::chrono::nanoseconds Shard::rest() const {
  if (!only_catch_ups_) return std::chrono::nanoseconds(0);
  return std::max(next_catch_up_ - clock_.Mono(), std::chrono::nanoseconds(0));
}

void Shard::Refresh() {
  if (!record_flushes_.empty() || !state_flushes_.empty()) return;
  turn_ = clock_.Mono();
  if (DrainInboxes() || !state_flushes_.empty()) Wake();
}

// --- records ---

void Shard::ReadRecords() {
  if (records_.head() == cursor_) return;
  if (!ReadBatch(batch_, cursor_, kRecordBytesPerTurn)) return FallenBehind();
  MatchRecords(batch_, false);
  // Frames are made together as far as they are sent in one turn, which is kinder to the caches than
  // each before its send.
  size_t made = 0;
  for (Cohort* const cohort : batch_.matched) {
    FlushRecords(*cohort, batch_, record_flushes_);
    Flush& flush = record_flushes_.back();
    if (made < options_.slice_bytes && NextFrame(flush)) made += flush.frame.chunk().size();
  }
  newest_time_ = batch_.records.back().time;
  cursor_.store(batch_.records.back().seq, std::memory_order_release);
  metrics_.records_in.Add(batch_.records.size());
  if (record_flushes_.empty()) {
    batch_.records.clear();
  } else {
    NoteHub();
  }
}

// The next records after `after`, of about so many bytes. False if they are in memory no more.
bool Shard::ReadBatch(Batch& batch, uint64_t after, size_t bytes_max) {
  std::vector<RecordView>& records = batch.records;
  records.clear();
  if (records_.Read(after, kRecordsPerTurn, records) == RecordSource::ReadOutcome::kOlder) {
    return false;
  }
  size_t count = 0;
  batch.bytes = 0;
  while (count < records.size() && batch.bytes < bytes_max) {
    batch.bytes += records[count++].data.size();
  }
  records.resize(count);  // the rest in the next turn
  batch.texts.Begin(records);
  return true;
}

// Finds which cohorts get which records of the batch: `matched`, each with its chain of matches.
void Shard::MatchRecords(Batch& batch, bool overtaking) {
  batch.matches.clear();
  batch.matched.clear();
  const uint64_t asked = index_.asked();
  for (uint32_t i = 0; i < batch.records.size(); ++i) {
    const RecordView& record = batch.records[i];
    index_.ForEachMatch(record.topic, record.type, [&](Cohort& cohort) {
      if (cohort.present() == 0 || record.seq <= cohort.ahead) return;
      if (overtaking && cohort.passed_over > cursor_) {
        cohort.passed_over = record.seq;
        return;
      }
      const auto match = static_cast<uint32_t>(batch.matches.size());
      batch.matches.push_back({.record = i});
      if (cohort.first_match == Cohort::kNowhere) {
        cohort.first_match = match;
        batch.matched.push_back(&cohort);
      } else {
        batch.matches[cohort.last_match].next = match;
      }
      cohort.last_match = match;
    });
  }
  metrics_.cohorts_asked.Add(index_.asked() - asked);
}

void Shard::FlushRecords(Cohort& cohort, Batch& batch, std::deque<Flush>& queue) {
  Flush flush{.cohort = &cohort, .end = cohort.members().size(), .batch = &batch};
  flush.next = flush.end;  // without a frame yet
  flush.rest = std::exchange(cohort.first_match, Cohort::kNowhere);
  flush.cursor_after = SentThrough(cohort);
  flush.seen_before = flush.seen_after = cohort.state_events;
  flush.begun = turn_;
  ++cohort.flushes;
  queue.push_back(std::move(flush));
}

// The next frame of a flush of records, for all its places. False if there is none.
bool Shard::NextFrame(Flush& flush) {
  if (flush.rest == Cohort::kNowhere) return false;
  Batch& batch = *flush.batch;
  const StreamSpec& spec = flush.cohort->spec();
  flush.cursor_before = flush.cursor_after;
  flush.events = 0;
  body_.clear();
  while (flush.rest != Cohort::kNowhere && body_.size() < FrameBytes()) {
    const Match& match = batch.matches[flush.rest];
    const RecordView& record = batch.records[match.record];
    flush.rest = spec.end.Covers(record) ? match.next : Cohort::kNowhere;
    if (!spec.end.Covers(record)) break;
    body_ += batch.texts.Of(match.record, *spec.rendering);
    ++flush.events;
    flush.cursor_after = record.seq;
  }
  if (flush.rest == Cohort::kNowhere) flush.cursor_after = batch.records.back().seq;
  if (body_.empty() || flush.cohort->present() == 0) return false;
  flush.frame = base::ChunkFrame::Encode(body_);
  flush.next = 0;
  flush.cohort->last_sent = turn_;
  metrics_.flushes.Add();
  return true;
}

// What is under way needs some turns more.
bool Shard::RecordsTakeTurns() {
  Flush& flush = record_flushes_.front();
  if (flush.next == flush.end && !NextFrame(flush)) return false;
  return flush.end - flush.next > Slice(flush) ||
         record_flushes_.size() > kManySlices * options_.slice_members ||
         record_flushes_.size() * batch_.bytes > kManySlices * options_.slice_bytes;
}

// Members of one slice of the flush.
size_t Shard::Slice(const Flush& flush) const {
  return std::clamp<size_t>(options_.slice_bytes / flush.frame.chunk().size(), 1,
                            options_.slice_members);
}

// While a long flush is under way, small cohorts that it does not concern are sent what has come
// since. A record that is passed over holds back those after it for the same cohort.
void Shard::Overtake() {
  looked_ahead_ = std::max<uint64_t>(looked_ahead_, cursor_);
  if (cohorts_.size() < 2 || records_.head() == looked_ahead_) return;
  Batch& batch = batch_ahead_;
  if (!ReadBatch(batch, looked_ahead_, kOvertakingBytes)) return;
  MatchRecords(batch, true);
  size_t members = 0, bytes = 0;  // sent so far
  for (Cohort* const cohort : batch.matched) {
    size_t size = 0;
    for (uint32_t at = cohort->first_match; at != Cohort::kNowhere; at = batch.matches[at].next) {
      size += batch.records[batch.matches[at].record].data.size();
    }
    size *= cohort->present();
    if (cohort->flushes > 0 || members + cohort->present() > options_.slice_members ||
        bytes + size > options_.slice_bytes) {
      cohort->passed_over = batch.records[batch.matches[cohort->last_match].record].seq;
      cohort->first_match = Cohort::kNowhere;
      continue;
    }
    members += cohort->present();
    bytes += size;
    FlushRecords(*cohort, batch, overtaking_);
    metrics_.overtaking.Add();
    cohort->ahead = batch.records.back().seq;
  }
  looked_ahead_ = batch.records.back().seq;
  while (!overtaking_.empty()) RunSlices(overtaking_, true);
  batch.records.clear();
}

// The records in memory went on without this shard: its members replay, each from where it was.
void Shard::FallenBehind() {
  for (Cohort* const cohort : all_cohorts_) {
    const auto members = cohort->members();
    const uint64_t sent = SentThrough(*cohort);
    const Flush nothing{.cohort = cohort, .cursor_before = sent, .cursor_after = sent};
    for (const base::StreamId stream : members) {
      if (stream == kHole) continue;
      Subscriber& subscriber = At(stream);
      Leave(subscriber, nothing, true, base::SendOutcome::kPending);
      MakeReady(subscriber);
    }
    cohort->CloseHoles([](base::StreamId, uint32_t) {});
  }
  cursor_.store(records_.head(), std::memory_order_release);
}

// --- flushes ---

void Shard::BeginFlush(std::deque<Flush>& queue, Flush flush, std::string_view body) {
  Cohort& cohort = *flush.cohort;
  const bool state = &queue == &state_flushes_;
  flush.seen_before = cohort.state_events;
  if (state) cohort.state_events += flush.events;
  flush.seen_after = cohort.state_events;
  if (body.empty() || cohort.present() == 0) return;
  flush.frame = base::ChunkFrame::Encode(body);
  flush.end = cohort.members().size();
  ++cohort.flushes;
  cohort.last_sent = turn_;
  flush.begun = turn_;
  metrics_.flushes.Add();
  if (state) state_bytes_ += flush.frame.chunk().size();
  queue.push_back(std::move(flush));
}

// Everybody has been sent the first of the queue.
void Shard::EndFlush(std::deque<Flush>& queue) {
  Cohort& cohort = *queue.front().cohort;
  --cohort.flushes;
  if (&queue == &state_flushes_) state_bytes_ -= queue.front().frame.chunk().size();
  queue.pop_front();
  cohort.CloseHoles([this](base::StreamId stream, uint32_t place) { At(stream).place = place; });
  DropIfUnused(cohort);
}

// What the shard was woken for has led to a flush, or to nothing.
void Shard::NoteHub() {
  const auto since = waiting_.Take();
  if (since && (!record_flushes_.empty() || !state_flushes_.empty())) {
    metrics_.hub.Observe(turn_ - *since);
  }
}

// One slice of members, or of bytes, of as many flushes as it takes: with a topic of one's own a flush
// is for one.
void Shard::RunSlices(std::deque<Flush>& queue, bool records) {
  std::optional<base::MonoTime> begun;  // of the oldest flush that ends here
  size_t members = options_.slice_members, bytes = options_.slice_bytes;  // left
  while (members > 0 && bytes > 0 && !queue.empty()) {
    Flush& flush = queue.front();
    if (flush.next < flush.end || NextFrame(flush)) {
      const size_t passed = RunSlice(flush, records, members);
      members -= passed;
      bytes -= std::min(bytes, passed * flush.frame.chunk().size());
      if (flush.next < flush.end || flush.rest != Cohort::kNowhere) continue;
    }
    if (!begun) begun = flush.begun;
    EndFlush(queue);
  }
  if (begun) metrics_.send.Observe(clock_.Mono() - *begun);
}

// How many members it has passed.
size_t Shard::RunSlice(Flush& flush, bool records, size_t members_max) {
  Cohort& cohort = *flush.cohort;
  const size_t count = std::min({members_max, Slice(flush), flush.end - flush.next});
  slice_.clear();
  for (const base::StreamId stream : cohort.members().subspan(flush.next, count)) {
    if (stream != kHole) slice_.push_back(stream);
  }
  flush.next += count;
  outcomes_.clear();
  transport_.Send(flush.frame, slice_, outcomes_);
  LT_ASSERT(outcomes_.size() == slice_.size(), "{} of {}", outcomes_.size(), slice_.size());
  size_t taken = slice_.size();
  for (size_t i = 0; i < slice_.size(); ++i) {
    if (outcomes_[i] == base::SendOutcome::kAccepted) [[likely]]
      continue;
    if (outcomes_[i] != base::SendOutcome::kPending) --taken;
    Leave(At(slice_[i]), flush, records, outcomes_[i]);
  }
  metrics_.events_out.Add(flush.events * taken);
  return count;
}

void Shard::SendHeartbeats() {
  const auto now = turn_ = clock_.Mono();
  for (Cohort* const cohort : all_cohorts_) {
    const StreamSpec& spec = cohort->spec();
    const auto silence = spec.heartbeat.count() > 0 ? spec.heartbeat : options_.heartbeat;
    const uint64_t sent = SentThrough(*cohort);
    body_.clear();
    if (spec.pulse.count() > 0 && now >= cohort->next_pulse) {
      cohort->next_pulse += spec.pulse;
      if (cohort->next_pulse <= now) cohort->next_pulse = now + spec.pulse;
      if (cohort->present() > 0) spec.rendering->Pulse(ids_.Of(sent), body_);
    } else if (cohort->present() > 0 && now - cohort->last_sent >= silence) {
      AppendComment(body_, "hb");
    }
    // A flush of the records up to there: the id of a pulse is true of whoever gets it.
    BeginFlush(record_flushes_, {.cohort = cohort, .cursor_before = sent, .cursor_after = sent},
               body_);
  }
  if (!record_flushes_.empty()) Continue();
  if (!fetching_.empty()) PulseFetching();
  if (now - last_tidy_ < kTidyPeriod) return;
  last_tidy_ = now;
  runs_.ForgetUnused();
}

}  // namespace livetape::hub
