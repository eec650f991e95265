#pragma once

// Shard: one core thread's part of the hub. It reads records from the ring and state from its
// inboxes, and sends each cohort of its subscribers what they asked for. docs/hub.md tells the
// rules in sentences.
//
// Owned by its loop's thread, which calls DoWork when woken; a test calls it by hand.
//
// Invariants:
//  1. Every subscriber is a member of its cohort or apart. A member has been sent what
//     Cohort says; one apart has its own record cursor and state stamp.
//  2. A subscriber gets each matching record after its cursor once, in order, whether member or
//     apart. State it misses is never sent late: it gets the newest value of each key.
//  3. State that follows from record r enters the table only when the cursor has reached r, and
//     record flushes go before state flushes: no state shows an effect of a record not yet sent.
//     After each round of records, one slice of state (or a look at the inboxes and at those apart)
//     comes next, so that neither starves the other.
//  4. At most one record flush and one state flush of a cohort are under way; the inboxes are
//     read on only when none is, so that what waits is bounded by the inboxes.
//  5. A subscriber apart owns no bytes here: its memory is its slot.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/stream_id.h"
#include "hub/cohort.h"
#include "hub/inbox.h"
#include "hub/record_source.h"
#include "hub/state_table.h"
#include "hub/transport.h"
#include "metrics/registry.h"

namespace livetape::hub {

// Where a subscription begins.
struct Resume {
  uint64_t after = 0;      // the last record that the subscriber has, at most the head
  std::string gap_reason;  // "expired", "unknown_epoch", "malformed", "future"; or empty
  std::string requested;   // the cursor as the client sent it, for the gap event
};

class Shard {
 public:
  struct Options {
    std::chrono::milliseconds heartbeat{15'000};
  };

  // `wake` may be called by any thread and makes the owner call DoWork soon. References outlive
  // the shard.
  Shard(Options options, const RecordSource& records, Transport& transport,
        const base::Clock& clock, metrics::Registry& metrics, std::function<void()> wake);
  ~Shard();
  Shard(const Shard&) = delete;
  Shard& operator=(const Shard&) = delete;

  // Before work starts: the inbox of one more writing thread. Lives as long as the shard.
  Inbox& AddInbox();
  // Any thread: there is a new record, or something new in an inbox.
  void Wake();
  // Writers: there are streams that want every update at once, not at the next window.
  bool eager() const { return eager_.load(std::memory_order_relaxed) > 0; }

  // Does a bounded piece of what there is to do; true when there is more.
  bool DoWork();
  // Sends heartbeats that are due. To be called a few times per heartbeat.
  void SendHeartbeats();

  // Adds a subscriber and returns the bytes that open its stream: `greeting` (called with the
  // id of its position), the gap if any, the current state, the first records to replay.
  std::string Subscribe(base::StreamId stream, StreamSpec spec, const Resume& resume,
                        const std::function<std::string(std::string_view id)>& greeting);
  // The stream's socket has taken all it was given.
  void OnWritable(base::StreamId stream);
  // The stream is gone.
  void OnClosed(base::StreamId stream);
  // Ends every stream with a `drain` event; `after_ms` and the `retry:` of each come from
  // `retry_ms`.
  void Drain(const std::function<long long()>& retry_ms);

  // Takes in what has arrived, without sending, so that `table` is as new as can be.
  void Refresh();
  const StateTable& table() const { return table_; }
  size_t subscribers() const { return subscribers_; }
  size_t cohorts() const { return cohorts_.size(); }
  uint64_t cursor() const { return cursor_; }

