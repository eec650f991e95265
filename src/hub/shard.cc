#include "hub/shard.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/assert.h"

namespace livetape::hub {
namespace {

constexpr size_t kSliceMembers = 128;
constexpr size_t kRecordsPerTurn = 256;
constexpr size_t kUpdatesPerTurn = 1024;
constexpr size_t kFrameBytesMax = 256 * 1024;

}  // namespace

Shard::Metrics::Metrics(metrics::Registry& r)
    : updates_in(r.AddCounter("livetape_hub_updates_in_total", "State updates taken in.")),
      stale_updates(r.AddCounter("livetape_hub_stale_updates_total",
                                 "State updates dropped because a newer version was there.")),
      records_in(r.AddCounter("livetape_hub_records_in_total", "Records read from the ring.")),
      events_out(r.AddCounter("livetape_hub_events_out_total", "Events handed to subscribers.")),
      flushes(r.AddCounter("livetape_hub_flushes_total", "Frames encoded for a cohort.")),
      windows_skipped(r.AddCounter("livetape_hub_windows_skipped_total",
                                   "Window boundaries passed over because a later one was due.")),
      fell_behind(r.AddCounter("livetape_hub_fell_behind_total",
                               "Times that a subscriber's socket took less than a frame.")),
      slow_told(r.AddCounter("livetape_hub_slow_told_total",
                             "Times that a subscriber was told of skipped state.")),
      gaps_told(r.AddCounter("livetape_hub_gaps_told_total",
                             "Times that a subscriber was told of records it cannot get.")),
      subscribers(r.AddGauge("livetape_hub_subscribers", "Subscribed streams.")),
      apart(r.AddGauge("livetape_hub_subscribers_apart",
                       "Subscribers that are replaying or behind, outside their cohort.")),
      cohorts(r.AddGauge("livetape_hub_cohorts", "Cohorts of equal subscribers.")),
      keys(r.AddGauge("livetape_hub_state_keys", "Keys of state held, per shard summed.")) {}

Shard::Shard(Options options, const RecordSource& records, Transport& transport,
             const base::Clock& clock, metrics::Registry& metrics, std::function<void()> wake)
    : options_(options),
      records_(records),
      transport_(transport),
      clock_(clock),
      wake_(std::move(wake)),
      cursor_(records.head()),
      metrics_(metrics) {}

Shard::~Shard() = default;

Inbox& Shard::AddInbox() { return writers_.emplace_back().inbox; }

void Shard::Wake() {
  if (!wake_pending_.exchange(true)) wake_();
}

bool Shard::DoWork() {
  wake_pending_.store(false);
  if (record_flushes_.empty() && !state_is_owed_) ReadRecords();
  if (!record_flushes_.empty()) {
    RunSlice(record_flushes_, true);
    state_is_owed_ = record_flushes_.empty();
    return true;
  }
  state_is_owed_ = false;
  if (!state_flushes_.empty()) {
    RunSlice(state_flushes_, false);
    return true;
  }
  const bool more_updates = DrainInboxes();
  const bool more_ready = ServeReady();
  return more_updates || more_ready || !state_flushes_.empty() || records_.head() > cursor_;
}

void Shard::Refresh() {
  if (!record_flushes_.empty() || !state_flushes_.empty()) return;
  if (DrainInboxes() || !state_flushes_.empty()) Wake();
}

std::string Shard::EventId(uint64_t seq) const {
  return fmt::format("{}-{}", records_.epoch(), seq);
}

// --- records ---

void Shard::ReadRecords() {
  if (records_.head() == cursor_) return;
  batch_.clear();
  if (!records_.Read(cursor_, kRecordsPerTurn, batch_)) return FallenBehind();
  const uint64_t before = cursor_;
  for (const auto& [name, cohort] : cohorts_) {
    if (cohort->present() == 0) continue;
    Flush flush{.cohort = cohort.get(), .cursor_before = before};
    body_.clear();
    for (const RecordView& record : batch_) {
      if (!cohort->spec().Matches(record.topic, record.type)) continue;
      cohort->spec().rendering->Record(record, EventId(record.seq), body_);
      ++flush.events;
      flush.cursor_after = record.seq;
      if (body_.size() < kFrameBytesMax) continue;
      BeginFlush(record_flushes_, flush, body_);
      flush = Flush{.cohort = cohort.get(), .cursor_before = record.seq};
      body_.clear();
    }
    flush.cursor_after = batch_.back().seq;
    BeginFlush(record_flushes_, std::move(flush), body_);
  }
  cursor_ = batch_.back().seq;
  metrics_.records_in.Add(batch_.size());
  batch_.clear();
}

// The ring went on without this shard: its members go on alone, each from where it was, and are
// told of what is kept no more.
void Shard::FallenBehind() {
  for (const auto& [name, cohort] : cohorts_) {
    const auto members = cohort->members();
    const Flush nothing{.cohort = cohort.get(), .cursor_before = cursor_, .cursor_after = cursor_};
    for (const base::StreamId stream : members) {
      if (stream == kHole) continue;
      Subscriber& subscriber = At(stream);
      Leave(subscriber, nothing, true, base::SendOutcome::kPending);
      SetPhase(subscriber, Phase::kReady);
      ready_.push_back(stream);
    }
  }
  cursor_ = records_.head();
}

// --- state ---

bool Shard::DrainInboxes() {
  bool more = false;
  for (Writer& writer : writers_) more = DrainInbox(writer) || more;
  FlushChanges();
  return more;
}

// True when it stopped before the inbox was empty and can go on at once.
bool Shard::DrainInbox(Writer& writer) {
  if (writer.held) {
    if (writer.held->after_seq > cursor_) return false;
    ApplyUpdate(*writer.held);
    writer.held.reset();
  }
  for (size_t i = 0; i < kUpdatesPerTurn; ++i) {
    auto item = writer.inbox.Pop();
    if (!item) return false;
    if (auto* update = std::get_if<StateUpdate>(&*item)) {
      if (update->after_seq > cursor_) {
        writer.held = std::move(*update);
        return false;
      }
      ApplyUpdate(*update);
      continue;
    }
    const uint64_t tick = std::get<WindowMarker>(*item).tick;
    // Under overload there are fewer windows, but never none: one that is late is cut too, if the
    // last was a whole unit ago.
    if (tick < writer.inbox.newest_tick() && clock_.Mono() - last_cut_ < kWindowUnit) {
      metrics_.windows_skipped.Add();
      continue;
    }
    CutWindows(tick);
    return true;
  }
  return true;
}

void Shard::ApplyUpdate(const StateUpdate& update) {
  const auto applied = table_.Apply(update);
  metrics_.updates_in.Add();
  if (!applied) return metrics_.stale_updates.Add();
  if (applied->created) {
    for (const auto& [name, cohort] : cohorts_) cohort->OnKeyCreated(table_, applied->index);
    metrics_.keys.Set(static_cast<int64_t>(table_.size()));
  }
  if (eager()) {
    changes_.push_back(
        {applied->index, update.value, table_.stamp(), update.minor && !applied->created});
  }
}

// The boundary `tick` has come: every cohort whose interval ends there sends what has changed.
void Shard::CutWindows(uint64_t tick) {
  last_tick_ = tick;
  last_cut_ = clock_.Mono();
  for (const auto& [name, cohort] : cohorts_) {
    const auto units = static_cast<uint64_t>(cohort->spec().interval / kWindowUnit);
    if (units == 0 || tick / units <= cohort->last_tick / units) continue;
    cohort->last_tick = tick;
    FlushWindow(*cohort);
  }
}

void Shard::FlushWindow(Cohort& cohort) {
  if (!cohort.spec().repeat) cohort.Gather(table_, cohort.flushed, gathered_);
  const auto& indices = cohort.spec().repeat ? cohort.all() : gathered_;
  Flush flush{.cohort = &cohort, .stamp_before = cohort.flushed, .stamp_after = table_.stamp()};
  cohort.flushed = table_.stamp();
  body_.clear();
  for (const auto index : indices) {
    if (cohort.present() == 0) {
      ++flush.events;
      continue;
    }
    const std::string_view fragment = table_.Fragment(index, *cohort.spec().rendering);
    body_ += fragment;
    flush.events += fragment.empty() ? 0 : 1;
  }
  BeginFlush(state_flushes_, std::move(flush), body_);
}

// Sends the cohorts that want every update those of this turn, each one, in order.
void Shard::FlushChanges() {
  if (changes_.empty()) return;
  for (const auto& [name, cohort] : cohorts_) {
    if (cohort->spec().interval.count() != 0) continue;
    const Rendering& rendering = *cohort->spec().rendering;
    Flush flush{
        .cohort = cohort.get(), .stamp_before = cohort->flushed, .stamp_after = table_.stamp()};
    body_.clear();
    for (const Change& change : changes_) {
      if (change.stamp <= cohort->flushed || !cohort->Shows(change.index)) continue;
      if (change.minor && !cohort->spec().minor_updates) continue;
      const size_t before = body_.size();
      if (change.stamp == table_.changed_at(change.index, true)) {
        body_ += table_.Fragment(change.index, rendering);
      } else {
        rendering.State(table_.key(change.index), change.value.view(), body_);
      }
      flush.events += body_.size() > before ? 1 : 0;
    }
    cohort->flushed = table_.stamp();
    BeginFlush(state_flushes_, std::move(flush), body_);
  }
  changes_.clear();
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
  cohort.last_sent = clock_.Mono();
  metrics_.flushes.Add();
  queue.push_back(std::move(flush));
}

void Shard::RunSlice(std::deque<Flush>& queue, bool records) {
  Flush& flush = queue.front();
  Cohort& cohort = *flush.cohort;
  const size_t count = std::min(kSliceMembers, flush.end - flush.next);
  slice_.clear();
  for (const base::StreamId stream : cohort.members().subspan(flush.next, count)) {
    if (stream != kHole) slice_.push_back(stream);
  }
  flush.next += count;
  outcomes_.clear();
  transport_.Send(flush.frame, slice_, outcomes_);
  LT_ASSERT(outcomes_.size() == slice_.size(), "{} of {}", outcomes_.size(), slice_.size());
  metrics_.events_out.Add(flush.events * slice_.size());
  for (size_t i = 0; i < slice_.size(); ++i) {
    if (outcomes_[i] == base::SendOutcome::kAccepted) [[likely]]
      continue;
    Leave(At(slice_[i]), flush, records, outcomes_[i]);
  }
  if (flush.next < flush.end) return;
  --cohort.flushes;
  queue.pop_front();
  cohort.CloseHoles([this](base::StreamId stream, uint32_t place) { At(stream).place = place; });
  DropIfUnused(cohort);
}

void Shard::SendHeartbeats() {
  const auto now = clock_.Mono();
  for (const auto& [name, cohort] : cohorts_) {
    if (cohort->present() == 0 || now - cohort->last_sent < options_.heartbeat) continue;
    body_.clear();
    AppendComment(body_, "hb");
    BeginFlush(record_flushes_,
               Flush{.cohort = cohort.get(), .cursor_before = cursor_, .cursor_after = cursor_},
               body_);
  }
  if (!record_flushes_.empty()) Wake();
}

}  // namespace livetape::hub
