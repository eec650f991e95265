// The inboxes, the windows, and the flushes of state.

#include <algorithm>

#include "base/assert.h"
#include "hub/shard.h"

namespace livetape::hub {
namespace {

constexpr size_t kUpdatesPerTurn = 1024;
constexpr size_t kForgottenPerTurn = 1024;

}  // namespace

bool Shard::DrainInboxes() {
  bool more = false;
  for (Writer& writer : writers_) more = DrainInbox(writer) || more;
  FlushChanges();
  NoteHub();
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
    if (table_.deletions() > options_.tombstones_max || forgetting()) {
      ForgetDeletions();
      return true;
    }
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
    index_.ForEachMatch(update.key->topic, update.key->type, [&](Cohort& cohort) {
      cohort.Show(applied->index);
      EnterWindows(cohort);
    });
  }
  metrics_.keys.Set(static_cast<int64_t>(table_.keys()));
  if (eager()) {
    changes_.push_back({applied->index, update.value, table_.stamp(), applied->minor});
  }
}

// --- which cohorts have something to send ---

Shard::Windows& Shard::WindowsOf(const Cohort& cohort) {
  const auto at = std::find(kIntervals.begin(), kIntervals.end(), cohort.spec().interval);
  LT_ASSERT(at != kIntervals.end(), "interval {} ms", cohort.spec().interval.count());
  return windows_[static_cast<size_t>(at - kIntervals.begin())];
}

void Shard::EnterWindows(Cohort& cohort) {
  if (cohort.place_in_windows != Cohort::kNowhere || cohort.shown().size() == 0) return;
  auto& cohorts = WindowsOf(cohort).cohorts;
  cohort.place_in_windows = static_cast<uint32_t>(cohorts.size());
  cohorts.push_back(&cohort);
  if (cohort.spec().interval.count() == 0) eager_.fetch_add(1, std::memory_order_relaxed);
}

void Shard::LeaveWindows(Cohort& cohort) {
  if (cohort.place_in_windows == Cohort::kNowhere) return;
  auto& cohorts = WindowsOf(cohort).cohorts;
  cohorts.back()->place_in_windows = cohort.place_in_windows;
  cohorts[cohort.place_in_windows] = cohorts.back();
  cohorts.pop_back();
  cohort.place_in_windows = Cohort::kNowhere;
  if (cohort.spec().interval.count() == 0) eager_.fetch_sub(1, std::memory_order_relaxed);
}

// --- windows ---

// The boundary `tick` has come: every cohort whose interval ends there sends what has changed.
void Shard::CutWindows(uint64_t tick) {
  last_cut_ = clock_.Mono();
  for (size_t i = 1; i < kIntervals.size(); ++i) {
    const auto units = static_cast<uint64_t>(kIntervals[i] / kWindowUnit);
    if (tick / units <= windows_[i].last_tick / units) continue;
    windows_[i].last_tick = tick;
    metrics_.cohorts_asked.Add(windows_[i].cohorts.size());
    for (Cohort* const cohort : windows_[i].cohorts) FlushWindow(*cohort);
  }
}

// Enough frames of state wait; more are made when those have gone.
bool Shard::StateWaits() const { return state_bytes_ >= options_.state_bytes; }

void Shard::FlushLateWindows() {
  while (!late_windows_.empty() && !StateWaits()) {
    Cohort& cohort = *late_windows_.front();
    late_windows_.pop_front();
    FlushWindow(cohort);
  }
}

// What has changed since the cohort's last flush; as much of it as there is room for, the rest late.
void Shard::FlushWindow(Cohort& cohort) {
  if (StateWaits()) return late_windows_.push_back(&cohort);
  const bool repeat = cohort.spec().repeat;
  if (repeat) {
    cohort.GatherAll(table_, cohort.flushed, gathered_);
  } else {
    cohort.Gather(table_, cohort.flushed, cohort.flushed, ~size_t{0}, gathered_);
  }
  body_.clear();
  if (cohort.present() == 0) return FlushPiece(cohort, table_.stamp(), gathered_.size());
  StateText text(*cohort.spec().rendering, body_, elements_);
  uint64_t values = 0;
  for (const auto index : gathered_) {
    text.Add(table_.Fragment(index, *cohort.spec().rendering));
    if (text.bytes() < FrameBytes()) continue;
    text.Finish();
    // What is repeated comes in no order: who leaves before the last piece has none of it.
    const uint64_t stamp = repeat ? cohort.flushed : cohort.ChangedAt(table_, index);
    FlushPiece(cohort, stamp, text.values() - values);
    values = text.values();
    body_.clear();
    if (StateWaits() && !repeat) return late_windows_.push_front(&cohort);
  }
  text.Finish();
  FlushPiece(cohort, table_.stamp(), text.values() - values);
}