 private:
  enum class Phase : uint8_t {
    kFree,     // no subscriber in this slot
    kMember,   // of its cohort
    kWaiting,  // apart, until its socket takes more
    kReady,    // apart, to be served
    kGone,     // broken; OnClosed follows
  };
  struct Subscriber {
    base::StreamId stream;
    Cohort* cohort = nullptr;
    uint64_t cursor = 0;       // while apart: the last record sent
    uint64_t stamp = 0;        // while apart: state up to here has been sent
    uint64_t events_seen = 0;  // while apart: Cohort::state_events up to here have been sent
    uint32_t place = 0;        // while a member
    Phase phase = Phase::kFree;
  };
  // One frame on its way to the members of a cohort, in slices.
  struct Flush {
    Cohort* cohort = nullptr;
    base::ChunkFrame frame = {};
    size_t next = 0, end = 0;  // places still to be served
    uint64_t events = 0;
    // What a member has been sent before and after this flush.
    uint64_t cursor_before = 0, cursor_after = 0;
    uint64_t stamp_before = 0, stamp_after = 0;
    uint64_t seen_before = 0, seen_after = 0;
  };
  struct Writer {
    Inbox inbox;
    std::optional<StateUpdate> held;  // waits for its record to be read
  };
  // An update of this turn, for the cohorts that want each.
  struct Change {
    StateTable::Index index;
    base::SharedBytes value;
    uint64_t stamp;
    bool minor;
  };

  // shard.cc: the turn.
  void ReadRecords();
  void FallenBehind();
  bool DrainInboxes();
  bool DrainInbox(Writer& writer);
  void ApplyUpdate(const StateUpdate& update);
  void CutWindows(uint64_t tick);
  void FlushWindow(Cohort& cohort);
  void FlushChanges();
  void BeginFlush(std::deque<Flush>& queue, Flush flush, std::string_view body);
  void RunSlice(std::deque<Flush>& queue, bool records);
  std::string EventId(uint64_t seq) const;

  // shard_catch_up.cc: subscribers apart.
  Subscriber& At(base::StreamId stream);
  void Leave(Subscriber& subscriber, const Flush& flush, bool records, base::SendOutcome outcome);
  void SetPhase(Subscriber& subscriber, Phase phase);
  bool ServeReady();
  void CatchUp(Subscriber& subscriber);
  bool AppendRecords(const Cohort& cohort, uint64_t& cursor, std::string& body);
  bool AppendState(Cohort& cohort, uint64_t& stamp, std::string& body, uint64_t& events);
  void AppendGap(const Cohort& cohort, std::string_view reason, std::string_view requested,
                 uint64_t resumed_at, std::string& body);
  void JoinOrWait(Subscriber& subscriber);
  void Forget(Subscriber& subscriber);
  Cohort& CohortOf(StreamSpec spec);
  void DropIfUnused(Cohort& cohort);

  const Options options_;
  const RecordSource& records_;
  Transport& transport_;
  const base::Clock& clock_;
  const std::function<void()> wake_;
  std::atomic<bool> wake_pending_ = false;
  std::atomic<int> eager_ = 0;

  std::deque<Writer> writers_;
  StateTable table_;
  uint64_t cursor_;         // the last record read
  uint64_t last_tick_ = 0;  // the last window cut
  base::MonoTime last_cut_{};
  bool state_is_owed_ = false;  // records have had a whole round: something else goes next
  std::map<std::string, std::unique_ptr<Cohort>> cohorts_;
  std::vector<Subscriber> by_slot_;
  size_t subscribers_ = 0;
  std::deque<base::StreamId> ready_;
  std::deque<Flush> record_flushes_, state_flushes_;
  std::vector<Change> changes_;  // of this turn

  // Scratch, kept for its memory.
  std::vector<RecordView> batch_;
  std::vector<StateTable::Index> gathered_;
  std::vector<base::StreamId> slice_;
  std::vector<base::SendOutcome> outcomes_;
  std::string body_, fragment_;

  struct Metrics {
    explicit Metrics(metrics::Registry& registry);
    metrics::Counter &updates_in, &stale_updates, &records_in, &events_out, &flushes,
        &windows_skipped, &fell_behind, &slow_told, &gaps_told;
    metrics::Gauge &subscribers, &apart, &cohorts, &keys;
  };
  Metrics metrics_;
};

}  // namespace livetape::hub