// Sends the cohorts that want every update those of this turn, each one, in order; where more waits
// than there is room for, the newest of each key.
void Shard::FlushChanges() {
  if (changes_.empty()) return;
  metrics_.cohorts_asked.Add(windows_[0].cohorts.size());
  for (Cohort* const cohort : windows_[0].cohorts) FlushChanges(*cohort);
  changes_.clear();
}

void Shard::FlushChanges(Cohort& cohort) {
  if (StateWaits()) return FlushWindow(cohort);
  const Rendering& rendering = *cohort.spec().rendering;
  body_.clear();
  StateText text(rendering, body_, elements_);
  uint64_t values = 0;
  const uint64_t before = cohort.flushed;
  for (const Change& change : changes_) {
    if (change.stamp <= before || !cohort.shown().Contains(change.index)) continue;
    if (change.minor && !cohort.spec().minor_updates) continue;
    if (change.stamp == table_.changed_at(change.index, true)) {
      text.Add(table_.Fragment(change.index, rendering));
    } else {
      fragment_.clear();
      const StateKey& key = table_.key(change.index);
      if (change.value) {
        rendering.State(key, change.value.view(), fragment_);
      } else {
        rendering.Deleted(key, fragment_);
      }
      text.Add(fragment_);
    }
    if (text.bytes() < FrameBytes()) continue;
    text.Finish();
    FlushPiece(cohort, change.stamp, text.values() - values);
    values = text.values();
    body_.clear();
    if (StateWaits()) return FlushWindow(cohort);
  }
  text.Finish();
  FlushPiece(cohort, table_.stamp(), text.values() - values);
}

// Begins a flush of `body_`, which brings the cohort's members from where it was to `stamp_after`.
void Shard::FlushPiece(Cohort& cohort, uint64_t stamp_after, uint64_t events) {
  Flush flush{.cohort = &cohort, .events = events};
  flush.stamp_before = cohort.flushed;
  flush.stamp_after = stamp_after;
  cohort.flushed = stamp_after;
  BeginFlush(state_flushes_, std::move(flush), body_);
}

// --- deletions ---

// More than half of the deletions that there may be are left, and all have been sent those.
bool Shard::forgetting() const {
  return table_.deletions() > options_.tombstones_max / 2 &&
         table_.OldestDeletion().stamp <= forget_through_;
}

// There are too many to remember: who has not been sent them yet is sent them now, then the older
// half is forgotten, some in each turn.
void Shard::ForgetDeletions() {
  FlushChanges();  // they name keys by index
  if (!forgetting()) {
    for (size_t i = 1; i < kIntervals.size(); ++i) {
      for (Cohort* const cohort : windows_[i].cohorts) FlushWindow(*cohort);
    }
    forget_through_ = table_.stamp();
  }
  if (!late_windows_.empty()) return;  // these have not begun yet
  for (size_t i = 0; i < kForgottenPerTurn && forgetting(); ++i) {
    const StateTable::Change oldest = table_.OldestDeletion();
    if (oldest.index != StateTable::kNone) {
      const StateKey& key = table_.key(oldest.index);
      index_.ForEachMatch(key.topic, key.type, [&](Cohort& cohort) {
        cohort.Hide(oldest.index, oldest.stamp);
        if (cohort.shown().size() == 0) LeaveWindows(cohort);
      });
    }
    table_.ForgetOldestDeletion();
  }
  if (!forgetting()) forget_through_ = 0;
}

}  // namespace livetape::hub
